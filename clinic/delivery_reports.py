"""What the carrier reports of texts that it took. Nothing is kept of somebody who is not known any more."""

import uuid

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.outgoing_texts import DeliveryReport, OutgoingText
from clinic.storing_once import store_once
from clinic.text_contacts import TextContact


def record_report(engine: Engine, carrier_id: str, conversation_id: str, status: str, error_code: str | None) -> bool:
    """Keep a status once; False when nobody of that conversation is known, for instance since it was erased.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not kept.
    """
    row = DeliveryReport(
        id=str(uuid.uuid4()),
        carrier_id=carrier_id,
        conversation_id=conversation_id,
        status=status,
        error_code=error_code,
        reported_at=clock.now(),
    )

    def unknown_or_kept_before(session: Session) -> bool | None:
        if not _hold_contact(session, conversation_id):
            return False
        return True if _is_kept(session, carrier_id, status) else None

    def keep(session: Session) -> bool:
        session.add(row)
        return True

    return store_once(engine, unknown_or_kept_before, keep)


def note_taken(engine: Engine, text_id: int, conversation_id: str, carrier_id: str) -> bool:
    """Note by its report that the carrier has a text which nobody noted as sent; whether there was one.

    Who sent it died between the carrier's taking it and noting so, or never heard the carrier's answer. Without this
    it would be sent once more.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not noted.
    """
    waiting = (
        OutgoingText.id == text_id,
        OutgoingText.conversation_id == conversation_id,
        OutgoingText.sent_at.is_(None),
        OutgoingText.failed_at.is_(None),
    )
    sent = {"sent_at": clock.now(), "carrier_id": carrier_id, "body": None, "last_error": None, "claimed_until": None}
    with transaction(engine) as session:
        noted = update(OutgoingText).where(*waiting).values(**sent)
        return bool(session.execute(noted.execution_options(synchronize_session=False)).rowcount)


def _hold_contact(session: Session, conversation_id: str) -> bool:
    """Whether there is a number for the conversation. Until the transaction ends, no erasure can take it away.

    An erasure deletes the number before the reports, so it either waits here and then finds the report, or was first.
    """
    mine = TextContact.conversation_id == conversation_id
    # To write what stands there already locks the row in PostgreSQL and the file in SQLite.
    held = update(TextContact).where(mine).values(conversation_id=conversation_id)
    return bool(session.execute(held.execution_options(synchronize_session=False)).rowcount)


def _is_kept(session: Session, carrier_id: str, status: str) -> bool:
    known = select(DeliveryReport.id).where(DeliveryReport.carrier_id == carrier_id, DeliveryReport.status == status)
    return session.execute(known).first() is not None
