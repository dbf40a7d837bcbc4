"""Wordings and clinic details that the staff change in the console: proposals, and versions that are only added to."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Who changed what the assistant says can be added to and not rewritten, whoever is connected.
APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER content_versions_are_not_changed BEFORE UPDATE ON content_versions
        BEGIN SELECT RAISE(ABORT, 'the versions are append-only'); END""",
        """CREATE TRIGGER content_versions_are_not_deleted BEFORE DELETE ON content_versions
        BEGIN SELECT RAISE(ABORT, 'the versions are append-only'); END""",
        # INSERT OR REPLACE deletes a row without calling the trigger above.
        """CREATE TRIGGER content_versions_are_not_replaced BEFORE INSERT ON content_versions
        WHEN EXISTS (SELECT 1 FROM content_versions WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: content_versions.id'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION refuse_change_of_content() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the versions are append-only'; END $$""",
        """CREATE TRIGGER content_versions_are_kept BEFORE UPDATE OR DELETE ON content_versions
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_content()""",
        """CREATE TRIGGER content_versions_are_not_emptied BEFORE TRUNCATE ON content_versions
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_content()""",
    ),
}


def upgrade() -> None:
    op.create_table('content_proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=100), nullable=False),
    sa.Column('content', sa.Text(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('based_on', sa.Integer(), nullable=False),
    sa.Column('shipped_digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('proposed_by', sa.String(length=100), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=100), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_proposals')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('content_proposals', schema=None) as batch_op:
        batch_op.create_index('ix_content_proposals_state', ['state', 'subject'], unique=False)
        batch_op.create_index('ix_content_proposals_decided_at', ['decided_at'], unique=False)

    op.create_table('content_versions',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('subject', sa.String(length=100), nullable=False),
    sa.Column('content', sa.Text(), nullable=True),
    sa.Column('content_before', sa.Text(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('shipped_digest', sa.String(length=64), nullable=False),
    sa.Column('proposed_by', sa.String(length=100), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by', sa.String(length=100), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_versions'))
    )
    with op.batch_alter_table('content_versions', schema=None) as batch_op:
        batch_op.create_index('ix_content_versions_subject', ['subject', 'id'], unique=False)

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('content_versions')
    op.drop_table('content_proposals')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_content()")
