"""Encryption of what is said: nothing to widen, but what looks encrypted and is not must not be taken for it.

The rows that are there are encrypted by `clinic.migrate` after this, in small transactions, while old processes work.
"""

from alembic import op

from clinic.encryption.rotation import encrypt_lookalikes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ENCRYPTED = {
    "events": ("data",),
    "conversation_states": ("state",),
    "turns": ("visitor_text", "answer"),
    "incoming_texts": ("body", "reply", "rest"),
}


def upgrade() -> None:
    encrypt_lookalikes(op.get_bind(), ENCRYPTED)


def downgrade() -> None:
    raise RuntimeError(
        "An older release works on this schema once the values are plain again: put 'plain' before the keys of "
        "ENCRYPTION_KEYS and run `python -m clinic.encryption rotate`."
    )
