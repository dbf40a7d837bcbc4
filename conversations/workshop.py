"""Where candidates are made: the files of taught lines, the project with its models, and the programs that do the work.

Rooms do not import one another for it; training, checks and comparisons are run as programs.
"""

import contextlib
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from clinic.settings import PROJECT_ROOT, Settings
from conversations.taught_files import TaughtFiles

SECONDS_TO_NAME = 60.0
ARCHIVE = ".tar.gz"
# So the training calls the folder it works in (nlu/training.py); none takes longer than an hour.
UNFINISHED = ".training-*"
SECONDS_OF_A_TRAINING = 3_600.0


class ProgramError(RuntimeError):
    """A program failed. The message names it and its exit code; what it said may quote lines and is left out."""


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)


@dataclass(frozen=True)
class Programs:
    """The command of each program."""

    training: tuple[str, ...] = _module("nlu.training")
    """Gets `--project`, `--taught`, `--keep` and `--name-only` in addition; its last line is the model's path."""
    check: tuple[str, ...] = _module("evaluation.taught_lines")
    comparison: tuple[str, ...] = _module("evaluation.teaching")
    job: tuple[str, ...] = _module("conversations.teaching_job")
    """Gets the candidate's id in addition."""


@dataclass(frozen=True)
class Workshop:
    """All that making and promoting candidates needs besides the database."""

    files: TaughtFiles
    project: Path = PROJECT_ROOT
    programs: Programs = field(default_factory=Programs)

    @classmethod
    def of(cls, settings: Settings) -> "Workshop":
        """The workshop of an instance."""
        return cls(TaughtFiles(settings.taught_in_force.parent))

    def archive(self, model: str) -> Path:
        """Where the model of a name is, if it is there."""
        return self.project / "models" / f"{model}{ARCHIVE}"

    def training_command(self, taught: Path | None, *options: str) -> tuple[str, ...]:
        """The command that trains the project's model with these lines, or only names it."""
        lines = ("--taught", str(taught)) if taught else ()
        return (*self.programs.training, "--project", str(self.project), *lines, *options)

    def remove_unfinished(self) -> None:
        """Delete what trainings left that were killed: a copy of the lines, and half a model.

        Raises:
            OSError: it cannot be deleted.
        """
        for folder in (self.project / "models").glob(UNFINISHED):
            with contextlib.suppress(FileNotFoundError):  # its training, or another console, was faster
                if time.time() - folder.lstat().st_mtime > SECONDS_OF_A_TRAINING:
                    shutil.rmtree(folder)

    def model_name(self, taught: Path | None) -> str:
        """The name of the model that the project's present content and these lines give.

        Raises:
            ProgramError: it could not be found out.
        """
        command = self.training_command(taught, "--name-only")
        try:
            done = subprocess.run(
                command, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=SECONDS_TO_NAME, check=False
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            raise ProgramError(f"the current model could not be named ({type(error).__name__})") from error
        if done.returncode != 0:
            raise ProgramError(f"the current model could not be named (exit code {done.returncode})")
        return model_of(done.stdout)


def model_of(output: str) -> str:
    """The name of the model whose path is the last line of what the training said.

    Raises:
        ProgramError: it said nothing.
    """
    lines = output.strip().splitlines()
    if not lines:
        raise ProgramError("the training named no model")
    return Path(lines[-1].strip()).name.removesuffix(ARCHIVE)
