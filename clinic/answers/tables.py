"""What the staff changed of the assistant's words: proposals, and the versions that were put in force."""

from sqlalchemy import Column, DateTime, Index, Integer, String, Text

from clinic.database import Base


class ContentProposal(Base):
    """A change that somebody wants. `state` is `waiting`, `released`, `rejected` or `withdrawn`.

    `subject` is the name of a response, or `clinic_details`. `content` is JSON (wordings.py, clinic_details.py); null
    asks for what is shipped or set by the operator. `based_on` is the version that was in force when it was written, 0
    for none. `shipped_digest` tells what the shipped wording was then.
    """

    __tablename__ = "content_proposals"
    __table_args__ = (
        Index("ix_content_proposals_state", "state", "subject"),
        Index("ix_content_proposals_decided_at", "decided_at"),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    subject = Column(String(100), nullable=False)
    content = Column(Text)
    reason = Column(String(300), nullable=False)
    based_on = Column(Integer, nullable=False)
    shipped_digest = Column(String(64), nullable=False)
    state = Column(String(10), nullable=False)
    proposed_by = Column(String(100), nullable=False)
    proposed_at = Column(DateTime(timezone=True), nullable=False)
    decided_by = Column(String(100))
    decided_at = Column(DateTime(timezone=True))


class ContentVersion(Base):
    """One change that was put in force. Rows are only added; the newest of a subject counts.

    Ids are given by us, one after the other: of two changes at once one fails, and who has seen an id has seen all
    before it. `content` and `content_before` are JSON, null for what is shipped or set by the operator.
    """

    __tablename__ = "content_versions"
    __table_args__ = (Index("ix_content_versions_subject", "subject", "id"),)

    id = Column(Integer, primary_key=True, autoincrement=False)
    subject = Column(String(100), nullable=False)
    content = Column(Text)
    content_before = Column(Text)
    reason = Column(String(300), nullable=False)
    shipped_digest = Column(String(64), nullable=False)
    proposed_by = Column(String(100), nullable=False)
    proposed_at = Column(DateTime(timezone=True), nullable=False)
    released_by = Column(String(100), nullable=False)
    released_at = Column(DateTime(timezone=True), nullable=False)
