"""pictures of goods: handed in by factories, made into sizes, shown once an operator looked at them

Goods had drawn pictures before and keep them until a factory hands in some of its own.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
STAYS = sa.text("state <> 'removed'")
BANDS = tuple(f"band_{place}" for place in range(8))


def upgrade() -> None:
    op.create_table(
        "listing_pictures",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("by_ai", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("label", sa.String(length=1_000), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=16), nullable=False),
        *(sa.Column(band, sa.SmallInteger(), nullable=True) for band in BANDS),
        sa.Column("refusal", sa.String(length=60), nullable=False),
        sa.Column("refusal_params", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('waiting', 'shown', 'removed')", name=op.f("ck_listing_pictures_state")),
        sa.CheckConstraint("position between 0 and 11", name=op.f("ck_listing_pictures_position")),
        sa.CheckConstraint(
            "state <> 'shown' or (shown_at is not null and made_at is not null)",
            name=op.f("ck_listing_pictures_shown_at"),
        ),
        sa.CheckConstraint("(made_at is null) = (digest = '')", name=op.f("ck_listing_pictures_made_at")),
        sa.CheckConstraint("made_at is null or (width > 0 and height > 0)", name=op.f("ck_listing_pictures_sides")),
        sa.CheckConstraint("made_at is null or refusal = ''", name=op.f("ck_listing_pictures_refusal")),
        sa.CheckConstraint("label = '' or by_ai", name=op.f("ck_listing_pictures_label")),
        sa.CheckConstraint("length(source) = 64", name=op.f("ck_listing_pictures_source")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_pictures_listing_id_listings")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_listing_pictures_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_pictures")),
        sa.UniqueConstraint("public_id", name=op.f("uq_listing_pictures_public_id")),
    )
    op.create_index(op.f("ix_listing_pictures_listing_id"), "listing_pictures", ["listing_id"])
    op.create_index(op.f("ix_listing_pictures_organisation_id"), "listing_pictures", ["organisation_id"])
    op.create_index(
        "uq_listing_pictures_source",
        "listing_pictures",
        ["listing_id", "source"],
        unique=True,
        sqlite_where=STAYS,
        postgresql_where=STAYS,
    )
    for band in BANDS:
        op.create_index(op.f(f"ix_listing_pictures_{band}"), "listing_pictures", [band])


def downgrade() -> None:
    for table in ("listings", "order_lines"):
        op.execute(f"update {table} set image = 'img/goods/carton.svg' where image like '/pictures/%'")
    op.drop_table("listing_pictures")
