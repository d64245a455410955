"""saved filters: what operators and finance keep for their lists; nothing before them

"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'saved_filters',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=40), nullable=False),
        sa.Column('user_id', ID, nullable=False),
        sa.Column('page', sa.String(length=60), nullable=False),
        sa.Column('place', sa.SmallInteger(), nullable=False),
        sa.Column('name', sa.String(length=30), nullable=False),
        sa.Column('query', sa.String(length=500), nullable=False),
        sa.Column('usual', sa.Boolean(), nullable=False),
        sa.Column('saved_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint('place between 1 and 20', name=op.f('ck_saved_filters_place')),
        sa.CheckConstraint("name <> ''", name=op.f('ck_saved_filters_name')),
        sa.CheckConstraint("page like '/%'", name=op.f('ck_saved_filters_page')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_saved_filters_user_id_users')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filters')),
        sa.UniqueConstraint('public_id', name=op.f('uq_saved_filters_public_id')),
        sa.UniqueConstraint('user_id', 'page', 'name', name=op.f('uq_saved_filters_user_id_page_name')),
        sa.UniqueConstraint('user_id', 'page', 'place', name=op.f('uq_saved_filters_user_id_page_place')),
    )
    op.create_index(
        'uq_saved_filters_usual',
        'saved_filters',
        ['user_id', 'page'],
        unique=True,
        sqlite_where=sa.text('usual = 1'),
        postgresql_where=sa.text('usual'),
    )


def downgrade() -> None:
    op.drop_table('saved_filters')
