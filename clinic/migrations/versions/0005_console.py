"""The staff console: the turn log, reviews, teaching, work on requests, accounts and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


# The audit can be added to and not changed, whoever is connected; console/audit_chain.py finds what was changed anyway.
APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER audit_entries_are_not_changed BEFORE UPDATE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        """CREATE TRIGGER audit_entries_are_not_deleted BEFORE DELETE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        # INSERT OR REPLACE deletes a row without calling the trigger above.
        """CREATE TRIGGER audit_entries_are_not_replaced BEFORE INSERT ON audit_entries
        WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
        """CREATE TRIGGER audit_entries_are_kept BEFORE UPDATE OR DELETE ON audit_entries
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit()""",
        """CREATE TRIGGER audit_entries_are_not_emptied BEFORE TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()""",
    ),
}


def upgrade() -> None:
    op.create_table('accounts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('display_name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('totp_secret', sa.Text(), nullable=True),
    sa.Column('totp_step', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_login_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.create_index('uq_accounts_name', ['name'], unique=True)

    op.create_table('audit_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=100), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=True),
    sa.Column('subject_id', sa.String(length=100), nullable=True),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entries_action', ['action', 'id'], unique=False)
        batch_op.create_index('ix_audit_entries_actor', ['actor', 'id'], unique=False)
        batch_op.create_index('ix_audit_entries_recorded_at', ['recorded_at'], unique=False)
        batch_op.create_index('ix_audit_entries_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('candidates',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('requested_by', sa.String(length=100), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('model', sa.String(length=80), nullable=True),
    sa.Column('model_before', sa.String(length=80), nullable=True),
    sa.Column('taught', sa.String(length=80), nullable=True),
    sa.Column('lines', sa.Integer(), nullable=True),
    sa.Column('labels', sa.Text(), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=True),
    sa.Column('comparison', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidates'))
    )
    with op.batch_alter_table('candidates', schema=None) as batch_op:
        batch_op.create_index('ix_candidates_state', ['state'], unique=False)

    op.create_table('console_sessions',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.String(length=36), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_console_sessions'))
    )
    with op.batch_alter_table('console_sessions', schema=None) as batch_op:
        batch_op.create_index('ix_console_sessions_account_id', ['account_id'], unique=False)

    op.create_table('conversation_reviews',
    sa.Column('conversation_id', sa.String(length=100), nullable=False),
    sa.Column('turns_seen', sa.Integer(), nullable=False),
    sa.Column('reviewed_by', sa.String(length=100), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_conversation_reviews'))
    )
    op.create_table('corrections',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('text_digest', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=100), nullable=False),
    sa.Column('label_before', sa.String(length=80), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('refusal', sa.String(length=200), nullable=True),
    sa.Column('proposed_by', sa.String(length=100), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=100), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('warning', sa.Text(), nullable=True),
    sa.Column('checked_version', sa.Integer(), nullable=True),
    sa.Column('taught_label', sa.String(length=80), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corrections'))
    )
    with op.batch_alter_table('corrections', schema=None) as batch_op:
        batch_op.create_index('ix_corrections_state', ['state'], unique=False)
        batch_op.create_index('uq_corrections_text_digest', ['text_digest'], unique=True)

    op.create_table('invitations',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('account_id', sa.String(length=36), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_invitations'))
    )
    op.create_table('logged_conversations',
    sa.Column('conversation_id', sa.String(length=100), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_activity_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('turn_count', sa.Integer(), nullable=False),
    sa.Column('fallback_count', sa.Integer(), nullable=False),
    sa.Column('least_confidence', sa.Float(), nullable=True),
    sa.Column('has_safety', sa.Boolean(), nullable=False),
    sa.Column('last_outcome', sa.String(length=20), nullable=False),
    sa.Column('attention', sa.String(length=20), nullable=True),
    sa.Column('attention_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_event_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_logged_conversations'))
    )
    with op.batch_alter_table('logged_conversations', schema=None) as batch_op:
        batch_op.create_index('ix_logged_conversations_attention', ['attention', 'attention_since'], unique=False)
        batch_op.create_index('ix_logged_conversations_last_activity_at', ['last_activity_at'], unique=False)
        batch_op.create_index('ix_logged_conversations_started_at', ['started_at', 'channel', 'language'], unique=False)

    op.create_table('logged_turns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=100), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=100), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('text_digest', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('confidence', sa.Float(), nullable=True),
    sa.Column('second_label', sa.String(length=80), nullable=True),
    sa.Column('safety', sa.String(length=80), nullable=True),
    sa.Column('candidates', sa.Text(), nullable=False),
    sa.Column('ranking', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('responses', sa.Text(), nullable=False),
    sa.Column('slots', sa.Text(), nullable=False),
    sa.Column('form', sa.String(length=40), nullable=True),
    sa.Column('requested_slot', sa.String(length=40), nullable=True),
    sa.Column('latency_ms', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_logged_turns')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('logged_turns', schema=None) as batch_op:
        batch_op.create_index('ix_logged_turns_form', ['form', 'hour', 'conversation_id', 'requested_slot', 'channel'], unique=False, sqlite_where=sa.text('form IS NOT NULL'), postgresql_where=sa.text('form IS NOT NULL'))
        batch_op.create_index('ix_logged_turns_hour', ['hour', 'channel', 'outcome'], unique=False)
        batch_op.create_index('ix_logged_turns_label', ['label', 'hour', 'channel', 'confidence'], unique=False)
        batch_op.create_index('ix_logged_turns_latency', ['latency_ms', 'hour', 'channel'], unique=False)
        batch_op.create_index('ix_logged_turns_message', ['conversation_id', 'message_id'], unique=False)
        batch_op.create_index('ix_logged_turns_outcome', ['outcome', 'started_at'], unique=False)
        batch_op.create_index('ix_logged_turns_second_label', ['second_label', 'hour', 'channel'], unique=False, sqlite_where=sa.text('second_label IS NOT NULL'), postgresql_where=sa.text('second_label IS NOT NULL'))
        batch_op.create_index('ix_logged_turns_started_at', ['started_at'], unique=False)
        batch_op.create_index('ix_logged_turns_text_digest', ['text_digest'], unique=False)
        batch_op.create_index('uq_logged_turns_event_id', ['event_id'], unique=True)
        batch_op.create_index('uq_logged_turns_ordinal', ['conversation_id', 'ordinal'], unique=True)

    op.create_table('login_attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempts')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('login_attempts', schema=None) as batch_op:
        batch_op.create_index('ix_login_attempts_subject', ['subject', 'tried_at'], unique=False)

    op.create_table('message_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('change', sa.String(length=20), nullable=False),
    sa.Column('changed_by', sa.String(length=100), nullable=False),
    sa.Column('details', sa.Text(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_changes')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('message_changes', schema=None) as batch_op:
        batch_op.create_index('uq_message_changes_version', ['message_id', 'version'], unique=True)

    op.create_table('projection_progress',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('watermark', sa.Integer(), nullable=False),
    sa.Column('candidate', sa.Integer(), nullable=False),
    sa.Column('candidate_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_projection_progress'))
    )
    op.create_table('promotions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('taught', sa.String(length=80), nullable=True),
    sa.Column('model_before', sa.String(length=80), nullable=True),
    sa.Column('taught_before', sa.String(length=80), nullable=True),
    sa.Column('promoted_by', sa.String(length=100), nullable=False),
    sa.Column('promoted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotions')),
    sqlite_autoincrement=True
    )
    op.create_table('saved_searches',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('account_id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=True),
    sa.Column('filters', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_searches'))
    )
    with op.batch_alter_table('saved_searches', schema=None) as batch_op:
        batch_op.create_index('ix_saved_searches_account_id', ['account_id', 'name'], unique=False)

    op.create_table('turn_reviews',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('conversation_id', sa.String(length=100), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=True),
    sa.Column('reviewed_by', sa.String(length=100), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_turn_reviews'))
    )
    with op.batch_alter_table('turn_reviews', schema=None) as batch_op:
        batch_op.create_index('ix_turn_reviews_conversation_id', ['conversation_id'], unique=False)

    with op.batch_alter_table('appointment_requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assignee', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('first_contact_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('conversation_states', schema=None) as batch_op:
        batch_op.create_index('ix_conversation_states_last_event_id', ['last_event_id'], unique=False)

    with op.batch_alter_table('flags', schema=None) as batch_op:
        batch_op.add_column(sa.Column('acknowledged_by', sa.String(length=100), nullable=True))

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('handled_by', sa.String(length=100), nullable=True))

    with op.batch_alter_table('outgoing_texts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('handled_by', sa.String(length=100), nullable=True))

    with op.batch_alter_table('staff_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assignee', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('first_contact_at', sa.DateTime(timezone=True), nullable=True))

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table('staff_messages', schema=None) as batch_op:
        batch_op.drop_column('first_contact_at')
        batch_op.drop_column('note')
        batch_op.drop_column('assignee')

    with op.batch_alter_table('outgoing_texts', schema=None) as batch_op:
        batch_op.drop_column('handled_by')
        batch_op.drop_column('handled_at')

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('handled_by')
        batch_op.drop_column('handled_at')

    with op.batch_alter_table('flags', schema=None) as batch_op:
        batch_op.drop_column('acknowledged_by')

    with op.batch_alter_table('conversation_states', schema=None) as batch_op:
        batch_op.drop_index('ix_conversation_states_last_event_id')

    with op.batch_alter_table('appointment_requests', schema=None) as batch_op:
        batch_op.drop_column('first_contact_at')
        batch_op.drop_column('note')
        batch_op.drop_column('assignee')

    with op.batch_alter_table('turn_reviews', schema=None) as batch_op:
        batch_op.drop_index('ix_turn_reviews_conversation_id')

    op.drop_table('turn_reviews')
    with op.batch_alter_table('saved_searches', schema=None) as batch_op:
        batch_op.drop_index('ix_saved_searches_account_id')

    op.drop_table('saved_searches')
    op.drop_table('promotions')
    op.drop_table('projection_progress')
    with op.batch_alter_table('message_changes', schema=None) as batch_op:
        batch_op.drop_index('uq_message_changes_version')

    op.drop_table('message_changes')
    with op.batch_alter_table('login_attempts', schema=None) as batch_op:
        batch_op.drop_index('ix_login_attempts_subject')

    op.drop_table('login_attempts')
    with op.batch_alter_table('logged_turns', schema=None) as batch_op:
        batch_op.drop_index('uq_logged_turns_ordinal')
        batch_op.drop_index('uq_logged_turns_event_id')
        batch_op.drop_index('ix_logged_turns_text_digest')
        batch_op.drop_index('ix_logged_turns_started_at')
        batch_op.drop_index('ix_logged_turns_outcome')
        batch_op.drop_index('ix_logged_turns_message')
        batch_op.drop_index('ix_logged_turns_second_label')
        batch_op.drop_index('ix_logged_turns_latency')
        batch_op.drop_index('ix_logged_turns_label')
        batch_op.drop_index('ix_logged_turns_hour')
        batch_op.drop_index('ix_logged_turns_form')

    op.drop_table('logged_turns')
    with op.batch_alter_table('logged_conversations', schema=None) as batch_op:
        batch_op.drop_index('ix_logged_conversations_started_at')
        batch_op.drop_index('ix_logged_conversations_last_activity_at')
        batch_op.drop_index('ix_logged_conversations_attention')

    op.drop_table('logged_conversations')
    op.drop_table('invitations')
    with op.batch_alter_table('corrections', schema=None) as batch_op:
        batch_op.drop_index('uq_corrections_text_digest')
        batch_op.drop_index('ix_corrections_state')

    op.drop_table('corrections')
    op.drop_table('conversation_reviews')
    with op.batch_alter_table('console_sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_console_sessions_account_id')

    op.drop_table('console_sessions')
    with op.batch_alter_table('candidates', schema=None) as batch_op:
        batch_op.drop_index('ix_candidates_state')

    op.drop_table('candidates')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_subject')
        batch_op.drop_index('ix_audit_entries_recorded_at')
        batch_op.drop_index('ix_audit_entries_actor')
        batch_op.drop_index('ix_audit_entries_action')

    op.drop_table('audit_entries')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_audit()")
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_index('uq_accounts_name')

    op.drop_table('accounts')
