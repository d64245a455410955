"""shop terms: in how many days a factory ships, and what can be sent back

Factories that stand have promised nothing yet: they have no row.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'shop_terms',
        sa.Column('id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('lead_days', sa.Integer(), nullable=False),
        sa.Column('returns', sa.String(length=20), nullable=False),
        sa.Column('free_shipping', sa.Boolean(), nullable=False),
        sa.Column('said_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint('lead_days between 1 and 60', name=op.f('ck_shop_terms_lead_days')),
        sa.CheckConstraint("returns in ('seven_days', 'made_to_order')", name=op.f('ck_shop_terms_returns')),
        sa.CheckConstraint('free_shipping', name=op.f('ck_shop_terms_free_shipping')),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_shop_terms_organisation_id_organisations')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_terms')),
        sa.UniqueConstraint('organisation_id', name=op.f('uq_shop_terms_organisation_id')),
    )


def downgrade() -> None:
    op.drop_table('shop_terms')
