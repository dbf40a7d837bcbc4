"""The people who text with the clinic. Everywhere else they are known by their conversation's id, a keyed hash.

The hash's key is made from SECRET_KEY, so a new one makes every number a stranger's. The number itself is needed for
sending only, and is kept encrypted (docs/encryption.md); earlier releases made that key from SECRET_KEY too.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Column, DateTime, String, Text, delete, select, table, update
from sqlalchemy import column as plain_column
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction
from clinic.encryption.columns import EncryptedText
from clinic.storing_once import store_once

CONVERSATION_PREFIX = "sms-"
CONVERSATION_PURPOSE = b"sms-conversation:"
EARLIER_PURPOSE = b"sms-number-encryption"
EARLIER_FORM = "gAAAA"
"""With this a Fernet token begins (https://github.com/fernet/spec), and no number in E.164 form."""


class TextContact(Base):
    """One number. `introduced_by` is the id of the text whose answer first named the clinic."""

    __tablename__ = "text_contacts"

    conversation_id = Column(String(100), primary_key=True)
    number = Column(EncryptedText("text_contacts", "number"), nullable=False)
    introduced_by = Column(String(64))
    first_seen_at = Column(DateTime(timezone=True), nullable=False)


class UnknownContactError(LookupError):
    """There is no number for the conversation, or an earlier release encrypted it under another SECRET_KEY."""


def conversation_of(secret_key: str, number: str) -> str:
    """The id of the conversation with a number in E.164 form: an HMAC-SHA256 that nobody can reverse by trying."""
    digest = hmac.new(secret_key.encode(), CONVERSATION_PURPOSE + number.encode("ascii"), hashlib.sha256)
    return CONVERSATION_PREFIX + digest.hexdigest()


def remember_contact(engine: Engine, secret_key: str, number: str) -> str:
    """Keep the number of somebody who texts, once; their conversation's id.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not stored.
    """
    conversation_id = conversation_of(secret_key, number)

    def find(session: Session) -> str | None:
        return None if session.get(TextContact, conversation_id) is None else conversation_id

    def store(session: Session) -> str:
        session.add(TextContact(conversation_id=conversation_id, number=number, first_seen_at=clock.now()))
        return conversation_id

    return store_once(engine, find, store)


def number_of(engine: Engine, secret_key: str, conversation_id: str) -> str:
    """The number of a conversation, in E.164 form.

    Raises:
        UnknownContactError: it cannot be told.
    """
    with transaction(engine) as session:
        query = select(TextContact.number).where(TextContact.conversation_id == conversation_id)
        kept = session.execute(query).scalar()
    if kept is None:
        raise UnknownContactError("no number is kept for the conversation")
    return _opened(secret_key, kept) if kept.startswith(EARLIER_FORM) else str(kept)


def take_over_numbers(engine: Engine, secret_key: str) -> int:
    """Store the numbers that an earlier release encrypted under SECRET_KEY as all values are stored; how many.

    Those that were encrypted under another one stay as they are: nobody can read them.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer; what was done stays done.
    """
    stored = table("text_contacts", plain_column("conversation_id"), plain_column("number", Text()))
    with transaction(engine) as session:
        earlier = session.execute(select(stored).where(stored.c.number.startswith(EARLIER_FORM))).all()
    taken = 0
    for conversation_id, token in earlier:
        try:
            number = _opened(secret_key, token)
        except UnknownContactError:
            continue
        mine = update(TextContact).where(TextContact.conversation_id == conversation_id).values(number=number)
        with transaction(engine) as session:
            taken += session.execute(mine.execution_options(synchronize_session=False)).rowcount
    return taken


def introduces(session: Session, conversation_id: str, text_id: str) -> bool:
    """Whether the answer to this text is the one that names the clinic first; the first that asks is, and stays it."""
    mine = TextContact.conversation_id == conversation_id
    first = update(TextContact).where(mine, TextContact.introduced_by.is_(None)).values(introduced_by=text_id)
    session.execute(first.execution_options(synchronize_session=False))
    return bool(session.execute(select(TextContact.introduced_by).where(mine)).scalar() == text_id)


def forget_contact(session: Session, conversation_id: str) -> None:
    """Erase the number, within the caller's transaction."""
    session.execute(delete(TextContact).where(TextContact.conversation_id == conversation_id))


def _opened(secret_key: str, token: str) -> str:
    key = hmac.new(secret_key.encode(), EARLIER_PURPOSE, hashlib.sha256).digest()
    try:
        return Fernet(base64.urlsafe_b64encode(key)).decrypt(token.encode("ascii")).decode("ascii")
    except InvalidToken:
        raise UnknownContactError("the number was encrypted under another key") from None
