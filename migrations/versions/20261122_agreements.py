"""agreements: who accepted which version, append-only; nothing before them

"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.compliance.ddl

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'agreement_acceptances',
        sa.Column('id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('version', sa.String(length=10), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('user_id', ID, nullable=False),
        sa.Column('accepted_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('factory', 'merchant')", name=op.f('ck_agreement_acceptances_kind')),
        sa.CheckConstraint("version like '____-__-__'", name=op.f('ck_agreement_acceptances_version')),
        sa.CheckConstraint('length(digest) = 64', name=op.f('ck_agreement_acceptances_digest')),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_agreement_acceptances_organisation_id_organisations')
        ),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_agreement_acceptances_user_id_users')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_acceptances')),
        sa.UniqueConstraint(
            'organisation_id', 'kind', 'version', name=op.f('uq_agreement_acceptances_organisation_id_kind_version')
        ),
    )
    op.create_index(op.f('ix_agreement_acceptances_user_id'), 'agreement_acceptances', ['user_id'], unique=False)
    onboarding.compliance.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.compliance.ddl.drop_triggers(op.get_bind())
    op.drop_table('agreement_acceptances')
