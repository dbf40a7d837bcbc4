"""The console's own tables: accounts, their sessions and invitations, tries to log in, the audit, saved searches."""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, String, Text

from clinic.database import Base
from clinic.encryption.columns import EncryptedText


class Account(Base):
    """One person of the staff. `name` is what they log in with; `role` is one of console/roles.py.

    `password_hash` is argon2's (null until the invitation is taken up), `totp_secret` encrypted. `totp_step` is the
    last time step whose code was used (RFC 6238, 5.2: a code is accepted once).
    """

    __tablename__ = "accounts"
    __table_args__ = (Index("uq_accounts_name", "name", unique=True),)

    id = Column(String(36), primary_key=True)
    name = Column(String(100), nullable=False)
    display_name = Column(String(200), nullable=False)
    role = Column(String(20), nullable=False)
    active = Column(Boolean, nullable=False)
    password_hash = Column(Text)
    totp_secret = Column(Text)
    totp_step = Column(Integer)
    created_at = Column(DateTime(timezone=True), nullable=False)
    password_changed_at = Column(DateTime(timezone=True))
    last_login_at = Column(DateTime(timezone=True))


class ConsoleSession(Base):
    """One login, known by the digest of the secret in its cookie."""

    __tablename__ = "console_sessions"
    __table_args__ = (Index("ix_console_sessions_account_id", "account_id"),)

    digest = Column(String(64), primary_key=True)
    account_id = Column(String(36), nullable=False)
    created_at = Column(DateTime(timezone=True), nullable=False)
    last_seen_at = Column(DateTime(timezone=True), nullable=False)
    ended_at = Column(DateTime(timezone=True))


class Invitation(Base):
    """A one-time link. `purpose` is `first_admin`, `invitation` or `reset`; the account is null for the first admin."""

    __tablename__ = "invitations"

    digest = Column(String(64), primary_key=True)
    purpose = Column(String(20), nullable=False)
    account_id = Column(String(36))
    created_at = Column(DateTime(timezone=True), nullable=False)
    expires_at = Column(DateTime(timezone=True), nullable=False)
    used_at = Column(DateTime(timezone=True))


class LoginAttempt(Base):
    """A failed try to log in; `subject` is a keyed hash of the account's name or of the address."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_subject", "subject", "tried_at"), {"sqlite_autoincrement": True})

    id = Column(Integer, primary_key=True)
    subject = Column(String(64), nullable=False)
    tried_at = Column(DateTime(timezone=True), nullable=False)


class AuditEntry(Base):
    """Who did what, and when. Rows are only added; each holds the hash of the one before (console/audit_log.py).

    `subject_kind` and `subject_id` name what was seen or changed; `details` is a JSON object of ids, numbers and names
    of fields, never of text that a visitor wrote.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entries_actor", "actor", "id"),
        Index("ix_audit_entries_action", "action", "id"),
        Index("ix_audit_entries_recorded_at", "recorded_at"),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    recorded_at = Column(DateTime(timezone=True), nullable=False)
    actor = Column(String(100), nullable=False)
    action = Column(String(60), nullable=False)
    subject_kind = Column(String(40))
    subject_id = Column(String(100))
    details = Column(Text, nullable=False)
    previous_hash = Column(String(64), nullable=False)
    hash = Column(String(64), nullable=False)


class SavedSearch(Base):
    """The filters of one search. Without a name it only keeps what is searched for out of addresses and logs."""

    __tablename__ = "saved_searches"
    __table_args__ = (Index("ix_saved_searches_account_id", "account_id", "name"),)

    id = Column(String(36), primary_key=True)
    account_id = Column(String(36), nullable=False)
    name = Column(EncryptedText("saved_searches", "name"))
    filters = Column(EncryptedText("saved_searches", "filters"), nullable=False)
    created_at = Column(DateTime(timezone=True), nullable=False)
