"""Text messages: who texts, what came in, what waits to be sent and what became of it; the order of choices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("offered_choices") as table:
        table.add_column(sa.Column("ordinal", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "text_contacts",
        sa.Column("conversation_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("introduced_by", sa.String(length=64), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_text_contacts")),
    )
    op.create_table(
        "incoming_texts",
        sa.Column("text_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("choice_id", sa.String(length=64), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("rest", sa.Text(), nullable=True),
        sa.Column("sent_by", sa.String(length=10), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("text_id", name=op.f("pk_incoming_texts")),
    )
    op.create_index(
        "ix_incoming_texts_conversation", "incoming_texts", ["conversation_id", "received_at"], unique=False
    )
    op.create_table(
        "outgoing_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("conversation_id", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier_id", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_texts")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outgoing_texts_idempotency_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outgoing_texts_conversation_id", "outgoing_texts", ["conversation_id"], unique=False)
    op.create_index("ix_outgoing_texts_next_attempt_at", "outgoing_texts", ["next_attempt_at"], unique=False)
    op.create_table(
        "delivery_reports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("carrier_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=100), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("error_code", sa.String(length=10), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_reports")),
    )
    op.create_index("uq_delivery_reports_status", "delivery_reports", ["carrier_id", "status"], unique=True)
    op.create_index("ix_delivery_reports_conversation_id", "delivery_reports", ["conversation_id"], unique=False)


def downgrade() -> None:
    for name in ("delivery_reports", "outgoing_texts", "incoming_texts", "text_contacts"):
        op.drop_table(name)
    with op.batch_alter_table("offered_choices") as table:
        table.drop_column("ordinal")
