"""What was put in force, in its order: the newest version of each subject counts, the others are its history."""

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.answers.tables import ContentProposal, ContentVersion
from clinic.database import transaction

CLINIC_DETAILS = "clinic_details"
"""The subject that is no response."""
SHIPPED = 0
"""Stands for the version before all others: what is shipped, or set by the operator."""


class ContentChangedError(RuntimeError):
    """Somebody else changed or decided this meanwhile."""


class NoSuchVersionError(LookupError):
    """There is no such version of this subject."""


def newest_version(engine: Engine) -> int:
    """The id of the newest version of all; 0 while there is none. It is one look at the primary key.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    with engine.connect() as connection:
        return int(connection.execute(select(func.max(ContentVersion.id))).scalar() or SHIPPED)


def versions_in_force(engine: Engine) -> list[ContentVersion]:
    """The newest version of each subject, those that went back to what is shipped included."""
    newest = select(func.max(ContentVersion.id)).group_by(ContentVersion.subject)
    with transaction(engine) as session:
        query = select(ContentVersion).where(ContentVersion.id.in_(newest)).order_by(ContentVersion.id)
        return list(session.execute(query).scalars())


def version_in_force(engine: Engine, subject: str) -> ContentVersion | None:
    """The version of a subject that counts; None when it was never changed."""
    with transaction(engine) as session:
        return newest_of(session, subject)


def history_of(engine: Engine, subject: str) -> list[ContentVersion]:
    """All versions of a subject, the newest first."""
    with transaction(engine) as session:
        query = select(ContentVersion).where(ContentVersion.subject == subject).order_by(ContentVersion.id.desc())
        return list(session.execute(query).scalars())


def content_of(engine: Engine, subject: str, version_id: int) -> str | None:
    """What a version holds; None for what is shipped.

    Raises:
        NoSuchVersionError: the subject has no such version.
    """
    if version_id == SHIPPED:
        return None
    with transaction(engine) as session:
        version = session.get(ContentVersion, version_id)
    if version is None or version.subject != subject:
        raise NoSuchVersionError("there is no such version")
    return None if version.content is None else str(version.content)


def put_back(
    engine: Engine, subject: str, content: str | None, *, shown: int, shipped_digest: str, reason: str, by: str
) -> ContentVersion:
    """Put in force again what was so before, in one step of one person.

    Args:
        engine: the clinic's database.
        subject: what is changed.
        content: what an earlier version held; None for what is shipped.
        shown: the id of the version that the person saw as the one in force, 0 for none.
        shipped_digest: what is shipped now.
        reason: why, for the history.
        by: the name of the account.

    Raises:
        ContentChangedError: something else was put in force meanwhile.
    """
    now = clock.now()
    try:
        with transaction(engine) as session:
            proposal = ContentProposal(
                subject=subject,
                content=content,
                reason=reason,
                based_on=shown,
                shipped_digest=shipped_digest,
                proposed_by=by,
                proposed_at=now,
            )
            return add_version(session, proposal, by)
    except IntegrityError as error:
        raise ContentChangedError("something else was put in force meanwhile") from error


def newest_of(session: Session, subject: str) -> ContentVersion | None:
    """The version of a subject that counts, within a transaction."""
    query = select(ContentVersion).where(ContentVersion.subject == subject).order_by(ContentVersion.id.desc()).limit(1)
    return session.execute(query).scalar()


def add_version(session: Session, proposal: ContentProposal, by: str) -> ContentVersion:
    """Put in force what a proposal holds, within a transaction.

    Raises:
        ContentChangedError: what is in force is not what the proposal was based on.
        sqlalchemy.exc.IntegrityError: another change was faster.
    """
    before = newest_of(session, str(proposal.subject))
    if (before.id if before else SHIPPED) != proposal.based_on:
        raise ContentChangedError("something else was put in force meanwhile")
    newest = session.execute(select(func.max(ContentVersion.id))).scalar() or SHIPPED
    version = ContentVersion(
        id=newest + 1,
        subject=proposal.subject,
        content=proposal.content,
        content_before=before.content if before else None,
        reason=proposal.reason,
        shipped_digest=proposal.shipped_digest,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        released_by=by,
        released_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version
