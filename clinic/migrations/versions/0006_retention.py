"""Retention: runs of the purge with their receipts, whose turn it is, and more on the receipts of erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('retention_runs',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('started_by', sa.String(length=20), nullable=False),
    sa.Column('due_on', sa.String(length=10), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fault', sa.String(length=100), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_runs'))
    )
    with op.batch_alter_table('retention_runs', schema=None) as batch_op:
        batch_op.create_index('ix_retention_runs_started_at', ['started_at'], unique=False)

    op.create_table('retention_receipts',
    sa.Column('run_id', sa.String(length=36), nullable=False),
    sa.Column('retention_class', sa.String(length=40), nullable=False),
    sa.Column('store', sa.String(length=60), nullable=False),
    sa.Column('removed', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('run_id', 'retention_class', 'store', name=op.f('pk_retention_receipts'))
    )
    op.create_table('retention_leases',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('holder', sa.String(length=36), nullable=True),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_retention_leases'))
    )
    # There from the beginning, so that taking it is always one conditional update.
    op.execute("INSERT INTO retention_leases (name) VALUES ('purge')")

    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conversation_digest', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('requested_by', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('reason', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('kept_reason', sa.String(length=40), nullable=True))
        batch_op.create_index('ix_erasures_conversation_digest', ['conversation_digest'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.drop_index('ix_erasures_conversation_digest')
        batch_op.drop_column('kept_reason')
        batch_op.drop_column('reason')
        batch_op.drop_column('requested_by')
        batch_op.drop_column('conversation_digest')

    op.drop_table('retention_leases')
    op.drop_table('retention_receipts')
    with op.batch_alter_table('retention_runs', schema=None) as batch_op:
        batch_op.drop_index('ix_retention_runs_started_at')

    op.drop_table('retention_runs')
