"""What a deletion leaves behind of somebody who texts when its receipt could not come at once: their number."""

from sqlalchemy import exists, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from clinic.outgoing_texts import OutgoingText, forget_outgoing, forget_reports
from clinic.text_contacts import forget_contact
from conversations.incoming_texts import forget_texts
from conversations.turns import Turn


def forget_erased_texter(engine: Engine, conversation_id: str) -> bool:
    """Forget the number once the receipt is sent; whether there was a deletion, and nothing since.

    A number is needed to send the receipt, so it is kept anew after the deletion (channels/sms/late_answers.py).

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was forgotten.
    """
    with transaction(engine) as session:
        if not _is_erased(session, conversation_id):
            return False
        forget_texts(session, conversation_id)
        forget_contact(session, conversation_id)  # before the reports, as in conversations/erasure.py
        forget_outgoing(session, conversation_id)
    return True


def forget_number_again(engine: Engine, conversation_id: str) -> bool:
    """Forget the number that a copy of the wish to delete, handed over once more after a crash, has brought back.

    The text keeps its answer, for further copies.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not forgotten.
    """
    with transaction(engine) as session:
        if not _is_erased(session, conversation_id):
            return False
        forget_contact(session, conversation_id)
        forget_reports(session, conversation_id)
    return True


def _is_erased(session: Session, conversation_id: str) -> bool:
    mine = Turn.conversation_id == conversation_id
    waiting = (
        OutgoingText.conversation_id == conversation_id,
        OutgoingText.sent_at.is_(None),
        OutgoingText.failed_at.is_(None),
    )
    # Of a deleted conversation the turn with the wish is left, without the wish (conversations/erasure.py).
    is_erased = (
        exists().where(mine, Turn.visitor_text.is_(None))
        & ~exists().where(mine, Turn.visitor_text.isnot(None))
        & ~exists().where(*waiting)
    )
    return bool(session.execute(select(is_erased)).scalar())
