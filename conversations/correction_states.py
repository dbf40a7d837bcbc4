"""The states of a correction, and changing one only if nobody else has."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from conversations.teaching import Correction

PROPOSED = "proposed"
RELEASED = "released"
REJECTED = "rejected"
REFUSED = "refused"
TAUGHT = "taught"
ERASED = "erased"
"""Its visitor had it erased, and the model in force was trained with it: no text any more, gone with the next one."""


def change_correction(session: Session, correction: Correction, values: dict[str, Any]) -> bool:
    """Change a correction if it is still what was read; False when somebody else was faster."""
    own = (Correction.id == correction.id, Correction.version == correction.version)
    statement = update(Correction).where(*own).values(version=Correction.version + 1, **values)
    if session.execute(statement.execution_options(synchronize_session=False)).rowcount != 1:
        return False
    session.refresh(correction)
    return True


def refuse(session: Session, correction: Correction, reason: str) -> bool:
    """Keep a correction from being trained with; False when it was changed meanwhile and stays as it is.

    A line that is in force under another label keeps that one: only what was newly proposed is refused.
    """
    stays_taught = correction.state == PROPOSED and correction.taught_label not in (None, correction.label)
    values = {"state": TAUGHT, "label": correction.taught_label} if stays_taught else {"state": REFUSED}
    return change_correction(session, correction, values | {"refusal": reason})
