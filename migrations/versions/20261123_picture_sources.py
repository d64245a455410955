"""pictures found by the hash of their file: what AI made stays labelled when it is handed in again"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_listing_pictures_source", "listing_pictures", ["organisation_id", "source"])


def downgrade() -> None:
    op.drop_index("ix_listing_pictures_source", "listing_pictures")
