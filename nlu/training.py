"""`python -m nlu.training`: train a model when what it is made from has changed.

Wording of answers is not part of a model: the bot reads `data/responses/` when it runs. Lines that reviewers taught
are, where `--taught` names the file they are in.
"""

import argparse
import logging
import os
import sys
import tarfile
import tempfile
import time
import warnings
from pathlib import Path

from nlu.component_check import ComponentNeedsTensorFlowError, refuse_tensorflow_components
from nlu.import_stand_ins import is_installed
from nlu.model_files import (
    ARCHIVE,
    PROJECT_ROOT,
    current_model,
    fingerprint,
    remove_old_models,
    write_notes,
)

__all__ = ["current_model", "fingerprint", "main"]

NOT_CURRENT = 3


def main(arguments: list[str] | None = None) -> int:
    """Train if needed; the last line printed is the model's path."""
    options = _parser().parse_args(arguments)
    try:
        if not is_installed("tensorflow"):
            refuse_tensorflow_components(options.project / "config.yml")
        if options.taught is not None and not options.taught.is_file():
            raise TrainingLinesError(f"there is no file of taught lines at {options.taught}")
        return _train_if_needed(options)
    except (ComponentNeedsTensorFlowError, TrainingLinesError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


class TrainingLinesError(ValueError):
    """The taught lines cannot be trained with; the message is for the operator."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nlu.training", description="Train the model when its content changed."
    )
    parser.add_argument(
        "--check", action="store_true", help=f"only say whether it is current (exit {NOT_CURRENT} if not)"
    )
    parser.add_argument("--name-only", action="store_true", help="only say where the current model is, or would be")
    parser.add_argument("--force", action="store_true", help="train even when the model is current")
    parser.add_argument("--taught", type=Path, metavar="FILE", help="train with the taught lines in this file as well")
    parser.add_argument(
        "--keep", type=Path, metavar="FILE", help="a file with the names of models that stay, one on each line"
    )
    parser.add_argument("--project", type=Path, default=PROJECT_ROOT, help="the folder with data and models")
    return parser


def _train_if_needed(options: argparse.Namespace) -> int:
    project: Path = options.project.resolve()
    model = current_model(project, options.taught)
    shown = str(model.relative_to(project))
    if options.name_only or (model.exists() and not options.force):
        _say(shown)
        return 0
    if options.check:
        _say(f"no current model: {shown} is missing")
        return NOT_CURRENT
    _say("training the model ...")
    started = time.monotonic()
    _train(project, model, options.taught)
    seconds = time.monotonic() - started
    write_notes(model, seconds, options.taught)
    remove_old_models(model, _kept(options.keep))
    _say(f"trained in {seconds:.0f} s")
    _say(shown)
    return 0


def _kept(file: Path | None) -> frozenset[str]:
    return frozenset(file.read_text(encoding="utf-8").split()) if file is not None else frozenset()


def _train(project: Path, model: Path, taught: Path | None) -> None:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")  # a second copy of every trained part, never used again
    # Importing Rasa costs seconds that a current model need not pay.
    from rasa.model_training import train  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog(logging.WARNING)
    # Answers are no part of a model here, so that their wording changes without training.
    warnings.filterwarnings("ignore", message="Your training data contains an example")
    model.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=".training-") as folder:
        result = train(
            domain=str(project / "domain.yml"),
            config=str(project / "config.yml"),
            training_files=[str(_one_file(project, taught, Path(folder))), str(project / "data" / "rules")],
            output=folder,
            force_training=True,
            fixed_model_name=model.name.removesuffix(ARCHIVE),
        )
        if result.model is None:
            raise RuntimeError(f"training ended without a model (code {result.code})")
        _require_understanding(Path(result.model))
        Path(result.model).replace(model)


def _require_understanding(archive: Path) -> None:
    """Rasa trains rules alone, and says nothing, when it takes none of its files for training lines."""
    with tarfile.open(archive) as opened:
        if not any(name.endswith("label_model.json") for name in opened.getnames()):
            raise RuntimeError("the model was trained without the training lines of data/nlu")


def _one_file(project: Path, taught: Path | None, folder: Path) -> Path:
    """All training lines in one file: Rasa compares every line with every file it has read before."""
    files = [*sorted((project / "data" / "nlu").glob("*.yml")), *([taught] if taught is not None else [])]
    lines = []
    for path in files:
        _, found, of_file = path.read_text(encoding="utf-8").partition("\nnlu:\n")
        if not found:
            raise TrainingLinesError(f"{path} has no `nlu:` line of its own")
        lines.append(of_file if of_file.endswith("\n") else f"{of_file}\n")
    file = folder / "nlu.yml"
    file.write_text('version: "3.1"\nnlu:\n' + "".join(lines), encoding="utf-8")
    return file


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
