"""closings: days off of factories

Factories that stand have never rested: they have no row.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "closings",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reopens_at", MOMENT, nullable=False),
        sa.Column("reopened_at", MOMENT, nullable=True),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.CheckConstraint("begun_at < reopens_at", name=op.f("ck_closings_period")),
        sa.CheckConstraint("days between 1 and 60", name=op.f("ck_closings_days")),
        sa.CheckConstraint("reopened_at is null or reopened_at <= reopens_at", name=op.f("ck_closings_reopened")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_closings_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_closings_organisation_id")),
    )


def downgrade() -> None:
    op.drop_table("closings")
