"""Which keys the database's values need, so that whoever lacks one is told before it matters."""

from sqlalchemy import Column, DateTime, String, Text, delete, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction
from clinic.encryption.columns import keys_of
from clinic.encryption.keys import KeyRing, UnreadableValueError
from clinic.storing_once import store_once

PROOF = "this key was used"
TABLE = "encryption_keys"


class KnownKey(Base):
    """One key under which values are stored; `proof` is a fixed text that it has encrypted."""

    __tablename__ = TABLE

    key_id = Column(String(16), primary_key=True)
    proof = Column(Text, nullable=False)
    first_used_at = Column(DateTime(timezone=True), nullable=False)


def remember_writing_key(engine: Engine) -> None:
    """Note the key that writes, once.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not noted.
    """
    keys = keys_of(engine)
    known = select(KnownKey.key_id).where(KnownKey.key_id == keys.writing_id)
    proof = KeyRing(keys.keys[:1]).encrypt(PROOF, TABLE, "proof")

    def note(session: Session) -> str:
        session.execute(insert(KnownKey).values(key_id=keys.writing_id, proof=proof, first_used_at=clock.now()))
        return keys.writing_id

    store_once(engine, lambda session: session.execute(known).scalar(), note)


def forget_keys(engine: Engine, key_ids: set[str]) -> None:
    """Note that no value needs these keys any more."""
    unused = delete(KnownKey).where(KnownKey.key_id.in_(sorted(key_ids)))
    with transaction(engine) as session:
        session.execute(unused.execution_options(synchronize_session=False))


def known_keys(engine: Engine) -> tuple[str, ...]:
    """The ids of all keys that are noted."""
    with transaction(engine) as session:
        return tuple(session.execute(select(KnownKey.key_id).order_by(KnownKey.key_id)).scalars())


def lacking_keys(engine: Engine) -> tuple[str, ...]:
    """The ids of keys that stored values need, and that this process lacks or has another key for.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer, or lacks its tables.
    """
    keys = keys_of(engine)
    with transaction(engine) as session:
        known = session.execute(select(KnownKey.key_id, KnownKey.proof).order_by(KnownKey.key_id)).all()
    return tuple(key_id for key_id, proof in known if not _opens(keys, key_id, proof))


def _opens(keys: KeyRing, key_id: str, proof: str) -> bool:
    if key_id not in keys.ids:
        return False
    try:
        return keys.decrypt(proof, TABLE, "proof") == PROOF
    except UnreadableValueError:
        return False
