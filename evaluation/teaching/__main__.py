"""Compares a candidate model with the one in force; exits 2 when it cannot."""

import argparse
import gc
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaluation.labels import Label, read_labels
from evaluation.located_yaml import ContentError
from evaluation.places import PROJECT_ROOT, PlaceError, held_out_folder
from evaluation.teaching.comparison import Pair, SetComparison, compare
from evaluation.teaching.message_sets import (
    HELD_OUT,
    OWN_MESSAGES,
    HeldOut,
    MessageSet,
    read_held_out,
    read_own,
    read_taught,
)
from evaluation.teaching.promotion_gate import TITLES, refusals
from evaluation.understanding.messages import MessagesError
from evaluation.understanding.model import ModelError, load_parse
from evaluation.understanding.predictions import Parse, Prediction, PredictionError, predict


def main(arguments: Sequence[str] | None = None, load: Callable[[Path], Parse] = load_parse) -> int:
    """Compare two models.

    Args:
        arguments: the command line, without the program's name.
        load: loads a model.

    Returns:
        The exit code: 0 compared (whatever came of it), 2 nothing could be compared.
    """
    options = _parser().parse_args(arguments)
    try:
        _compare(options, load)
    except (ContentError, PlaceError, MessagesError, ModelError, PredictionError, KeyError, OSError) as error:
        print(f"Nothing was compared: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.teaching", description=__doc__)
    parser.add_argument("before", type=Path, help="the model in force")
    parser.add_argument("after", type=Path, help="the candidate")
    parser.add_argument("--taught", type=Path, help="the taught lines as JSON lines with id, text and label")
    parser.add_argument("--messages", type=Path, default=OWN_MESSAGES, help="the comparison messages")
    parser.add_argument("--output", type=Path, required=True, help="where the comparison is written as JSON")
    return parser


def _compare(options: argparse.Namespace, load: Callable[[Path], Parse]) -> None:
    labels = read_labels(PROJECT_ROOT / "data" / "labels.yml")
    held_out = _held_out(labels)
    sets = [
        read_own(labels, options.messages),
        *([MessageSet(HELD_OUT, held_out.messages)] if held_out and held_out.messages else []),
        *([read_taught(options.taught, labels)] if options.taught else []),
    ]
    filled = [each for each in sets if each.messages]
    before, after = (_predictions(load, model, filled) for model in (options.before, options.after))
    compared = [
        compare(each, earlier, later, labels, shown=each.name != HELD_OUT)
        for each, earlier, later in zip(filled, before, after, strict=True)
    ]
    options.output.write_text(json.dumps(_content(options, compared, held_out)), encoding="utf-8")
    print("\n".join(_shown(compared)))


def _held_out(labels: dict[str, Label]) -> HeldOut | None:
    folder = held_out_folder(PROJECT_ROOT)
    return None if folder is None else read_held_out(folder, labels)


def _predictions(load: Callable[[Path], Parse], model: Path, sets: Sequence[MessageSet]) -> list[list[Prediction]]:
    texts = [message.text for each in sets for message in each.messages]
    found = iter(predict(load(model), texts))
    gc.collect()  # a loaded model is full of cycles, and the next one is about to be loaded beside it
    return [[next(found) for _ in each.messages] for each in sets]


def _content(
    options: argparse.Namespace, compared: Sequence[SetComparison], held_out: HeldOut | None
) -> dict[str, Any]:
    return {
        "before": options.before.name,
        "after": options.after.name,
        "sets": [asdict(each) for each in compared],
        "held_out": None
        if held_out is None
        else {"messages": len(held_out.messages), "skipped": held_out.files_skipped},
        "refusals": refusals(compared),
    }


def _shown(compared: Sequence[SetComparison]) -> list[str]:
    rows = [f"{'':<28}{'messages':>9}{'right before':>14}{'right after':>13}{'danger before':>15}{'danger after':>14}"]
    for each in compared:
        rows.append(f"{TITLES[each.name]:<28}{each.right.total:>9}{_counts(each.right, 14)}{_counts(each.safety, 15)}")
    reasons = refusals(compared)
    return [*rows, "", *(reasons or ["May be promoted."])]


def _counts(pair: Pair, width: int) -> str:
    return f"{pair.before:>{width}}{pair.after:>{width - 1}}"


if __name__ == "__main__":
    sys.exit(main())
