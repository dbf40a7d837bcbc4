"""The audit: who saw, changed, exported and tried what. Rows are only added, each bound to the one before.

The hash of a row is an HMAC-SHA256, under a key made from SECRET_KEY, over the canonical JSON of the row and the hash
of the row before. Whoever has the database alone can therefore neither change, remove nor add a row unseen; only to
see a cut-off end one needs a hash noted elsewhere (`python -m console.audit verify --head HASH`).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine, Row
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from console.keys import key_for
from console.single_writer import AUDIT, one_writer_at_a_time
from console.tables import AuditEntry

LONGEST_ID = 100
FIRST_HASH = "0" * 64
PLAIN_WORD = re.compile(r"[\w.:@/+{}-]{0,120}", re.ASCII)
COMMAND = "command"
"""The actor of what the operator does on the command line."""


def record(
    engine: Engine,
    secret_key: str,
    *,
    actor: str,
    action: str,
    subject_kind: str | None = None,
    subject_id: str | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Add one row in a transaction of its own. It is kept when this returns; see `append`."""
    with transaction(engine) as session:
        append(
            session,
            secret_key,
            actor=actor,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=details,
        )


def append(
    session: Session,
    secret_key: str,
    *,
    actor: str,
    action: str,
    subject_kind: str | None = None,
    subject_id: str | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Add one row within the caller's transaction, together with the change it tells of.

    Args:
        session: the caller's.
        secret_key: makes the key of the chain.
        actor: the name of the account; empty for somebody who has not logged in, `command` for the operator.
        action: such as `conversation.viewed`.
        subject_kind: what it is about; `subject_id` is which one.
        details: ids, numbers and names of fields.

    Raises:
        ValueError: the details hold what may be a text of a visitor.
        sqlalchemy.exc.SQLAlchemyError: it was not kept.
    """
    text = json.dumps(_checked(details or {}), sort_keys=True, separators=(",", ":"))
    one_writer_at_a_time(session.connection(), AUDIT)
    last = session.execute(select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)).first()
    entry = AuditEntry(
        id=last.id + 1 if last else 1,
        recorded_at=clock.now(),
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=_of_ours(subject_id),
        details=text,
        previous_hash=last.hash if last else FIRST_HASH,
    )
    entry.hash = hash_of(key_for(secret_key, "audit"), entry)
    session.add(entry)
    session.flush()


def _of_ours(subject_id: str | None) -> str | None:
    """What is longer than an id was made up in an address, and is none of ours."""
    return subject_id[:LONGEST_ID] if subject_id else subject_id


def hash_of(key: bytes, entry: AuditEntry | Row) -> str:
    """The hash that the row must have, given what it says of the row before."""
    moment: datetime = clock.in_utc(entry.recorded_at)
    row = {
        "id": entry.id,
        "recorded_at": moment.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "details": entry.details,
        "previous_hash": entry.previous_hash,
    }
    canonical = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(key, canonical.encode("ascii"), hashlib.sha256).hexdigest()


def _checked(details: Mapping[str, object]) -> dict[str, object]:
    for name, value in details.items():
        values = value if isinstance(value, (list, tuple)) else (value,)
        if not all(one is None or isinstance(one, (bool, int, float)) or _is_plain_word(one) for one in values):
            raise ValueError(f"the audit takes ids, numbers and names of fields alone, not the value of {name}")
    return dict(details)


def _is_plain_word(value: object) -> bool:
    return isinstance(value, str) and PLAIN_WORD.fullmatch(value) is not None
