"""Where the measuring commands find the project, the held-out messages, and the place for their reports."""

import os
from collections.abc import Mapping
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class PlaceError(ValueError):
    """A folder or file that a command was pointed at is not there; the message is meant for whoever runs it."""


def held_out_folder(project: Path, environ: Mapping[str, str] | None = None) -> Path | None:
    """The folder of held-out messages that no training line may repeat.

    Args:
        project: the folder of the project.
        environ: the variables to read, the process environment when left out. `EVALUATION_DIR` names the folder;
            without it the folder is `../shared/eval` beside the project.

    Returns:
        The folder, or None when `EVALUATION_DIR` is not set and there is none beside the project.

    Raises:
        PlaceError: `EVALUATION_DIR` names a folder that does not exist.
    """
    named = (os.environ if environ is None else environ).get("EVALUATION_DIR")
    if named:
        folder = Path(named)
        if not folder.is_dir():
            raise PlaceError(f"EVALUATION_DIR is '{named}', which is no folder.")
        return folder
    beside = project.parent / "shared" / "eval"
    return beside if beside.is_dir() else None


def report_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder for reports, made when missing: `evaluation` in VAR_DIR, or in `var` of the project."""
    named = (os.environ if environ is None else environ).get("VAR_DIR") or "var"
    folder = PROJECT_ROOT / named / "evaluation"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
