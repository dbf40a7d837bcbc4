"""Sessions of the web chat. A session's id is its conversation's id; who holds the signed token may use it."""

import secrets
from datetime import timedelta

from sqlalchemy import Column, DateTime, String, bindparam, select, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.clock import in_utc
from clinic.database import Base, transaction

ID_BYTES = 24
SEEN_EVERY = timedelta(minutes=1)


class WebSession(Base):
    """One visit to the chat. The row stays after the end, so that its token stays refused."""

    __tablename__ = "web_sessions"

    id = Column(String(100), primary_key=True)
    created_at = Column(DateTime(timezone=True), nullable=False)
    last_seen_at = Column(DateTime(timezone=True), nullable=False)
    ended_at = Column(DateTime(timezone=True))


_SESSIONS = WebSession.__table__
# Made once, as each message needs it (conversations/turns.py).
_FIND = select(_SESSIONS.c.last_seen_at, _SESSIONS.c.ended_at).where(_SESSIONS.c.id == bindparam("of_session"))


def open_session(engine: Engine) -> str:
    """Begin a session and return its id, 192 random bits.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    identifier = secrets.token_urlsafe(ID_BYTES)
    moment = clock.now()
    with transaction(engine) as session:
        session.add(WebSession(id=identifier, created_at=moment, last_seen_at=moment))
    return identifier


def is_open(engine: Engine, identifier: str) -> bool:
    """Whether the session exists and has not ended; notes the visit, to the minute."""
    moment = clock.now()
    with engine.connect() as connection:
        row = connection.execute(_FIND, {"of_session": identifier}).one_or_none()
    if row is None or row.ended_at is not None:
        return False
    if moment - in_utc(row.last_seen_at) > SEEN_EVERY:
        with transaction(engine) as session:
            session.execute(update(WebSession).where(WebSession.id == identifier).values(last_seen_at=moment))
    return True


def end_session(engine: Engine, identifier: str) -> None:
    """End the session; its token is refused from now on."""
    with transaction(engine) as session:
        session.execute(update(WebSession).where(WebSession.id == identifier).values(ended_at=clock.now()))
