"""Taking the lines that came from a conversation out of what the assistant is, and will be, trained with."""

from typing import Any

from sqlalchemy import delete, literal, update
from sqlalchemy.orm import Session

from conversations.correction_states import ERASED, TAUGHT
from conversations.teaching import Correction

NOT_TAUGHT = "corrections"
TAUGHT_LINES = "taught lines (out with the next training)"


def erase_lines(session: Session, conversation_id: str) -> dict[str, int]:
    """Erase the corrections of a conversation, within the caller's transaction; how many of each kind.

    Of a line that the model in force was trained with a mark stays, without its text, until a model without it is
    promoted: the training file loses it (conversations/promoted_files.py), and the next candidate is trained without.
    """
    own = Correction.conversation_id == conversation_id
    in_no_model = delete(Correction).where(own, Correction.state != TAUGHT, Correction.taught_label.is_(None))
    counts = {NOT_TAUGHT: _changed(session, in_no_model)}
    mark = {
        "state": ERASED,
        "text": "",
        "text_digest": literal("erased-") + Correction.id,
        "conversation_id": "",
        "event_id": 0,
        "refusal": None,
        "warning": None,
        "version": Correction.version + 1,
    }
    return counts | {TAUGHT_LINES: _changed(session, update(Correction).where(own).values(**mark))}


def _changed(session: Session, statement: Any) -> int:
    return int(session.execute(statement.execution_options(synchronize_session=False)).rowcount)
