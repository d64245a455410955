"""what is sought: notes of searches and clicks, sums by day, the key of today's visitor codes"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
HOW = "'all', 'loose', 'any', 'relaxed', 'none'"
PARTS = "missed + relaxed <= searches and clicked <= people and people <= searches"


def upgrade() -> None:
    op.create_table(
        "search_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("filters", sa.String(length=400), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.CheckConstraint("page >= 1 and hits >= 0", name=op.f("ck_search_notes_figures")),
        sa.CheckConstraint(f"how in ({HOW})", name=op.f("ck_search_notes_how")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_notes")),
    )
    op.create_index("ix_search_notes_day_text", "search_notes", ["day", "text"])
    op.create_table(
        "search_clicks",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("listing", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.CheckConstraint("position is null or position >= 1", name=op.f("ck_search_clicks_position")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_clicks")),
        sa.UniqueConstraint(
            "day", "text", "visitor", "listing", name=op.f("uq_search_clicks_day_text_visitor_listing")
        ),
    )
    op.create_table(
        "search_sums",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("relaxed", sa.Integer(), nullable=False),
        sa.Column("clicked", sa.Integer(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.CheckConstraint(PARTS, name=op.f("ck_search_sums_parts")),
        sa.PrimaryKeyConstraint("day", "text", name=op.f("pk_search_sums")),
    )
    op.create_table(
        "search_keys",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_search_keys")),
    )


def downgrade() -> None:
    op.drop_table("search_keys")
    op.drop_table("search_sums")
    op.drop_table("search_clicks")
    op.drop_index("ix_search_notes_day_text", table_name="search_notes")
    op.drop_table("search_notes")
