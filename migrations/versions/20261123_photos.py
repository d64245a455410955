"""what pictures of goods look like, and questions asked with a picture"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "picture_features",
        sa.Column("id", ID, nullable=False),
        sa.Column("picture_id", ID, nullable=False),
        sa.Column("looked", sa.SmallInteger(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("features", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("ck_picture_features_places")),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["listing_pictures.id"],
            name=op.f("fk_picture_features_picture_id_listing_pictures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_features")),
        sa.UniqueConstraint("picture_id", name=op.f("uq_picture_features_picture_id")),
    )
    op.create_table(
        "photo_searches",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=False),
        sa.Column("hits", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_searches")),
        sa.UniqueConstraint("public_id", name=op.f("uq_photo_searches_public_id")),
    )
    op.create_index("ix_photo_searches_expires_at", "photo_searches", ["expires_at"])


def downgrade() -> None:
    op.drop_table("photo_searches")
    op.drop_table("picture_features")
