"""Loading the trained model the way the bot does, on one core."""

import json
import os
from pathlib import Path
from typing import Any

from channels.log_output import configure_logging
from channels.typed_text import parse_typed_text
from evaluation.understanding.predictions import Parse

# Read by the numeric libraries when they are first imported, so they are set before Rasa is.
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM")


class ModelError(RuntimeError):
    """There is no model to measure, or it cannot be loaded; the message is meant for whoever runs the command."""


def newest_model(folder: Path) -> Path:
    """The model trained last on the project's own lines; models with taught lines are an instance's, not the project's.

    Raises:
        ModelError: the folder holds none, or a file beside a model is malformed.
    """
    own = (path for path in folder.glob("*.tar.gz") if "taught" not in _notes(path))
    models = sorted(own, key=lambda path: (path.stat().st_mtime, path.name))
    if not models:
        raise ModelError(f"There is no model in {folder}; train one with: python -m nlu.training")
    return models[-1]


def training_seconds(model: Path) -> float | None:
    """How long the model took to train, from the JSON file beside it; None when nobody noted it.

    Raises:
        ModelError: the file beside the model is malformed.
    """
    seconds = _notes(model).get("training_seconds")
    try:
        return None if seconds is None else float(seconds)
    except (ValueError, TypeError) as error:
        raise ModelError(f"{_notes_file(model)} does not say the training seconds as a number.") from error


def _notes(model: Path) -> dict[str, Any]:
    """What training noted beside the model; nothing where there is no such file."""
    path = _notes_file(model)
    if not path.exists():
        return {}
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        return {**noted}
    except (ValueError, TypeError) as error:
        raise ModelError(f"{path} does not say the training seconds as a number.") from error


def _notes_file(model: Path) -> Path:
    return model.with_name(f"{model.name.removesuffix('.tar.gz')}.json")


def use_one_core() -> None:
    """Bind this process to one core, so that a time per message means the same on every machine."""
    for name in THREAD_SETTINGS:
        os.environ[name] = "false" if name == "TOKENIZERS_PARALLELISM" else "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def load_parse(model: Path) -> Parse:
    """The way of a visitor's text through the model, loaded as the bot loads it.

    Raises:
        ModelError: Rasa could not load the model.
    """
    if not model.is_file():
        raise ModelError(f"There is no model at {model}.")
    use_one_core()
    # Rasa's own logging prints every message, and held-out messages must not be read while they are measured.
    configure_logging()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # Only now, since it takes seconds and reads the thread settings.
    from rasa.core.agent import Agent  # noqa: PLC0415

    agent = Agent.load(str(model))
    if not agent.is_ready():
        raise ModelError(f"Rasa could not load {model}.")

    async def parse(text: str) -> dict[str, Any]:
        return await parse_typed_text(agent, text)

    return parse
