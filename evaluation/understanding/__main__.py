"""Measures the current model on labelled messages; exits 1 below a floor, 2 when it cannot measure."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from evaluation.labels import Label, read_labels
from evaluation.located_yaml import ContentError
from evaluation.places import PROJECT_ROOT, PlaceError, held_out_folder, report_folder
from evaluation.understanding.messages import Message, MessagesError, read_messages
from evaluation.understanding.model import ModelError, load_parse, newest_model, training_seconds
from evaluation.understanding.pictures import confusion_svg, reliability_svg
from evaluation.understanding.predictions import Parse, Prediction, PredictionError, predict, write_predictions
from evaluation.understanding.report import Report, make_report, report_lines, write_json
from evaluation.understanding.scoring import Judged, judge

DEFAULT_MESSAGES = "dev_messages.jsonl"


def main(arguments: Sequence[str] | None = None, load: Callable[[Path], Parse] = load_parse) -> int:
    """Measure the understanding of messages.

    Args:
        arguments: the command line, without the program's name.
        load: loads a model.

    Returns:
        The exit code: 0 floors reached or predictions written, 1 below a floor, 2 nothing could be measured.
    """
    options = _parser().parse_args(arguments)
    try:
        return _measure(options, load)
    except (ContentError, PlaceError, MessagesError, ModelError, PredictionError, OSError) as error:
        print(f"Nothing was measured: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.understanding", description=__doc__)
    parser.add_argument("--messages", type=Path, help="JSON lines with a text, and a label where there is one")
    parser.add_argument("--model", type=Path, help="the model to measure; the newest in models/ when left out")
    parser.add_argument("--predictions", type=Path, help="write the predictions there and measure nothing")
    parser.add_argument("--no-examples", action="store_true", help="show no messages beside the confusions")
    return parser


def _measure(options: argparse.Namespace, load: Callable[[Path], Parse]) -> int:
    labels = read_labels(PROJECT_ROOT / "data" / "labels.yml")
    path = options.messages or _default_messages()
    messages = read_messages(path, labels)
    model = options.model or newest_model(PROJECT_ROOT / "models")
    predictions = predict(load(model), [message.text for message in messages])
    out = options.predictions or report_folder() / "predictions.jsonl"
    write_predictions(out, predictions)
    print(f"Model {model.name}, {len(messages)} messages of {path.name}; predictions in {out}.")
    if options.predictions or messages[0].label is None:
        return 0
    cases = _judged(messages, predictions, labels)
    report = make_report(cases, predictions, training_seconds(model))
    print("\n".join(report_lines(report, examples=not options.no_examples)))
    _write_report(report, cases, model, path)
    return 0 if report.reaches_floors else 1


def _default_messages() -> Path:
    folder = held_out_folder(PROJECT_ROOT)
    if folder is None:
        raise PlaceError("There are no messages beside the project; name a file with --messages or set EVALUATION_DIR.")
    return folder / DEFAULT_MESSAGES


def _judged(messages: Sequence[Message], predictions: Sequence[Prediction], labels: dict[str, Label]) -> list[Judged]:
    unknown = sorted({prediction.label for prediction in predictions} - labels.keys())
    if unknown:
        raise PredictionError(f"The model predicts {', '.join(unknown)}, which data/labels.yml does not have.")
    return judge(messages, predictions, labels)


def _write_report(report: Report, cases: Sequence[Judged], model: Path, messages: Path) -> None:
    folder = report_folder()
    write_json(report, model.name, messages.name, folder / "understanding.json")
    reliability = reliability_svg(report.bins, report.calibration_error)
    (folder / "reliability.svg").write_text(reliability, encoding="utf-8")
    totals = dict(Counter(case.label.name for case in cases))
    (folder / "confusions.svg").write_text(confusion_svg(report.confusions, totals), encoding="utf-8")
    print(f"\nPictures and figures in {folder}: understanding.json, reliability.svg, confusions.svg.")
    print("Every floor is reached." if report.reaches_floors else "BELOW FLOOR: see the table.")


if __name__ == "__main__":
    sys.exit(main())
