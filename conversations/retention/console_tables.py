"""The console's tables as far as their age goes. The console knows this room and not the other way round."""

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, String, Table

# Not the metadata of the tables themselves (console/tables.py), which alone are migrated.
_METADATA = MetaData()

LOGIN_ATTEMPTS = Table(
    "login_attempts", _METADATA, Column("id", Integer, primary_key=True), Column("tried_at", DateTime(timezone=True))
)
CONSOLE_SESSIONS = Table(
    "console_sessions",
    _METADATA,
    Column("digest", String(64), primary_key=True),
    Column("created_at", DateTime(timezone=True)),
    Column("last_seen_at", DateTime(timezone=True)),
)
INVITATIONS = Table(
    "invitations",
    _METADATA,
    Column("digest", String(64), primary_key=True),
    Column("expires_at", DateTime(timezone=True)),
)
SAVED_SEARCHES = Table(
    "saved_searches",
    _METADATA,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36)),
    Column("name", String(100)),
    Column("created_at", DateTime(timezone=True)),
)
ACCOUNTS = Table("accounts", _METADATA, Column("id", String(36), primary_key=True), Column("active", Boolean))
