"""first tables"""

import sqlalchemy as sa
from alembic import op

import commission.ledger.ddl
import kernel.crypto
import kernel.db
import onboarding.listings.ddl

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(sa.schema.CreateSequence(sa.Sequence('ledger_entry_ids')))
    op.create_table('audit_rows',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('actor', sa.String(length=60), nullable=False),
    sa.Column('operation', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_rows'))
    )
    with op.batch_alter_table('audit_rows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_rows_actor_user_id'), ['actor_user_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_rows_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_rows_operation'), ['operation'], unique=False)

    op.create_table('belts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name_zh', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('province', sa.String(length=20), nullable=False),
    sa.Column('city', sa.String(length=20), nullable=False),
    sa.Column('county', sa.String(length=20), nullable=False),
    sa.Column('trade', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_belts')),
    sa.UniqueConstraint('slug', name=op.f('uq_belts_slug'))
    )
    with op.batch_alter_table('belts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_belts_province'), ['province'], unique=False)

    op.create_table('carts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('form_token', sa.String(length=40), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carts')),
    sa.UniqueConstraint('form_token', name=op.f('uq_carts_form_token')),
    sa.UniqueConstraint('public_id', name=op.f('uq_carts_public_id'))
    )
    with op.batch_alter_table('carts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_carts_updated_at'), ['updated_at'], unique=False)

    op.create_table('jobs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('queue', sa.String(length=10), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('fact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('slot', sa.String(length=40), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('run_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('lease_until', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_by', sa.String(length=60), nullable=True),
    sa.Column('finished_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(state = 'running') = (lease_until is not null)", name=op.f('ck_jobs_lease')),
    sa.CheckConstraint("queue in ('index', 'light', 'heavy')", name=op.f('ck_jobs_queue')),
    sa.CheckConstraint("state in ('ready', 'running', 'done', 'failed')", name=op.f('ck_jobs_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('fact_id', 'name', name=op.f('uq_jobs_fact_id_name')),
    sa.UniqueConstraint('slot', 'name', name=op.f('uq_jobs_slot_name'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_due', ['queue', 'state', 'run_at'], unique=False)

    op.create_table('ledger_accounts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('party', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.CheckConstraint("kind in ('clearing', 'processing_cost', 'receivable', 'held', 'payable', 'payout_in_transit', 'refunds_due', 'commission')", name=op.f('ck_ledger_accounts_kind')),
    sa.CheckConstraint("party <> ''", name=op.f('ck_ledger_accounts_party')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_accounts')),
    sa.UniqueConstraint('party', 'kind', 'currency', name=op.f('uq_ledger_accounts_party_kind_currency'))
    )
    op.create_table('ledger_blocks',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('first_entry', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_entry', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('sealed_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('entries between 1 and 1000', name=op.f('ck_ledger_blocks_entries')),
    sa.CheckConstraint('first_entry <= last_entry', name=op.f('ck_ledger_blocks_range')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_ledger_blocks_number')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_ledger_blocks'))
    )
    op.create_table('ledger_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('template', sa.String(length=40), nullable=False),
    sa.Column('fact_kind', sa.String(length=40), nullable=False),
    sa.Column('fact_id', sa.String(length=60), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('legs', sa.SmallInteger(), nullable=False),
    sa.Column('at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('memo', sa.String(length=200), nullable=False),
    sa.CheckConstraint("fact_kind <> '' and fact_id <> ''", name=op.f('ck_ledger_entries_fact')),
    sa.CheckConstraint('legs >= 2', name=op.f('ck_ledger_entries_legs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entries')),
    sa.UniqueConstraint('fact_kind', 'fact_id', name=op.f('uq_ledger_entries_fact_kind_fact_id'))
    )
    with op.batch_alter_table('ledger_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_entries_business_date'), ['business_date'], unique=False)

    op.create_table('messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('recipient', kernel.crypto.EncryptedText(), nullable=False),
    sa.Column('text', kernel.crypto.EncryptedText(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("channel in ('sms', 'mail')", name=op.f('ck_messages_channel')),
    sa.CheckConstraint("state in ('queued', 'sent')", name=op.f('ck_messages_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('public_id', name=op.f('uq_messages_public_id'))
    )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_created_at'), ['created_at'], unique=False)

    op.create_table('one_time_codes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('phone_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('code_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('tries >= 0', name=op.f('ck_one_time_codes_tries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_codes'))
    )
    with op.batch_alter_table('one_time_codes', schema=None) as batch_op:
        batch_op.create_index('ix_one_time_codes_phone_purpose', ['phone_fingerprint', 'purpose'], unique=False)

    op.create_table('organisations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('factory', 'merchant')", name=op.f('ck_organisations_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('public_id', name=op.f('uq_organisations_public_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisations_slug'))
    )
    op.create_table('outbox_facts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('happened_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('relayed_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_facts'))
    )
    with op.batch_alter_table('outbox_facts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_facts_relayed_at'), ['relayed_at'], unique=False)

    op.create_table('payments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('payer', sa.String(length=40), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('fee_fen', sa.BigInteger(), nullable=False),
    sa.Column('refunded_fen', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('paid_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'refunded') = (refunded_fen = amount_fen)", name=op.f('ck_payments_refunded_state')),
    sa.CheckConstraint("(state in ('paid', 'refunded')) = (paid_at is not null)", name=op.f('ck_payments_paid_at')),
    sa.CheckConstraint("state in ('pending', 'paid', 'failed', 'refunded')", name=op.f('ck_payments_state')),
    sa.CheckConstraint('0 <= fee_fen and fee_fen <= amount_fen', name=op.f('ck_payments_fee')),
    sa.CheckConstraint('0 <= refunded_fen and refunded_fen <= amount_fen', name=op.f('ck_payments_refunded')),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_payments_amount')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payments')),
    sa.UniqueConstraint('public_id', name=op.f('uq_payments_public_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_payments_reference'))
    )
    with op.batch_alter_table('payments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payments_payer'), ['payer'], unique=False)

    op.create_table('payouts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('party', sa.String(length=40), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('kept_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('intent', sa.String(length=40), nullable=False),
    sa.Column('rail_ref', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.String(length=80), nullable=False),
    sa.Column('begun_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state in ('paid', 'failed')) = (finished_at is not null)", name=op.f('ck_payouts_finished')),
    sa.CheckConstraint("state in ('begun', 'unknown', 'paid', 'failed')", name=op.f('ck_payouts_state')),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_payouts_amount')),
    sa.CheckConstraint('kept_fen >= 0', name=op.f('ck_payouts_kept')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payouts')),
    sa.UniqueConstraint('public_id', name=op.f('uq_payouts_public_id'))
    )
    with op.batch_alter_table('payouts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payouts_party'), ['party'], unique=False)
        batch_op.create_index('uq_payouts_open', ['party', 'currency'], unique=True, sqlite_where=sa.text("state in ('begun', 'unknown')"), postgresql_where=sa.text("state in ('begun', 'unknown')"))

    op.create_table('rate_cards',
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('effective_from', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('published_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('rules', sa.SmallInteger(), nullable=False),
    sa.CheckConstraint('effective_from >= published_at', name=op.f('ck_rate_cards_not_backdated')),
    sa.CheckConstraint('rules >= 1', name=op.f('ck_rate_cards_rules')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_rate_cards_version')),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_rate_cards'))
    )
    op.create_table('rate_counters',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('window_start', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('expires_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', 'window_start', name=op.f('pk_rate_counters'))
    )
    with op.batch_alter_table('rate_counters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rate_counters_expires_at'), ['expires_at'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('phone', kernel.crypto.EncryptedText(), nullable=False),
    sa.Column('phone_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('phone_fingerprint', name=op.f('uq_users_phone_fingerprint')),
    sa.UniqueConstraint('public_id', name=op.f('uq_users_public_id'))
    )
    op.create_table('applications',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uscc', sa.String(length=18), nullable=False),
    sa.Column('belt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('submitted_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'refused') = (reason <> '')", name=op.f('ck_applications_reason')),
    sa.CheckConstraint("state in ('submitted', 'approved', 'refused')", name=op.f('ck_applications_state')),
    sa.CheckConstraint('length(uscc) = 18', name=op.f('ck_applications_uscc_length')),
    sa.ForeignKeyConstraint(['belt_id'], ['belts.id'], name=op.f('fk_applications_belt_id_belts')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_applications_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_applications_organisation_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_applications_public_id')),
    sa.UniqueConstraint('uscc', name=op.f('uq_applications_uscc'))
    )
    with op.batch_alter_table('applications', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_belt_id'), ['belt_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_state'), ['state'], unique=False)

    op.create_table('cases',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('subject_type', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('region', sa.String(length=20), nullable=False),
    sa.Column('belt', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('opened_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'open') = (decided_at is null)", name=op.f('ck_cases_decided')),
    sa.CheckConstraint("(state = 'refused') = (reason <> '')", name=op.f('ck_cases_reason')),
    sa.CheckConstraint("state in ('open', 'approved', 'refused')", name=op.f('ck_cases_state')),
    sa.CheckConstraint("subject_type in ('factory', 'listing')", name=op.f('ck_cases_subject_type')),
    sa.CheckConstraint('(decided_at is null) = (decided_by is null)', name=op.f('ck_cases_decided_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_cases_decided_by_users')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_cases_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('public_id', name=op.f('uq_cases_public_id'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cases_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_cases_queue', ['state', 'subject_type', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_subject'), ['subject'], unique=False)
        batch_op.create_index('uq_cases_open_subject', ['subject_type', 'subject'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('ledger_postings',
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_fen <> 0', name=op.f('ck_ledger_postings_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_accounts.id'], name=op.f('fk_ledger_postings_account_id_ledger_accounts')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entries.id'], name=op.f('fk_ledger_postings_entry_id_ledger_entries'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('entry_id', 'account_id', name=op.f('pk_ledger_postings')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('ledger_postings', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_postings_account', ['account_id', 'entry_id'], unique=False)

    op.create_table('listings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('attributes', sa.JSON(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('image', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('published_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'refused') = (reason <> '')", name=op.f('ck_listings_reason')),
    sa.CheckConstraint("state in ('draft', 'submitted', 'published', 'refused', 'archived')", name=op.f('ck_listings_state')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_listings_title')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_listings_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listings')),
    sa.UniqueConstraint('organisation_id', 'code', name=op.f('uq_listings_organisation_id_code')),
    sa.UniqueConstraint('public_id', name=op.f('uq_listings_public_id'))
    )
    with op.batch_alter_table('listings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_listings_category'), ['category'], unique=False)
        batch_op.create_index(batch_op.f('ix_listings_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_listings_state'), ['state'], unique=False)

    op.create_table('memberships',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role in ('owner', 'clerk')", name=op.f('ck_memberships_role')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_memberships_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_memberships_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memberships')),
    sa.UniqueConstraint('user_id', 'organisation_id', name=op.f('uq_memberships_user_id_organisation_id'))
    )
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_memberships_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('order_groups',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('buyer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('buyer', sa.String(length=40), nullable=False),
    sa.Column('form_token', sa.String(length=40), nullable=False),
    sa.Column('address', kernel.crypto.EncryptedText(), nullable=False),
    sa.Column('total_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('placed_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('expires_at > placed_at', name=op.f('ck_order_groups_expires_at')),
    sa.CheckConstraint('total_fen > 0', name=op.f('ck_order_groups_total')),
    sa.ForeignKeyConstraint(['buyer_id'], ['users.id'], name=op.f('fk_order_groups_buyer_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_groups')),
    sa.UniqueConstraint('form_token', name=op.f('uq_order_groups_form_token')),
    sa.UniqueConstraint('public_id', name=op.f('uq_order_groups_public_id'))
    )
    with op.batch_alter_table('order_groups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_groups_buyer_id'), ['buyer_id'], unique=False)

    op.create_table('rail_intents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('payment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('counterpart', sa.String(length=80), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('rail_ref', sa.String(length=80), nullable=False),
    sa.Column('fee_fen', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=80), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answered_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'payout') = (payment_id is null)", name=op.f('ck_rail_intents_payment')),
    sa.CheckConstraint("(state in ('ok', 'failed')) = (answered_at is not null)", name=op.f('ck_rail_intents_answered_at')),
    sa.CheckConstraint("kind in ('charge', 'refund', 'payout')", name=op.f('ck_rail_intents_kind')),
    sa.CheckConstraint("state <> 'ok' or rail_ref <> ''", name=op.f('ck_rail_intents_rail_ref')),
    sa.CheckConstraint("state in ('begun', 'ok', 'failed', 'unknown')", name=op.f('ck_rail_intents_state')),
    sa.CheckConstraint('0 <= fee_fen and fee_fen <= amount_fen', name=op.f('ck_rail_intents_fee')),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_rail_intents_amount')),
    sa.CheckConstraint('attempt >= 1', name=op.f('ck_rail_intents_attempt')),
    sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_rail_intents_payment_id_payments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rail_intents')),
    sa.UniqueConstraint('kind', 'subject', 'attempt', name=op.f('uq_rail_intents_kind_subject_attempt')),
    sa.UniqueConstraint('public_id', name=op.f('uq_rail_intents_public_id'))
    )
    with op.batch_alter_table('rail_intents', schema=None) as batch_op:
        batch_op.create_index('ix_rail_intents_open', ['created_at'], unique=False, sqlite_where=sa.text("state in ('begun', 'unknown')"), postgresql_where=sa.text("state in ('begun', 'unknown')"))
        batch_op.create_index(batch_op.f('ix_rail_intents_payment_id'), ['payment_id'], unique=False)
        batch_op.create_index('uq_rail_intents_standing', ['kind', 'subject'], unique=True, sqlite_where=sa.text("state <> 'failed'"), postgresql_where=sa.text("state <> 'failed'"))

    op.create_table('rate_rules',
    sa.Column('card', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('basis_points', sa.Integer(), nullable=False),
    sa.Column('base', sa.String(length=20), nullable=False),
    sa.CheckConstraint("base in ('retail_net', 'supply_net')", name=op.f('ck_rate_rules_base')),
    sa.CheckConstraint("way in ('direct', 'supply', 'merchant')", name=op.f('ck_rate_rules_way')),
    sa.CheckConstraint('basis_points between 0 and 10000', name=op.f('ck_rate_rules_basis_points')),
    sa.ForeignKeyConstraint(['card'], ['rate_cards.version'], name=op.f('fk_rate_rules_card_rate_cards'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('card', 'way', name=op.f('pk_rate_rules')),
    sqlite_with_rowid=False
    )
    op.create_table('sales',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_ref', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('seller', sa.String(length=40), nullable=False),
    sa.Column('seller_name', sa.String(length=80), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('category', sa.String(length=120), nullable=False),
    sa.Column('belt', sa.String(length=60), nullable=False),
    sa.Column('campaign', sa.String(length=60), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('goods_fen', sa.BigInteger(), nullable=False),
    sa.Column('freight_fen', sa.BigInteger(), nullable=False),
    sa.Column('processing_fen', sa.BigInteger(), nullable=False),
    sa.Column('refunded_goods_fen', sa.BigInteger(), nullable=False),
    sa.Column('refunded_freight_fen', sa.BigInteger(), nullable=False),
    sa.Column('card_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('basis_points', sa.Integer(), nullable=False),
    sa.Column('commission_fen', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('paid_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('release_on', sa.Date(), nullable=True),
    sa.Column('settled_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(state = 'settled') = (settled_on is not null)", name=op.f('ck_sales_settled')),
    sa.CheckConstraint("state in ('held', 'settled')", name=op.f('ck_sales_state')),
    sa.CheckConstraint('(release_on is null) = (received_at is null)', name=op.f('ck_sales_release')),
    sa.CheckConstraint('commission_fen = ((goods_fen - refunded_goods_fen) * basis_points * 2 + 10000) / 20000', name=op.f('ck_sales_commission')),
    sa.CheckConstraint('goods_fen >= 0 and freight_fen >= 0 and goods_fen + freight_fen > 0', name=op.f('ck_sales_amounts')),
    sa.CheckConstraint('processing_fen between 0 and goods_fen + freight_fen', name=op.f('ck_sales_processing')),
    sa.CheckConstraint('refunded_freight_fen between 0 and freight_fen', name=op.f('ck_sales_refunded_freight')),
    sa.CheckConstraint('refunded_goods_fen between 0 and goods_fen', name=op.f('ck_sales_refunded_goods')),
    sa.CheckConstraint('settled_on is null or settled_on >= release_on', name=op.f('ck_sales_not_early')),
    sa.ForeignKeyConstraint(['card_version'], ['rate_cards.version'], name=op.f('fk_sales_card_version_rate_cards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales')),
    sa.UniqueConstraint('order_ref', name=op.f('uq_sales_order_ref'))
    )
    with op.batch_alter_table('sales', schema=None) as batch_op:
        batch_op.create_index('ix_sales_due', ['state', 'release_on', 'id'], unique=False)
        batch_op.create_index('ix_sales_statement', ['seller', 'settled_on', 'id'], unique=False)

    op.create_table('sheet_imports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('file_key', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reading', sa.JSON(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('error_code', sa.String(length=60), nullable=False),
    sa.Column('error_params', sa.JSON(), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'failed') = (error_code <> '')", name=op.f('ck_sheet_imports_error')),
    sa.CheckConstraint("state in ('waiting', 'read', 'imported', 'failed')", name=op.f('ck_sheet_imports_state')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_sheet_imports_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_imports')),
    sa.UniqueConstraint('public_id', name=op.f('uq_sheet_imports_public_id'))
    )
    with op.batch_alter_table('sheet_imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_imports_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('staff_roles',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('scope_kind', sa.String(length=10), nullable=False),
    sa.Column('scope_value', sa.String(length=60), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(scope_kind = 'channel') = (scope_value = '')", name=op.f('ck_staff_roles_scope_value')),
    sa.CheckConstraint("role in ('operator', 'finance')", name=op.f('ck_staff_roles_role')),
    sa.CheckConstraint("scope_kind in ('channel', 'region', 'belt')", name=op.f('ck_staff_roles_scope_kind')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_staff_roles_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_roles')),
    sa.UniqueConstraint('user_id', 'role', 'scope_kind', 'scope_value', name=op.f('uq_staff_roles_user_id_role_scope_kind_scope_value'))
    )
    op.create_table('web_sessions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_web_sessions_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_web_sessions')),
    sa.UniqueConstraint('token_fingerprint', name=op.f('uq_web_sessions_token_fingerprint'))
    )
    with op.batch_alter_table('web_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_web_sessions_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_web_sessions_user_id'), ['user_id'], unique=False)

    op.create_table('orders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seller', sa.String(length=40), nullable=False),
    sa.Column('seller_name', sa.String(length=80), nullable=False),
    sa.Column('belt', sa.String(length=60), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('goods_fen', sa.BigInteger(), nullable=False),
    sa.Column('freight_fen', sa.BigInteger(), nullable=False),
    sa.Column('total_fen', sa.BigInteger(), nullable=False),
    sa.Column('processing_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('placed_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('paid_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('shipped_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('received_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('completed_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.String(length=20), nullable=False),
    sa.CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name=op.f('ck_orders_cancel_reason')),
    sa.CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", name=op.f('ck_orders_cancelled_at')),
    sa.CheckConstraint("(state = 'completed') = (completed_at is not null)", name=op.f('ck_orders_completed_at')),
    sa.CheckConstraint("(state in ('delivered', 'completed')) = (received_at is not null)", name=op.f('ck_orders_received_at')),
    sa.CheckConstraint("(state in ('placed', 'cancelled')) = (paid_at is null)", name=op.f('ck_orders_paid_at')),
    sa.CheckConstraint("(state in ('shipped', 'delivered', 'completed')) = (shipped_at is not null)", name=op.f('ck_orders_shipped_at')),
    sa.CheckConstraint("state in ('placed', 'paid', 'packed', 'shipped', 'delivered', 'completed', 'cancelled')", name=op.f('ck_orders_state')),
    sa.CheckConstraint("way in ('direct', 'supply')", name=op.f('ck_orders_way')),
    sa.CheckConstraint('0 <= processing_fen and processing_fen <= total_fen', name=op.f('ck_orders_processing')),
    sa.CheckConstraint('goods_fen > 0 and freight_fen >= 0', name=op.f('ck_orders_amounts')),
    sa.CheckConstraint('total_fen = goods_fen + freight_fen', name=op.f('ck_orders_total')),
    sa.ForeignKeyConstraint(['group_id'], ['order_groups.id'], name=op.f('fk_orders_group_id_order_groups')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_orders_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('number', name=op.f('uq_orders_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_orders_public_id'))
    )
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_orders_group_id'), ['group_id'], unique=False)
        batch_op.create_index('ix_orders_seller', ['organisation_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_orders_state', ['state', 'id'], unique=False)

    op.create_table('sale_refunds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ref', sa.String(length=40), nullable=False),
    sa.Column('sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('goods_fen', sa.BigInteger(), nullable=False),
    sa.Column('freight_fen', sa.BigInteger(), nullable=False),
    sa.Column('commission_back_fen', sa.BigInteger(), nullable=False),
    sa.Column('after_settlement', sa.Boolean(), nullable=False),
    sa.Column('refunded_on', sa.Date(), nullable=False),
    sa.Column('at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('commission_back_fen between 0 and goods_fen', name=op.f('ck_sale_refunds_commission_back')),
    sa.CheckConstraint('goods_fen >= 0 and freight_fen >= 0 and goods_fen + freight_fen > 0', name=op.f('ck_sale_refunds_amounts')),
    sa.ForeignKeyConstraint(['sale_id'], ['sales.id'], name=op.f('fk_sale_refunds_sale_id_sales')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sale_refunds')),
    sa.UniqueConstraint('ref', name=op.f('uq_sale_refunds_ref'))
    )
    with op.batch_alter_table('sale_refunds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sale_refunds_sale_id'), ['sale_id'], unique=False)

    op.create_table('skus',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('options_key', sa.String(length=200), nullable=False),
    sa.Column('retail_price_fen', sa.BigInteger(), nullable=False),
    sa.Column('supply_price_fen', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('on_hand', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('made_to_order', sa.Boolean(), nullable=False),
    sa.CheckConstraint('0 <= reserved and reserved <= on_hand', name=op.f('ck_skus_stock')),
    sa.CheckConstraint('retail_price_fen > 0 and retail_price_fen <= 100000000', name=op.f('ck_skus_retail_price')),
    sa.CheckConstraint('supply_price_fen > 0 and supply_price_fen <= 100000000', name=op.f('ck_skus_supply_price')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_skus_listing_id_listings')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_skus_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skus')),
    sa.UniqueConstraint('listing_id', 'options_key', name=op.f('uq_skus_listing_id_options_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_skus_public_id'))
    )
    with op.batch_alter_table('skus', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skus_listing_id'), ['listing_id'], unique=False)

    op.create_table('supply_tiers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('min_quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.CheckConstraint('min_quantity >= 1', name=op.f('ck_supply_tiers_min_quantity')),
    sa.CheckConstraint('unit_price_fen > 0 and unit_price_fen <= 100000000', name=op.f('ck_supply_tiers_unit_price')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_supply_tiers_listing_id_listings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supply_tiers')),
    sa.UniqueConstraint('listing_id', 'min_quantity', name=op.f('uq_supply_tiers_listing_id_min_quantity'))
    )
    op.create_table('ways_of_selling',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('min_quantity', sa.Integer(), nullable=False),
    sa.Column('drop_ship_price_fen', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("drop_ship_price_fen is null or (way = 'supply' and drop_ship_price_fen between 1 and 100000000)", name=op.f('ck_ways_of_selling_drop_ship_price')),
    sa.CheckConstraint("way in ('direct', 'supply')", name=op.f('ck_ways_of_selling_way')),
    sa.CheckConstraint('min_quantity >= 1', name=op.f('ck_ways_of_selling_min_quantity')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_ways_of_selling_listing_id_listings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ways_of_selling')),
    sa.UniqueConstraint('listing_id', 'way', name=op.f('uq_ways_of_selling_listing_id_way'))
    )
    op.create_table('offers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sku_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('price_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('min_quantity', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('own', 'resale')", name=op.f('ck_offers_kind')),
    sa.CheckConstraint("state in ('on', 'held', 'off')", name=op.f('ck_offers_state')),
    sa.CheckConstraint('min_quantity >= 1', name=op.f('ck_offers_min_quantity')),
    sa.CheckConstraint('price_fen > 0', name=op.f('ck_offers_price')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_offers_listing_id_listings')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_offers_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['sku_id'], ['skus.id'], name=op.f('fk_offers_sku_id_skus')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offers')),
    sa.UniqueConstraint('organisation_id', 'sku_id', name=op.f('uq_offers_organisation_id_sku_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_offers_public_id'))
    )
    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offers_listing_id'), ['listing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_offers_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_offers_sku_id'), ['sku_id'], unique=False)

    op.create_table('shipments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('carrier', sa.String(length=10), nullable=False),
    sa.Column('tracking', sa.String(length=24), nullable=False),
    sa.Column('shipped_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("carrier in ('sf', 'zto', 'yto', 'sto', 'yunda', 'jitu', 'jd', 'ems', 'deppon')", name=op.f('ck_shipments_carrier')),
    sa.CheckConstraint('length(tracking) between 8 and 24', name=op.f('ck_shipments_tracking')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_shipments_order_id_orders')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_shipments_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipments')),
    sa.UniqueConstraint('order_id', 'carrier', 'tracking', name=op.f('uq_shipments_order_id_carrier_tracking')),
    sa.UniqueConstraint('public_id', name=op.f('uq_shipments_public_id'))
    )
    with op.batch_alter_table('shipments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shipments_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('stock_movements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sku_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pieces', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('pieces <> 0', name=op.f('ck_stock_movements_pieces')),
    sa.ForeignKeyConstraint(['sku_id'], ['skus.id'], name=op.f('fk_stock_movements_sku_id_skus')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_movements')),
    sa.UniqueConstraint('sku_id', 'reason', 'source', name=op.f('uq_stock_movements_sku_id_reason_source'))
    )
    with op.batch_alter_table('stock_movements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stock_movements_sku_id'), ['sku_id'], unique=False)

    op.create_table('stock_reservations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder', sa.String(length=40), nullable=False),
    sa.Column('buyer', sa.String(length=40), nullable=False),
    sa.Column('sku_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('stocked', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'held') = (ended_at is null)", name=op.f('ck_stock_reservations_ended')),
    sa.CheckConstraint("state in ('held', 'taken', 'released')", name=op.f('ck_stock_reservations_state')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_stock_reservations_quantity')),
    sa.ForeignKeyConstraint(['sku_id'], ['skus.id'], name=op.f('fk_stock_reservations_sku_id_skus')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_reservations')),
    sa.UniqueConstraint('holder', 'sku_id', name=op.f('uq_stock_reservations_holder_sku_id'))
    )
    with op.batch_alter_table('stock_reservations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stock_reservations_buyer'), ['buyer'], unique=False)
        batch_op.create_index('ix_stock_reservations_due', ['state', 'expires_at'], unique=False)

    op.create_table('cart_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cart_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offer', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('seen_price_fen', sa.BigInteger(), nullable=False),
    sa.Column('added_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('1 <= quantity and quantity <= 9999', name=op.f('ck_cart_lines_quantity')),
    sa.CheckConstraint('seen_price_fen > 0', name=op.f('ck_cart_lines_seen_price')),
    sa.ForeignKeyConstraint(['cart_id'], ['carts.id'], name=op.f('fk_cart_lines_cart_id_carts')),
    sa.ForeignKeyConstraint(['offer'], ['offers.public_id'], name=op.f('fk_cart_lines_offer_offers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cart_lines')),
    sa.UniqueConstraint('cart_id', 'offer', name=op.f('uq_cart_lines_cart_id_offer'))
    )
    op.create_table('order_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offer', sa.String(length=40), nullable=False),
    sa.Column('sku_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sku', sa.String(length=40), nullable=False),
    sa.Column('listing', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('image', sa.String(length=200), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('unit_price_fen', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.CheckConstraint('amount_fen = unit_price_fen * quantity', name=op.f('ck_order_lines_amount')),
    sa.CheckConstraint('quantity >= 1', name=op.f('ck_order_lines_quantity')),
    sa.CheckConstraint('unit_price_fen > 0', name=op.f('ck_order_lines_unit_price')),
    sa.ForeignKeyConstraint(['offer'], ['offers.public_id'], name=op.f('fk_order_lines_offer_offers')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_lines_order_id_orders')),
    sa.ForeignKeyConstraint(['sku_id'], ['skus.id'], name=op.f('fk_order_lines_sku_id_skus')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_lines')),
    sa.UniqueConstraint('order_id', 'offer', name=op.f('uq_order_lines_order_id_offer'))
    )
    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_lines_order_id'), ['order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_lines_sku_id'), ['sku_id'], unique=False)
    commission.ledger.ddl.create_triggers(op.get_bind())
    onboarding.listings.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.listings.ddl.drop_triggers(op.get_bind())
    commission.ledger.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_order_lines_sku_id'))
        batch_op.drop_index(batch_op.f('ix_order_lines_order_id'))

    op.drop_table('order_lines')
    op.drop_table('cart_lines')
    with op.batch_alter_table('stock_reservations', schema=None) as batch_op:
        batch_op.drop_index('ix_stock_reservations_due')
        batch_op.drop_index(batch_op.f('ix_stock_reservations_buyer'))

    op.drop_table('stock_reservations')
    with op.batch_alter_table('stock_movements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stock_movements_sku_id'))

    op.drop_table('stock_movements')
    with op.batch_alter_table('shipments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shipments_organisation_id'))

    op.drop_table('shipments')
    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offers_sku_id'))
        batch_op.drop_index(batch_op.f('ix_offers_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_offers_listing_id'))

    op.drop_table('offers')
    op.drop_table('ways_of_selling')
    op.drop_table('supply_tiers')
    with op.batch_alter_table('skus', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_skus_listing_id'))

    op.drop_table('skus')
    with op.batch_alter_table('sale_refunds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sale_refunds_sale_id'))

    op.drop_table('sale_refunds')
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.drop_index('ix_orders_state')
        batch_op.drop_index('ix_orders_seller')
        batch_op.drop_index(batch_op.f('ix_orders_group_id'))

    op.drop_table('orders')
    with op.batch_alter_table('web_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_web_sessions_user_id'))
        batch_op.drop_index(batch_op.f('ix_web_sessions_expires_at'))

    op.drop_table('web_sessions')
    op.drop_table('staff_roles')
    with op.batch_alter_table('sheet_imports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_imports_organisation_id'))

    op.drop_table('sheet_imports')
    with op.batch_alter_table('sales', schema=None) as batch_op:
        batch_op.drop_index('ix_sales_statement')
        batch_op.drop_index('ix_sales_due')

    op.drop_table('sales')
    op.drop_table('rate_rules')
    with op.batch_alter_table('rail_intents', schema=None) as batch_op:
        batch_op.drop_index('uq_rail_intents_standing', sqlite_where=sa.text("state <> 'failed'"), postgresql_where=sa.text("state <> 'failed'"))
        batch_op.drop_index(batch_op.f('ix_rail_intents_payment_id'))
        batch_op.drop_index('ix_rail_intents_open', sqlite_where=sa.text("state in ('begun', 'unknown')"), postgresql_where=sa.text("state in ('begun', 'unknown')"))

    op.drop_table('rail_intents')
    with op.batch_alter_table('order_groups', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_order_groups_buyer_id'))

    op.drop_table('order_groups')
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_memberships_organisation_id'))

    op.drop_table('memberships')
    with op.batch_alter_table('listings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_listings_state'))
        batch_op.drop_index(batch_op.f('ix_listings_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_listings_category'))

    op.drop_table('listings')
    with op.batch_alter_table('ledger_postings', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_postings_account')

    op.drop_table('ledger_postings')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('uq_cases_open_subject', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_cases_subject'))
        batch_op.drop_index('ix_cases_queue')
        batch_op.drop_index(batch_op.f('ix_cases_organisation_id'))

    op.drop_table('cases')
    with op.batch_alter_table('applications', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applications_state'))
        batch_op.drop_index(batch_op.f('ix_applications_belt_id'))

    op.drop_table('applications')
    op.drop_table('users')
    with op.batch_alter_table('rate_counters', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rate_counters_expires_at'))

    op.drop_table('rate_counters')
    op.drop_table('rate_cards')
    with op.batch_alter_table('payouts', schema=None) as batch_op:
        batch_op.drop_index('uq_payouts_open', sqlite_where=sa.text("state in ('begun', 'unknown')"), postgresql_where=sa.text("state in ('begun', 'unknown')"))
        batch_op.drop_index(batch_op.f('ix_payouts_party'))

    op.drop_table('payouts')
    with op.batch_alter_table('payments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_payments_payer'))

    op.drop_table('payments')
    with op.batch_alter_table('outbox_facts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_facts_relayed_at'))

    op.drop_table('outbox_facts')
    op.drop_table('organisations')
    with op.batch_alter_table('one_time_codes', schema=None) as batch_op:
        batch_op.drop_index('ix_one_time_codes_phone_purpose')

    op.drop_table('one_time_codes')
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_messages_created_at'))

    op.drop_table('messages')
    with op.batch_alter_table('ledger_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_entries_business_date'))

    op.drop_table('ledger_entries')
    op.drop_table('ledger_blocks')
    op.drop_table('ledger_accounts')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_due')

    op.drop_table('jobs')
    with op.batch_alter_table('carts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_carts_updated_at'))

    op.drop_table('carts')
    with op.batch_alter_table('belts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_belts_province'))

    op.drop_table('belts')
    with op.batch_alter_table('audit_rows', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_rows_operation'))
        batch_op.drop_index(batch_op.f('ix_audit_rows_at'))
        batch_op.drop_index(batch_op.f('ix_audit_rows_actor_user_id'))

    op.drop_table('audit_rows')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(sa.schema.DropSequence(sa.Sequence('ledger_entry_ids')))
