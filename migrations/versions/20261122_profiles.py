"""profiles: what a factory tells of itself

Factories that stand have told nothing yet: they have no row.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'profiles',
        sa.Column('id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('founded', sa.Integer(), nullable=True),
        sa.Column('people', sa.Integer(), nullable=True),
        sa.Column('capacity', sa.String(length=30), nullable=False),
        sa.Column('makes', sa.String(length=120), nullable=False),
        sa.Column('told_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint('founded between 1800 and 2999', name=op.f('ck_profiles_founded')),
        sa.CheckConstraint('people between 1 and 1000000', name=op.f('ck_profiles_people')),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_profiles_organisation_id_organisations')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_profiles')),
        sa.UniqueConstraint('organisation_id', name=op.f('uq_profiles_organisation_id')),
    )


def downgrade() -> None:
    op.drop_table('profiles')
