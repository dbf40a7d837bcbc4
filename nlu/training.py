"""`python -m nlu.training`: train a model when what it is made from has changed.

A model is named after the content it was trained on, so a name says whether it is current. Wording of answers is not
part of a model: the bot reads `data/responses/` when it runs.
"""

import argparse
import hashlib
import json
import logging
import os
import sys
import tarfile
import tempfile
import time
import warnings
from pathlib import Path

from nlu.component_check import ComponentNeedsTensorFlowError, refuse_tensorflow_components
from nlu.tensorflow_stand_ins import is_installed

PROJECT_ROOT = Path(__file__).resolve().parent.parent
MODELS = PROJECT_ROOT / "models"
NLU_FOLDER = PROJECT_ROOT / "data" / "nlu"
TRAINED_ON = ("data/nlu", "data/rules", "domain.yml", "config.yml", "nlu", "requirements.lock")
NOT_CURRENT = 3
MODELS_KEPT = 3


def fingerprint(root: Path = PROJECT_ROOT) -> str:
    """Sixteen hexadecimal digits that change with any file a model depends on."""
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(str(path.relative_to(root)).encode("utf-8"))
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def current_model(root: Path = PROJECT_ROOT) -> Path:
    """Where the model of the present content is, or would be."""
    return root / "models" / f"{fingerprint(root)}.tar.gz"


def main(arguments: list[str] | None = None) -> int:
    """Train if needed; the last line printed is the model's path."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.training", description="Train the model when its content changed."
    )
    parser.add_argument(
        "--check", action="store_true", help=f"only say whether it is current (exit {NOT_CURRENT} if not)"
    )
    parser.add_argument("--force", action="store_true", help="train even when the model is current")
    options = parser.parse_args(arguments)
    try:
        if not is_installed("tensorflow"):
            refuse_tensorflow_components(PROJECT_ROOT / "config.yml")
    except ComponentNeedsTensorFlowError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    model = current_model()
    if model.exists() and not options.force:
        _say(str(model.relative_to(PROJECT_ROOT)))
        return 0
    if options.check:
        _say(f"no current model: {model.relative_to(PROJECT_ROOT)} is missing")
        return NOT_CURRENT
    _say("training the model ...")
    started = time.monotonic()
    _train(model)
    seconds = time.monotonic() - started
    model.with_suffix("").with_suffix(".json").write_text(json.dumps({"training_seconds": round(seconds, 1)}))
    _remove_old_models(model)
    _say(f"trained in {seconds:.0f} s")
    _say(str(model.relative_to(PROJECT_ROOT)))
    return 0


def _files(root: Path) -> list[Path]:
    found: list[Path] = []
    for place in TRAINED_ON:
        path = root / place
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [file for file in inside if file.is_file() and "__pycache__" not in file.parts]
    return found


def _train(model: Path) -> None:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")  # a second copy of every trained part, never used again
    # Importing Rasa costs seconds that a current model need not pay.
    from rasa.model_training import train  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog(logging.WARNING)
    # Answers are no part of a model here, so that their wording changes without training.
    warnings.filterwarnings("ignore", message="Your training data contains an example")
    MODELS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODELS, prefix=".training-") as folder:
        result = train(
            domain=str(PROJECT_ROOT / "domain.yml"),
            config=str(PROJECT_ROOT / "config.yml"),
            training_files=[str(_one_file(Path(folder))), str(PROJECT_ROOT / "data" / "rules")],
            output=folder,
            force_training=True,
            fixed_model_name=model.name.removesuffix(".tar.gz"),
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


def _one_file(folder: Path) -> Path:
    """All training lines in one file: Rasa compares every line with every file it has read before."""
    parts = [path.read_text(encoding="utf-8").partition("\nnlu:\n") for path in sorted(NLU_FOLDER.glob("*.yml"))]
    if not all(found for _, found, _ in parts):
        raise ValueError(f"a file in {NLU_FOLDER.relative_to(PROJECT_ROOT)} has no `nlu:` line of its own")
    file = folder / "nlu.yml"
    file.write_text('version: "3.1"\nnlu:\n' + "".join(lines for _, _, lines in parts), encoding="utf-8")
    return file


def _remove_old_models(newest: Path) -> None:
    others = [path for path in MODELS.glob("*.tar.gz") if path != newest]
    for path in sorted(others, key=lambda file: file.stat().st_mtime, reverse=True)[MODELS_KEPT - 1 :]:
        path.unlink()
        path.with_suffix("").with_suffix(".json").unlink(missing_ok=True)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
