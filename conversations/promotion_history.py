"""What the rows of promotions say: which model is in force, and what a roll back would bring back."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from conversations.candidates import labels_of
from conversations.correction_states import ERASED
from conversations.teaching import Candidate, Correction, Promotion

PUT_IN_FORCE = "promoted"
ROLLED_BACK = "rolled_back"


def newest_promotion(engine: Engine) -> Promotion | None:
    """What the bots are to run; None while nothing was ever promoted."""
    with transaction(engine) as session:
        return newest_row(session)


def promotion_in_force(engine: Engine) -> Promotion | None:
    """The promotion that a roll back would take back; None when there is none left."""
    with transaction(engine) as session:
        stack = standing_rows(session)
    return stack[-1] if stack else None


def newest_row(session: Session) -> Promotion | None:
    """The row that counts."""
    return session.execute(select(Promotion).order_by(Promotion.id.desc()).limit(1)).scalar()


def standing_rows(session: Session) -> list[Promotion]:
    """The promotions that no roll back has taken back; the last one is in force."""
    stack: list[Promotion] = []
    for promotion in session.execute(select(Promotion).order_by(Promotion.id)).scalars():
        if promotion.kind == PUT_IN_FORCE:
            stack.append(promotion)
        elif stack:
            stack.pop()
    return stack


def labels_in_file(session: Session, taught: str | None) -> dict[str, str]:
    """The labels in a file of taught lines, by the id of the correction."""
    query = select(Candidate).where(Candidate.taught == taught).order_by(Candidate.requested_at.desc()).limit(1)
    candidate = session.execute(query).scalar() if taught else None
    return labels_of(candidate) if candidate else {}


def are_all_there(session: Session, labels: Mapping[str, str]) -> bool:
    """Whether none of these corrections was erased."""
    return lines_left(session, labels) == labels


def lines_left(session: Session, labels: Mapping[str, str]) -> dict[str, str]:
    """Of these lines those that were not erased."""
    if not labels:
        return {}
    query = select(Correction.id).where(Correction.id.in_(labels), Correction.state != ERASED)
    there = set(session.execute(query).scalars())
    return {correction_id: label for correction_id, label in labels.items() if correction_id in there}
