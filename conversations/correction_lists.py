"""The corrections as the teaching pages list them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.teaching import Correction
from conversations.turn_log import LoggedTurn


@dataclass(frozen=True)
class Listed:
    """A correction, and how many messages of the log say the same."""

    correction: Correction
    said: int


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
        digests = [correction.text_digest for correction in found]
        counts = select(LoggedTurn.text_digest, func.count()).where(LoggedTurn.text_digest.in_(digests))
        said = dict(session.execute(counts.group_by(LoggedTurn.text_digest)).all()) if digests else {}
    return [Listed(correction, said.get(correction.text_digest, 0)) for correction in found]


def corrections_by_id(engine: Engine, ids: Sequence[str]) -> dict[str, Correction]:
    """The corrections with these ids that are still there."""
    with transaction(engine) as session:
        found = session.execute(select(Correction).where(Correction.id.in_(ids))).scalars().all() if ids else []
    return {correction.id: correction for correction in found}
