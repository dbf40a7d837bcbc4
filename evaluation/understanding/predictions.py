"""What the model makes of each message, one after another, with the time each takes."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Parse = Callable[[str], Awaitable[dict[str, Any]]]
# Said once before the clock runs: the first message after a start also pays for what is loaded late.
WARM_UP = "hello"
ENTITY_FIELDS = ("entity", "value", "start", "end")


class PredictionError(RuntimeError):
    """The model answered in another shape than this project's understanding; the message says what is missing."""


@dataclass(frozen=True)
class Prediction:
    """The understanding of one message; `milliseconds` is the wall time of parsing it."""

    text: str
    label: str
    confidence: float
    second_label: str | None
    safety: str | None
    entities: tuple[dict[str, Any], ...]
    milliseconds: float


def predict(parse: Parse, texts: Sequence[str]) -> list[Prediction]:
    """Parse the texts in order, each finished before the next begins.

    Args:
        parse: the model's way from a text to parse data.
        texts: the messages.

    Raises:
        PredictionError: the parse data lack the understanding.
    """
    return asyncio.run(_predict_all(parse, texts))


def write_predictions(path: Path, predictions: Sequence[Prediction]) -> None:
    """Write one JSON object a line, in the order of the messages."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(prediction), ensure_ascii=False) + "\n" for prediction in predictions]
    path.write_text("".join(lines), encoding="utf-8")


async def _predict_all(parse: Parse, texts: Sequence[str]) -> list[Prediction]:
    await parse(WARM_UP)
    return [await _predict(parse, text) for text in texts]


async def _predict(parse: Parse, text: str) -> Prediction:
    started = time.perf_counter()
    parsed = await parse(text)
    milliseconds = (time.perf_counter() - started) * 1000
    understanding = parsed.get("understanding")
    if not isinstance(understanding, dict) or not {"label", "confidence"} <= understanding.keys():
        raise PredictionError(
            "The model's parse data have no `understanding` with label and confidence; train it anew."
        )
    return Prediction(
        text=text,
        label=str(understanding["label"]),
        confidence=float(understanding["confidence"]),
        second_label=understanding.get("second_label"),
        safety=understanding.get("safety"),
        entities=tuple({field: entity.get(field) for field in ENTITY_FIELDS} for entity in parsed.get("entities", [])),
        milliseconds=round(milliseconds, 3),
    )
