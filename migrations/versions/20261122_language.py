"""language: people keep the language they read, and so does every text to them

Whoever was here before has read Chinese texts, and every text that stands was Chinese.
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

TABLES = ('messages', 'users')


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('language', sa.String(length=2), nullable=False, server_default='zh'))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column('language', existing_type=sa.String(length=2), server_default=None)
            batch_op.create_check_constraint(batch_op.f(f'ck_{table}_language'), sa.text("language in ('zh', 'en')"))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f'ck_{table}_language'), type_='check')
            batch_op.drop_column('language')
