"""What could not be sent, in the hands of the staff: they have it tried again, or say that they dealt with it.

A notice goes to the staff themselves (clinic/outbox.py), a text to a person (clinic/outgoing_texts.py).
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.consents import has_opted_out
from clinic.database import transaction
from clinic.flags import TEXT_NOT_DELIVERED, Flag
from clinic.outbox import Notice
from clinic.outgoing_texts import OutgoingText


class NoSuchSendError(LookupError):
    """There is no such notice or text: it never was, or what it belongs to was erased."""


class Obstacle(Enum):
    """Why something cannot be sent again, however often it is tried."""

    NOT_SET_UP = "not set up"
    """The way by which it was to be sent is no longer set up."""
    OPTED_OUT = "opted out"
    """The person has asked for no more texts."""
    WORDS_GONE = "words gone"
    """The words of the text are no longer kept."""


class CannotSendAgainError(RuntimeError):
    """It cannot be sent again; nothing was changed."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


def send_notice_again(engine: Engine, notice_id: str, targets: Sequence[str]) -> None:
    """Make a notice due that was given up; nothing changes where it is under way already.

    Args:
        engine: the clinic's database.
        notice_id: which notice.
        targets: where the staff are told of things now.

    Raises:
        NoSuchSendError: there is no such notice.
        CannotSendAgainError: its target is no longer set up.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    with transaction(engine) as session:
        row = _notice(session, notice_id)
        if row.target not in targets:
            raise CannotSendAgainError(Obstacle.NOT_SET_UP)
        given_up = update(Notice).where(Notice.id == notice_id, Notice.failed_at.isnot(None))
        _write(session, given_up, failed_at=None, next_attempt_at=clock.now(), handled_at=None, handled_by=None)


def close_notice(engine: Engine, notice_id: str, handled_by: str) -> None:
    """Note that somebody dealt with a notice that was given up; the first one stays noted.

    Raises:
        NoSuchSendError: there is no such notice.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    with transaction(engine) as session:
        _notice(session, notice_id)
        failed = update(Notice).where(Notice.id == notice_id, Notice.failed_at.isnot(None), Notice.handled_at.is_(None))
        _write(session, failed, handled_at=clock.now(), handled_by=handled_by)


def send_text_again(engine: Engine, text_id: int, sent_again_by: str) -> None:
    """Queue a text that failed once more, in its old place; nothing changes where it is under way already.

    Args:
        engine: the clinic's database.
        text_id: which text.
        sent_again_by: the name of the person's account, for the flag that the failure set.

    Raises:
        NoSuchSendError: there is no such text.
        CannotSendAgainError: the person wants no texts, or the words of the text are gone.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    with transaction(engine) as session:
        conversation_id = _text(session, text_id).conversation_id
    if has_opted_out(engine, conversation_id):
        raise CannotSendAgainError(Obstacle.OPTED_OUT)
    moment = clock.now()
    with transaction(engine) as session:
        row = _text(session, text_id)
        if row.failed_at is None and row.sent_at is None:
            return
        if row.body is None:
            raise CannotSendAgainError(Obstacle.WORDS_GONE)
        failed = update(OutgoingText).where(OutgoingText.id == text_id, OutgoingText.failed_at.isnot(None))
        _write(session, failed, failed_at=None, attempts=0, next_attempt_at=moment, claimed_until=None, last_error=None)
        _acknowledge(session, row, sent_again_by)


def close_text(engine: Engine, text_id: int, handled_by: str) -> None:
    """Note that somebody dealt with a text that did not arrive; its words go. The first one stays noted.

    Raises:
        NoSuchSendError: there is no such text.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    with transaction(engine) as session:
        row = _text(session, text_id)
        ended = or_(OutgoingText.failed_at.isnot(None), OutgoingText.sent_at.isnot(None))
        open_one = update(OutgoingText).where(OutgoingText.id == text_id, OutgoingText.handled_at.is_(None), ended)
        _write(session, open_one, handled_at=clock.now(), handled_by=handled_by, body=None)
        _acknowledge(session, row, handled_by)


def _notice(session: Session, notice_id: str) -> Any:
    row = session.execute(select(Notice).where(Notice.id == notice_id)).scalar_one_or_none()
    if row is None:
        raise NoSuchSendError("there is no such notice")
    return row


def _text(session: Session, text_id: int) -> Any:
    row = session.execute(select(OutgoingText).where(OutgoingText.id == text_id)).scalar_one_or_none()
    if row is None:
        raise NoSuchSendError("there is no such text")
    return row


def _acknowledge(session: Session, text: Any, by: str) -> None:
    """The flags of the text's failure are dealt with as well: they tell of the same thing."""
    turn_ids = [f"text-{text.id}", *([text.carrier_id] if text.carrier_id else [])]
    same = update(Flag).where(
        Flag.conversation_id == text.conversation_id,
        Flag.label == TEXT_NOT_DELIVERED,
        Flag.turn_id.in_(turn_ids),
        Flag.acknowledged_at.is_(None),
    )
    _write(session, same, acknowledged_at=clock.now(), acknowledged_by=by)


def _write(session: Session, changed: Any, **values: object) -> None:
    session.execute(changed.values(**values).execution_options(synchronize_session=False))
