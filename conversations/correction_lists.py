"""The corrections as the teaching pages list them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from conversations.teaching import Correction
from conversations.turn_log import LoggedTurn


@dataclass(frozen=True)
class Listed:
    """A correction, how many messages of the log say the same, and which turn of its conversation it is from.

    `ordinal` is None where the conversation is no longer in the log.
    """

    correction: Correction
    said: int
    ordinal: int | None


def count_by_state(engine: Engine) -> dict[str, int]:
    """How many corrections there are in each state; states without any are left out."""
    query = select(Correction.state, func.count()).group_by(Correction.state)
    with transaction(engine) as session:
        return dict(session.execute(query).all())


def list_corrections(engine: Engine, state: str, limit: int, offset: int = 0) -> list[Listed]:
    """A page of the corrections in a state, the newest first."""
    newest = func.coalesce(Correction.decided_at, Correction.proposed_at).desc()
    query = select(Correction).where(Correction.state == state).order_by(newest, Correction.id)
    with transaction(engine) as session:
        found = session.execute(query.limit(limit).offset(offset)).scalars().all()
        said, ordinals = _said(session, found), _ordinals(session, found)
    return [Listed(each, said.get(each.text_digest, 0), ordinals.get(each.event_id)) for each in found]


def corrections_by_id(engine: Engine, ids: Sequence[str]) -> dict[str, Correction]:
    """The corrections with these ids that are still there."""
    with transaction(engine) as session:
        found = session.execute(select(Correction).where(Correction.id.in_(ids))).scalars().all() if ids else []
    return {correction.id: correction for correction in found}


def _said(session: Session, found: Sequence[Correction]) -> dict[str, int]:
    digests = [correction.text_digest for correction in found]
    query = select(LoggedTurn.text_digest, func.count()).where(LoggedTurn.text_digest.in_(digests))
    return dict(session.execute(query.group_by(LoggedTurn.text_digest)).all()) if digests else {}


def _ordinals(session: Session, found: Sequence[Correction]) -> dict[int, int]:
    events = [correction.event_id for correction in found]
    query = select(LoggedTurn.event_id, LoggedTurn.ordinal).where(LoggedTurn.event_id.in_(events))
    return dict(session.execute(query).all()) if events else {}
