"""What stands between a proposal and its release: a check against all that the assistant knows and is measured with.

The check itself is a program (`python -m evaluation.taught_lines`); here is what goes in and what comes out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from conversations.correction_states import PROPOSED, refuse
from conversations.taught_lines import TaughtLine, line_of, lines_to_teach
from conversations.teaching import Correction

LONGEST_REFUSAL = 200
MOST_AT_ONCE = 500


class CheckError(RuntimeError):
    """The check gave no result that can be read."""


@dataclass(frozen=True)
class Asked:
    """A correction that is to be checked, as it was when the check began."""

    correction_id: str
    version: int
    text: str
    label: str
    label_before: str


@dataclass(frozen=True)
class Verdict:
    """What the check found: why the line may not be trained with, and what to weigh before it is released."""

    refusal: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class CheckResult:
    """The verdicts by id of correction; `held_out` messages were compared with, None where there are none at hand."""

    verdicts: dict[str, Verdict]
    held_out: int | None


def corrections_to_check(engine: Engine) -> list[Asked]:
    """The proposed corrections that were not checked since they changed, the oldest first; at most 500."""
    unchecked = Correction.checked_version.is_(None) | (Correction.checked_version != Correction.version)
    query = select(Correction).where(Correction.state == PROPOSED, unchecked)
    with transaction(engine) as session:
        found = session.execute(query.order_by(Correction.proposed_at).limit(MOST_AT_ONCE)).scalars().all()
        lines = [(row, line_of(session, row, row.label)) for row in found]
    return [Asked(row.id, row.version, line.text, line.label, row.label_before) for row, line in lines if line]


def lines_beside(engine: Engine) -> list[TaughtLine]:
    """The lines that were released or taught already, which a new one may contradict."""
    with transaction(engine) as session:
        return lines_to_teach(session)


def write_question(path: Path, asked: Sequence[Asked | TaughtLine], beside: Sequence[TaughtLine] = ()) -> None:
    """Write the lines for the check, one JSON object each."""
    questions = [_question(line) for line in asked]
    known = [{"id": line.correction_id, "text": line.text, "label": line.label, "known": True} for line in beside]
    path.write_text("".join(json.dumps(each) + "\n" for each in [*questions, *known]), encoding="utf-8")


def read_result(path: Path) -> CheckResult:
    """What the check wrote.

    Raises:
        CheckError: it is not what the check writes.
        OSError: the file cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        verdicts = {key: Verdict(value["refusal"], tuple(value["warnings"])) for key, value in content["lines"].items()}
        return CheckResult(verdicts, content["held_out"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckError("the check's result cannot be read") from error


def keep_verdicts(engine: Engine, asked: Sequence[Asked], verdicts: dict[str, Verdict]) -> None:
    """Store what the check found about each correction that has not changed since it was asked."""
    with transaction(engine) as session:
        for question in asked:
            verdict = verdicts.get(question.correction_id)
            if verdict is None:
                continue
            if verdict.refusal is None:
                _keep_warnings(session, question, verdict.warnings)
                continue
            correction = session.get(Correction, question.correction_id)
            if correction is not None and correction.version == question.version:
                refuse(session, correction, verdict.refusal[:LONGEST_REFUSAL])


def _keep_warnings(session: Session, question: Asked, warnings: tuple[str, ...]) -> None:
    own = (Correction.id == question.correction_id, Correction.version == question.version)
    values: dict[str, Any] = {"checked_version": question.version, "warning": "\n".join(warnings) or None}
    session.execute(update(Correction).where(*own).values(**values).execution_options(synchronize_session=False))


def _question(line: Asked | TaughtLine) -> dict[str, Any]:
    question = {"id": line.correction_id, "text": line.text, "label": line.label}
    return question | {"label_before": line.label_before} if isinstance(line, Asked) else question
