"""what an operator saw last of the terms of goods: how many at least, what merchants pay

The terms of goods that were ever published were seen by somebody.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

import onboarding.listings.ddl

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_LISTINGS = sa.table("listings", sa.column("id"), sa.column("published_at"), sa.column("vetted_terms", sa.JSON()))
_NAMED = ("direct", "supply")


def upgrade() -> None:
    op.add_column("listings", sa.Column("vetted_terms", sa.JSON(), server_default="{}", nullable=False))
    ways = {(row[0], row[1]): row for row in _rows("listing_id, way, min_quantity, pack_size, drop_ship_price_fen", "ways_of_selling")}
    tiers, skus = defaultdict(list), defaultdict(list)
    for listing, least, fen in _rows("listing_id, min_quantity, unit_price_fen", "supply_tiers order by min_quantity"):
        tiers[listing].append([least, fen])
    for listing, sku, fen in _rows("listing_id, public_id, supply_price_fen", "skus"):
        skus[listing].append((sku, fen))
    for (listing,) in _rows("id", "listings where published_at is not null"):
        direct, supply = (ways.get((listing, name)) for name in _NAMED)
        first = tiers[listing][0][1] if tiers[listing] else None
        single = supply[4] if supply else None
        owed = {sku: next((fen for fen in (single, own, first) if fen), None) for sku, own in skus[listing]}
        seen = {
            "least": -(-direct[2] // direct[3]) * direct[3] if direct else 1,
            "singles": {sku: fen for sku, fen in owed.items() if fen},
            "tiers": tiers[listing],
        }
        op.execute(_LISTINGS.update().where(_LISTINGS.c.id == listing).values(vetted_terms=seen))


def downgrade() -> None:
    onboarding.listings.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("listings") as batch:
        batch.drop_column("vetted_terms")
    onboarding.listings.ddl.create_triggers(op.get_bind())


def _rows(columns: str, table: str) -> list[sa.Row[tuple[object, ...]]]:
    return list(op.get_bind().execute(sa.text(f"select {columns} from {table}")).all())  # noqa: S608  of this file
