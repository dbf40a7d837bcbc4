"""The programs an instance consists of, and what is allowed to them."""

import signal
import sys
from dataclasses import dataclass, field

from clinic.settings import Settings
from launcher.restarts import RestartPolicy


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)


NO_LINK_NEEDED = 3


@dataclass(frozen=True)
class Programs:
    """The command of each program."""

    training: tuple[str, ...] = _module("nlu.training")
    """Prints its progress, and as its last line the path of the model."""
    migration: tuple[str, ...] = _module("clinic.migrate")
    actions: tuple[str, ...] = _module("actions.serve")
    bot: tuple[str, ...] = _module("channels.serve")
    """Gets `--model PATH` in addition."""
    console: tuple[str, ...] = _module("console.serve")
    first_link: tuple[str, ...] = (*_module("console.accounts"), "first-link")
    """Prints the link by which the first account is made, and ends with `NO_LINK_NEEDED` where there is an account."""

    def training_with(self, settings: Settings) -> tuple[str, ...]:
        """The training with what reviewers taught this instance, and without deleting the models it may go back to."""
        options = {"--taught": settings.taught_in_force, "--keep": settings.models_kept}
        there = [(name, str(path)) for name, path in options.items() if path.is_file()]
        return (*self.training, *(part for option in there for part in option))


@dataclass(frozen=True)
class Limits:
    """How long, in seconds, and how often."""

    ready: float = 180.0
    """From the bot's start until it is ready for visitors."""
    grace: float = 10.0
    """For all programs together to end when asked to; they are killed afterwards."""
    restarts: RestartPolicy = field(default_factory=RestartPolicy)


def ending(exit_code: int) -> str:
    """How a program ended, in words, from its exit code (negative: the signal that ended it)."""
    if exit_code >= 0:
        return f"exit code {exit_code}"
    known = {int(number): number.name for number in signal.Signals}
    hint = ", often for want of memory" if -exit_code == signal.SIGKILL else ""
    return f"ended by {known.get(-exit_code, f'signal {-exit_code}')}{hint}"
