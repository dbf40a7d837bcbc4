"""The lines that the next candidate is trained with."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.correction_states import PROPOSED, RELEASED, TAUGHT, refuse
from conversations.taught_text import UnteachableError, taught_line
from conversations.teaching import Correction


@dataclass(frozen=True)
class TaughtLine:
    """A line to train with; `text` is what stands in the file."""

    correction_id: str
    text: str
    label: str


def lines_to_teach(session: Session) -> list[TaughtLine]:
    """The lines of the next candidate, sorted by text: all that is released, and what is in force and not taken back.

    A correction whose text can no longer be a line, after a change of the rules for lines, is refused on the way.
    """
    in_force = (Correction.state == PROPOSED) & Correction.taught_label.is_not(None)
    query = select(Correction).where(Correction.state.in_((RELEASED, TAUGHT)) | in_force)
    lines = [
        line_of(session, row, row.taught_label if row.state == PROPOSED else row.label)
        for row in session.execute(query).scalars().all()
    ]
    return sorted((line for line in lines if line), key=lambda line: (line.text, line.label, line.correction_id))


def line_of(session: Session, correction: Correction, label: str) -> TaughtLine | None:
    """The line of a correction, or None when it can be none and is refused now."""
    try:
        return TaughtLine(correction.id, taught_line(correction.text), label)
    except UnteachableError as error:
        refuse(session, correction, str(error))
        return None
