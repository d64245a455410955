"""which fields of an application a case sent back to be corrected

Of the cases before nothing was kept but the words.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("asked", sa.String(length=200), server_default="", nullable=False))
        batch.create_check_constraint(batch.f("ck_cases_asked"), sa.text("asked = '' or state = 'returned'"))


def downgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint(batch.f("ck_cases_asked"), type_="check")
        batch.drop_column("asked")
