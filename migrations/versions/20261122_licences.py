"""licences: photographs of business licences and what was read in them

"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'licences',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=40), nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('photo_key', sa.String(length=64), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('reading', sa.JSON(), nullable=False),
        sa.Column('uploaded_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('read_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'read', 'unreadable')", name=op.f('ck_licences_state')),
        sa.CheckConstraint("(state = 'waiting') = (read_at is null)", name=op.f('ck_licences_read_at')),
        sa.CheckConstraint('length(photo_key) = 64', name=op.f('ck_licences_photo_key')),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_licences_organisation_id_organisations')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_licences')),
        sa.UniqueConstraint('public_id', name=op.f('uq_licences_public_id')),
    )
    op.create_index(op.f('ix_licences_organisation_id'), 'licences', ['organisation_id'])


def downgrade() -> None:
    op.drop_table('licences')
