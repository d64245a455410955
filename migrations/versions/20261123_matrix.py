"""variants off sale, packs, mixed lots, floor prices, why stock was changed by hand, price groups of merchants

Goods sell as they did: in single pieces, each variant by itself, at one price for all merchants.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import kernel.db
import onboarding.listings.ddl

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
PRICE_CAP = 100_000_000
RULES = {
    "listings": {
        "low_stock": "low_stock between 0 and 10000000",
        "lead_days": "lead_days between 1 and 180",
        "weight": "weight_grams between 1 and 1000000",
    },
    "skus": {"weight": "weight_grams between 1 and 1000000"},
    "ways_of_selling": {
        "floor_price": f"floor_price_fen is null or (way = 'supply' and floor_price_fen between 1 and {PRICE_CAP})",
        "pack_size": "pack_size between 1 and 1000",
        "mix": "mix in ('sku', 'listing', 'factory')",
    },
    "offers": {"pack_size": "pack_size between 1 and 1000", "mix": "mix in ('sku', 'listing', 'factory')"},
    "order_lines": {"whole_packs": "pack_size >= 1 and quantity % pack_size = 0"},
    "stock_movements": {
        "words": "reason <> 'other' or words <> ''",
        "direction": "(reason not in ('damaged', 'sample') or pieces < 0) and (reason <> 'came_back' or pieces > 0)",
    },
}


def upgrade() -> None:
    _drop_triggers()
    _groups()
    for table, columns in _columns().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(column)
            for name, rule in RULES[table].items():
                batch.create_check_constraint(batch.f(f"ck_{table}_{name}"), sa.text(rule))
    with op.batch_alter_table("admissions") as batch:
        batch.add_column(sa.Column("price_group_id", ID, nullable=True))
        batch.create_foreign_key(
            batch.f("fk_admissions_factory_id_price_groups"),
            "price_groups",
            ["factory_id", "price_group_id"],
            ["organisation_id", "id"],
        )
    _create_triggers()


def downgrade() -> None:
    _drop_triggers()
    op.execute("update offers set state = 'off', held_reason = '' where held_reason = 'below_floor'")
    with op.batch_alter_table("admissions") as batch:
        batch.drop_constraint(batch.f("fk_admissions_factory_id_price_groups"), type_="foreignkey")
        batch.drop_column("price_group_id")
    for table, columns in reversed(_columns().items()):
        with op.batch_alter_table(table) as batch:
            _forget(batch, table, [column.name for column in columns])
    op.drop_table("group_prices")
    op.drop_table("price_groups")
    _create_triggers()


def _forget(batch: BatchOperations, table: str, columns: list[str]) -> None:
    for name in RULES[table]:
        batch.drop_constraint(batch.f(f"ck_{table}_{name}"), type_="check")
    for column in columns:
        batch.drop_column(column)


def _columns() -> dict[str, list[sa.Column]]:
    packs = (
        lambda: sa.Column("pack_size", sa.Integer(), nullable=False, server_default=sa.text("1")),
        lambda: sa.Column("mix", sa.String(length=10), nullable=False, server_default="sku"),
    )
    return {
        "listings": [
            sa.Column("low_stock", sa.Integer(), nullable=False, server_default=sa.text("5")),
            sa.Column("lead_days", sa.Integer(), nullable=True),
            sa.Column("weight_grams", sa.Integer(), nullable=True),
        ],
        "skus": [
            sa.Column("off", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("weight_grams", sa.Integer(), nullable=True),
        ],
        "ways_of_selling": [sa.Column("floor_price_fen", sa.BigInteger(), nullable=True), *(make() for make in packs)],
        "offers": [make() for make in packs],
        "order_lines": [sa.Column("pack_size", sa.Integer(), nullable=False, server_default=sa.text("1"))],
        "stock_movements": [
            sa.Column("who", sa.String(length=40), nullable=False, server_default=""),
            sa.Column("words", sa.String(length=200), nullable=False, server_default=""),
        ],
    }


def _groups() -> None:
    op.create_table(
        "price_groups",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("share_bp between 100 and 10000", name=op.f("ck_price_groups_share")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_price_groups_name")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_price_groups_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_groups")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_price_groups_organisation_id_id")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_price_groups_organisation_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_price_groups_public_id")),
    )
    op.create_table(
        "group_prices",
        sa.Column("id", ID, nullable=False),
        sa.Column("price_group_id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"price_fen between 1 and {PRICE_CAP}", name=op.f("ck_group_prices_price")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_group_prices_listing_id_listings")),
        sa.ForeignKeyConstraint(
            ["price_group_id"], ["price_groups.id"], name=op.f("fk_group_prices_price_group_id_price_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_prices")),
        sa.UniqueConstraint(
            "price_group_id", "listing_id", name=op.f("uq_group_prices_price_group_id_listing_id")
        ),
    )
    op.create_index(op.f("ix_group_prices_listing_id"), "group_prices", ["listing_id"])


def _drop_triggers() -> None:
    """A table made anew must not be named by a trigger meanwhile."""
    onboarding.listings.ddl.drop_certificate_triggers(op.get_bind())
    onboarding.listings.ddl.drop_triggers(op.get_bind())


def _create_triggers() -> None:
    onboarding.listings.ddl.create_triggers(op.get_bind())
    onboarding.listings.ddl.create_certificate_triggers(op.get_bind())
