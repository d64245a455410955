"""what was sold, by listing and day; whether resold goods may show in the channel

What was paid before counts from the start; days that count no longer are forgotten by the next night's job.
"""

from collections import Counter
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SOLD = sa.table("sold_days", sa.column("listing_id"), sa.column("day", sa.Date()), sa.column("pieces"))
_ORDERS = sa.table("orders", sa.column("id"), sa.column("paid_at", UtcDateTime()))
_LINES = sa.table("order_lines", sa.column("order_id"), sa.column("listing"), sa.column("quantity"))
_LISTINGS = sa.table("listings", sa.column("id"), sa.column("public_id"))


def upgrade() -> None:
    op.create_table(
        "sold_days",
        sa.Column("id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_sold_days_pieces")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_sold_days_listing_id_listings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sold_days")),
        sa.UniqueConstraint("listing_id", "day", name=op.f("uq_sold_days_listing_id_day")),
    )
    op.create_index("ix_sold_days_day", "sold_days", ["day"])
    op.add_column("ways_of_selling", sa.Column("resold_shown", sa.Boolean(), server_default=sa.true(), nullable=False))
    _count_what_was_paid()


def downgrade() -> None:
    op.drop_column("ways_of_selling", "resold_shown")
    op.drop_table("sold_days")


def _count_what_was_paid() -> None:
    paid = (
        sa.select(_LISTINGS.c.id, _ORDERS.c.paid_at, _LINES.c.quantity)
        .join_from(_LINES, _ORDERS, _ORDERS.c.id == _LINES.c.order_id)
        .join(_LISTINGS, _LISTINGS.c.public_id == _LINES.c.listing)
        .where(_ORDERS.c.paid_at.is_not(None))
    )
    pieces: Counter[tuple[int, object]] = Counter()
    for listing, paid_at, quantity in op.get_bind().execute(paid):
        pieces[listing, (paid_at + timedelta(hours=8)).date()] += quantity  # the business day, in Shanghai
    if pieces:
        rows = [{"listing_id": listing, "day": day, "pieces": count} for (listing, day), count in pieces.items()]
        op.bulk_insert(_SOLD, rows)
