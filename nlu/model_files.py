"""Where models are, what they are called, and which of them are kept.

A model is named after the content it was trained on, so a name says whether it is current.
"""

import hashlib
import json
from collections.abc import Collection
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
TRAINED_ON = ("data/nlu", "data/rules", "domain.yml", "config.yml", "nlu", "requirements.lock")
ARCHIVE = ".tar.gz"
DIGITS_OF_A_NAME = 16
MODELS_KEPT = 3


def fingerprint(root: Path = PROJECT_ROOT, taught: Path | None = None) -> str:
    """Sixteen hexadecimal digits that change with any file a model depends on.

    Args:
        root: the folder of the project.
        taught: a file of lines that reviewers taught; what counts is what it says, not where it is.

    Raises:
        OSError: a file cannot be read.
    """
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(str(path.relative_to(root)).encode("utf-8"))
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    if taught is not None:
        digest.update(b"taught")
        digest.update(hashlib.sha256(taught.read_bytes()).digest())
    return digest.hexdigest()[:DIGITS_OF_A_NAME]


def current_model(root: Path = PROJECT_ROOT, taught: Path | None = None) -> Path:
    """Where the model of the present content is, or would be. Raises OSError where a file cannot be read."""
    return root / "models" / f"{fingerprint(root, taught)}{ARCHIVE}"


def write_notes(model: Path, seconds: float, taught: Path | None) -> None:
    """Note beside the model how long training took and, where lines were taught, the digest of their file."""
    notes: dict[str, object] = {"training_seconds": round(seconds, 1)}
    if taught is not None:
        notes["taught"] = hashlib.sha256(taught.read_bytes()).hexdigest()[:DIGITS_OF_A_NAME]
    _notes_of(model).write_text(json.dumps(notes), encoding="utf-8")


def remove_old_models(newest: Path, kept: Collection[str] = ()) -> None:
    """Delete all models of the folder but the newest three.

    Args:
        newest: the model just trained.
        kept: names of models, without suffix, that stay in any case and do not count.
    """
    others = [path for path in newest.parent.glob(f"*{ARCHIVE}") if path != newest and _name_of(path) not in kept]
    for path in sorted(others, key=lambda file: file.stat().st_mtime, reverse=True)[MODELS_KEPT - 1 :]:
        path.unlink()
        _notes_of(path).unlink(missing_ok=True)


def _name_of(model: Path) -> str:
    return model.name.removesuffix(ARCHIVE)


def _notes_of(model: Path) -> Path:
    return model.with_name(f"{_name_of(model)}.json")


def _files(root: Path) -> list[Path]:
    found: list[Path] = []
    for place in TRAINED_ON:
        path = root / place
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [file for file in inside if file.is_file() and "__pycache__" not in file.parts]
    return found
