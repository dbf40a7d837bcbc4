"""`python -m launcher train`: train what the next start would train, and show no more of it than a start does."""

import time

from clinic.settings import Settings
from launcher.carrying_out import carry_out
from launcher.family import Family
from launcher.logs import LogFolder
from launcher.programs import Limits, Programs
from launcher.screen import Screen
from launcher.set_up_steps import SetUpStep
from launcher.stopping import StopRequest
from launcher.trouble import LauncherError

SECONDS_BETWEEN_LOOKS = 0.1


def train(programs: Programs | None = None, limits: Limits | None = None) -> int:
    """Train the model where it is not current, with what reviewers taught this instance.

    Returns:
        0 when the model is current, 1 when there is none or the operator stopped it; why is on the screen in one line,
        all that the training said in its log.
    """

    def work(settings: Settings, screen: Screen) -> None:
        _train(settings, programs or Programs(), limits or Limits(), screen)

    return carry_out(work)


def _train(settings: Settings, programs: Programs, limits: Limits, screen: Screen) -> None:
    step = SetUpStep("Training", "training", programs.training_with(settings), LogFolder(settings.var_dir), screen)
    began = time.monotonic()
    with Family(limits.grace) as family:
        stop = StopRequest(at_once=family.kill_all)
        step.start(family)
        while not step.finished:
            if stop.requested:
                raise LauncherError("The training was ended; the models are those from before.")
            step.look()
            screen.show_progress(f"  Training ... {time.monotonic() - began:.0f} s")
            time.sleep(SECONDS_BETWEEN_LOOKS)
    screen.say("The model is current.")
