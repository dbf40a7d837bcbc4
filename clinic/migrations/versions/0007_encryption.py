"""Encryption: columns that are wide enough for encrypted values, and which keys the database's values need.

The rows that are there are encrypted by `clinic.migrate` after this, in small transactions, while old processes work.
"""

import sqlalchemy as sa
from alembic import op

from clinic.encryption.rotation import encrypt_lookalikes

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WIDENED = {
    "appointment_requests": {
        "contact_name": (200, False),
        "patient_name": (200, True),
        "patient_relation": (40, True),
        "phone": (40, True),
        "email": (254, True),
    },
    "staff_messages": {"contact_name": (200, True), "phone": (40, True), "email": (254, True)},
    "saved_searches": {"name": (100, True)},
}
ENCRYPTED = {
    "appointment_requests": (*WIDENED["appointment_requests"], "preferred_time", "reason", "note"),
    "staff_messages": (*WIDENED["staff_messages"], "text", "note"),
    "request_changes": ("details",),
    "message_changes": ("details",),
    "consents": ("wording",),
    "outgoing_texts": ("body",),
    "text_contacts": ("number",),
    "saved_searches": ("name", "filters"),
}


def upgrade() -> None:
    for table, columns in WIDENED.items():
        with op.batch_alter_table(table) as batch_op:
            for column, (length, nullable) in columns.items():
                batch_op.alter_column(
                    column, existing_type=sa.String(length=length), type_=sa.Text(), existing_nullable=nullable
                )
    op.create_table(
        "encryption_keys",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_encryption_keys")),
    )
    encrypt_lookalikes(op.get_bind(), ENCRYPTED)


def downgrade() -> None:
    raise RuntimeError(
        "The way back from encryption would cut encrypted values. An older release works on this schema once the values "
        "are plain again: put 'plain' before the keys of ENCRYPTION_KEYS and run `python -m clinic.encryption rotate`."
    )
