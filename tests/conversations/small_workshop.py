"""A workshop whose programs are stand-ins, and what they did."""

import sys
from pathlib import Path

from conversations.taught_files import TaughtFiles
from conversations.workshop import Programs, Workshop
from tests.conversations.stand_in_programs import REFUSED_WORD

__all__ = ["REFUSED_WORD", "runs", "small_workshop", "write"]

PROGRAMS = Path(__file__).with_name("stand_in_programs.py")


def small_workshop(folder: Path) -> Workshop:
    """A workshop in which these programs work."""
    (folder / "project" / "models").mkdir(parents=True, exist_ok=True)
    project = folder / "project"
    write(project, "content", "one")

    def command(name: str) -> tuple[str, ...]:
        return (sys.executable, "-I", "-S", str(PROGRAMS), name, str(project))

    programs = Programs(command("training"), command("check"), command("comparison"), command("job"))
    return Workshop(TaughtFiles(folder / "teaching"), project, programs)


def write(project: Path, name: str, text: str) -> None:
    """Tell the programs something."""
    (project / name).write_text(text)


def runs(workshop: Workshop) -> list[str]:
    """Which programs ran, in order."""
    path = workshop.project / "runs"
    return path.read_text().split() if path.exists() else []
