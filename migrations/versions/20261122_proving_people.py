"""proving people: e-mail beside phone, passwords, second factors, codes by recipient and purpose, invitations

Whoever was here before is reached by her phone; whoever is signed in proved herself when she came in.
"""

import sqlalchemy as sa
from alembic import op

import kernel.crypto
import kernel.db

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = kernel.db.UtcDateTime(timezone=True)
OPEN = sa.text('accepted_at is null and revoked_at is null')


def upgrade() -> None:
    _people()
    _sessions_and_codes()
    _second_factors()
    _invitations()


def _people() -> None:
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.alter_column('phone', existing_type=kernel.crypto.EncryptedText(), nullable=True)
        batch_op.alter_column('phone_fingerprint', existing_type=sa.String(length=64), nullable=True)
        batch_op.add_column(sa.Column('email', kernel.crypto.EncryptedText(), nullable=True))
        batch_op.add_column(sa.Column('email_fingerprint', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('password_hash', kernel.crypto.EncryptedText(), nullable=True))
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f('uq_users_email_fingerprint'), ['email_fingerprint'])
        batch_op.create_check_constraint(
            batch_op.f('ck_users_reachable'), sa.text('phone_fingerprint is not null or email_fingerprint is not null')
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_users_phone'), sa.text('(phone is null) = (phone_fingerprint is null)')
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_users_email'), sa.text('(email is null) = (email_fingerprint is null)')
        )


def _sessions_and_codes() -> None:
    op.add_column('web_sessions', sa.Column('proved_at', MOMENT, nullable=True))
    op.add_column('web_sessions', sa.Column('second_factor_at', MOMENT, nullable=True))
    op.execute('UPDATE web_sessions SET proved_at = created_at')
    with op.batch_alter_table('web_sessions', schema=None) as batch_op:
        batch_op.alter_column('proved_at', existing_type=MOMENT, nullable=False)
    op.execute('DELETE FROM one_time_codes')  # they live ten minutes, and are kept under other fingerprints now
    with op.batch_alter_table('one_time_codes', schema=None) as batch_op:
        batch_op.drop_index('ix_one_time_codes_phone_purpose')
        batch_op.alter_column(
            'phone_fingerprint', existing_type=sa.String(length=64), new_column_name='recipient_fingerprint'
        )
    op.create_index('ix_one_time_codes_recipient_purpose', 'one_time_codes', ['recipient_fingerprint', 'purpose'])


def _second_factors() -> None:
    op.create_table(
        'second_factors',
        sa.Column('id', ID, nullable=False),
        sa.Column('user_id', ID, nullable=False),
        sa.Column('secret', kernel.crypto.EncryptedText(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('confirmed_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_factors_user_id_users')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factors')),
        sa.UniqueConstraint('user_id', name=op.f('uq_second_factors_user_id')),
    )
    op.create_table(
        'second_factor_steps',
        sa.Column('id', ID, nullable=False),
        sa.Column('user_id', ID, nullable=False),
        sa.Column('step', sa.BigInteger(), nullable=False),
        sa.Column('used_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_factor_steps_user_id_users')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factor_steps')),
        sa.UniqueConstraint('user_id', 'step', name=op.f('uq_second_factor_steps_user_id_step')),
    )
    op.create_table(
        'recovery_codes',
        sa.Column('id', ID, nullable=False),
        sa.Column('user_id', ID, nullable=False),
        sa.Column('code_fingerprint', sa.String(length=64), nullable=False),
        sa.Column('used_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id_users')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
        sa.UniqueConstraint('user_id', 'code_fingerprint', name=op.f('uq_recovery_codes_user_id_code_fingerprint')),
    )


def _invitations() -> None:
    op.create_table(
        'invitations',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=40), nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('recipient', kernel.crypto.EncryptedText(), nullable=False),
        sa.Column('recipient_fingerprint', sa.String(length=64), nullable=False),
        sa.Column('role', sa.String(length=10), nullable=False),
        sa.Column('token_fingerprint', sa.String(length=64), nullable=False),
        sa.Column('invited_by', ID, nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('expires_at', MOMENT, nullable=False),
        sa.Column('accepted_at', MOMENT, nullable=True),
        sa.Column('accepted_by', ID, nullable=True),
        sa.Column('revoked_at', MOMENT, nullable=True),
        sa.CheckConstraint("role in ('owner', 'clerk')", name=op.f('ck_invitations_role')),
        sa.CheckConstraint('(accepted_at is null) = (accepted_by is null)', name=op.f('ck_invitations_accepted')),
        sa.CheckConstraint('accepted_at is null or revoked_at is null', name=op.f('ck_invitations_one_end')),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_invitations_organisation_id_organisations')
        ),
        sa.ForeignKeyConstraint(['invited_by'], ['users.id'], name=op.f('fk_invitations_invited_by_users')),
        sa.ForeignKeyConstraint(['accepted_by'], ['users.id'], name=op.f('fk_invitations_accepted_by_users')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
        sa.UniqueConstraint('public_id', name=op.f('uq_invitations_public_id')),
        sa.UniqueConstraint('token_fingerprint', name=op.f('uq_invitations_token_fingerprint')),
    )
    op.create_index(
        'uq_invitations_open',
        'invitations',
        ['organisation_id', 'recipient_fingerprint'],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    for table in ('invitations', 'recovery_codes', 'second_factor_steps', 'second_factors'):
        op.drop_table(table)
    op.drop_index('ix_one_time_codes_recipient_purpose', 'one_time_codes')
    with op.batch_alter_table('one_time_codes', schema=None) as batch_op:
        batch_op.alter_column(
            'recipient_fingerprint', existing_type=sa.String(length=64), new_column_name='phone_fingerprint'
        )
    op.create_index('ix_one_time_codes_phone_purpose', 'one_time_codes', ['phone_fingerprint', 'purpose'])
    with op.batch_alter_table('web_sessions', schema=None) as batch_op:
        batch_op.drop_column('second_factor_at')
        batch_op.drop_column('proved_at')
    with op.batch_alter_table('users', schema=None) as batch_op:
        for check in ('email', 'phone', 'reachable'):
            batch_op.drop_constraint(batch_op.f(f'ck_users_{check}'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_users_email_fingerprint'), type_='unique')
        for column in ('password_hash', 'email_fingerprint', 'email'):
            batch_op.drop_column(column)
        # Whoever has no phone would be lost: the database refuses to go back before somebody gave her one.
        batch_op.alter_column('phone', existing_type=kernel.crypto.EncryptedText(), nullable=False)
        batch_op.alter_column('phone_fingerprint', existing_type=sa.String(length=64), nullable=False)
