"""Checks lines that reviewers want to teach: `python -m evaluation.taught_lines FILE --output RESULT`.

Each line of FILE is a JSON object with `id`, `text` and `label`, perhaps `label_before`; those with `known` are taught
already and only compared with. RESULT says of every other line why it is refused, or what to weigh before its release.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluation.data_check.content import TrainingLine
from evaluation.data_check.held_out_lines import repeated_pairs
from evaluation.data_check.reading_content import read_held_out_lines, read_training_lines
from evaluation.data_check.text_similarity import normalised, similar_across, trigrams
from evaluation.labels import SAFETY_PREFIX, read_labels
from evaluation.located_yaml import ContentError
from evaluation.places import PROJECT_ROOT, PlaceError, held_out_folder
from evaluation.teaching.message_sets import read_own
from evaluation.understanding.messages import MessagesError
from nlu.safety_phrases import shared_safety_phrases
from nlu.text_cleaning import clean_text

NEARLY_THE_SAME = 0.9
MOST_WARNINGS = 5
DANGER_REFUSAL = "Its words name a danger. Such a message can never be taught to be harmless."
HELD_OUT_REFUSAL = "It is, or nearly is, one of the messages that the assistant is measured with."
OWN_REFUSAL = "It is, or nearly is, one of the messages that models are compared with."
REPEATED_WARNING = "A training line says the same already, under the same label."
SAFETY_WARNING = "The assistant took this for urgent. Release it only if nobody could need help who writes so."


class LinesError(ValueError):
    """The file of lines is malformed."""


@dataclass(frozen=True)
class Line:
    """A line to check, or one that is taught already."""

    id: str
    text: str
    label: str
    label_before: str
    known: bool


@dataclass(frozen=True)
class Verdict:
    """Why a line is refused, or None, and what the person who releases it should weigh."""

    refusal: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What lines are checked against. `held_out` is None where there are no held-out messages at hand."""

    training: tuple[TrainingLine, ...]
    own: tuple[str, ...]
    held_out: tuple[str, ...] | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the lines; returns 0, or 2 when they could not be checked."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.taught_lines", description=__doc__)
    parser.add_argument("lines", type=Path, help="the lines, as JSON lines")
    parser.add_argument("--output", type=Path, required=True, help="where the result is written as JSON")
    options = parser.parse_args(arguments)
    try:
        lines, known = _read_lines(options.lines), _read_known()
    except (ContentError, PlaceError, MessagesError, LinesError, OSError) as error:
        print(f"Nothing was checked: {error}", file=sys.stderr)
        return 2
    result = check(lines, known)
    counted = None if known.held_out is None else len(known.held_out)
    verdicts = {line_id: asdict(verdict) for line_id, verdict in result.items()}
    options.output.write_text(json.dumps({"held_out": counted, "lines": verdicts}), encoding="utf-8")
    refused = sum(verdict.refusal is not None for verdict in result.values())
    to_weigh = sum(bool(verdict.warnings) for verdict in result.values())
    print(f"Checked {len(result)} lines: {refused} refused, {to_weigh} to weigh.")
    if counted is None:
        print("SKIPPED: there are no held-out messages here; set EVALUATION_DIR to compare with them.")
    return 0


def check(lines: Sequence[Line], known: Known) -> dict[str, Verdict]:
    """What is to be said of each line that is not known, by its id."""
    asked = [line for line in lines if not line.known]
    texts = [normalised(line.text) for line in asked]
    held_out = _repeating(known.held_out or (), texts)
    own = _repeating(known.own, texts)
    warnings = _warnings(asked, texts, known.training, [line for line in lines if line.known])
    verdicts = {}
    for place, line in enumerate(asked):
        refusal = _danger_refusal(line)
        if refusal is None and place in held_out:
            refusal = HELD_OUT_REFUSAL
        if refusal is None and place in own:
            refusal = OWN_REFUSAL
        verdicts[line.id] = Verdict(refusal, (*_danger_warnings(line), *warnings[place][:MOST_WARNINGS]))
    return verdicts


def _read_lines(path: Path) -> list[Line]:
    try:
        rows = [json.loads(row) for row in path.read_text(encoding="utf-8").split("\n") if row.strip()]
        return [
            Line(row["id"], row["text"], row["label"], row.get("label_before", ""), row.get("known", False))
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LinesError(f"{path.name} is no file of lines.") from error


def _read_known() -> Known:
    folder = held_out_folder(PROJECT_ROOT)
    labels = read_labels(PROJECT_ROOT / "data" / "labels.yml")
    return Known(
        training=read_training_lines(PROJECT_ROOT),
        own=tuple(message.text for message in read_own(labels).messages),
        held_out=None if folder is None else tuple(line.text for line in read_held_out_lines(folder)),
    )


def _repeating(known: Sequence[str], texts: Sequence[str]) -> set[int]:
    return {place for _, place in repeated_pairs([normalised(text) for text in known], texts)}


def _danger_refusal(line: Line) -> str | None:
    """What the safety phrases catch stays danger, whatever anybody teaches."""
    found = shared_safety_phrases().find(clean_text(line.text))
    if found is None or line.label.startswith(SAFETY_PREFIX):
        return None
    return DANGER_REFUSAL


def _danger_warnings(line: Line) -> Iterator[str]:
    if line.label_before.startswith(SAFETY_PREFIX) and not line.label.startswith(SAFETY_PREFIX):
        yield SAFETY_WARNING


def _warnings(
    asked: Sequence[Line], texts: Sequence[str], training: Sequence[TrainingLine], taught: Sequence[Line]
) -> Mapping[int, list[str]]:
    """For each place of `asked`, the lines of other labels that say the same, and whether it stands there already."""
    others = [
        *((line.label, line.text, "") for line in training),
        *((line.label, line.text, line.id) for line in taught),
    ]
    warnings: dict[int, list[str]] = {place: [] for place in range(len(asked))}
    theirs, ours = [trigrams(normalised(text)) for _, text, _ in others], [trigrams(text) for text in texts]
    pairs = similar_across(theirs, ours, NEARLY_THE_SAME)
    for known, place in sorted(pairs):
        label, text, line_id = others[known]
        if line_id == asked[place].id:
            continue
        if label != asked[place].label:
            warnings[place].append(f"Trained already as {label}: {text}")
        elif normalised(text) == texts[place] and REPEATED_WARNING not in warnings[place]:
            warnings[place].append(REPEATED_WARNING)
    return warnings


if __name__ == "__main__":
    sys.exit(main())
