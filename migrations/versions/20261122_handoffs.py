"""handoffs: one device signed in by another"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("secret_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("number_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("offered_by", ID, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("secret_fingerprint is not null or offered_by is not null", name=op.f("ck_handoffs_asked")),
        sa.CheckConstraint(
            "(secret_fingerprint is null) = (number_fingerprint is null)", name=op.f("ck_handoffs_taken")
        ),
        sa.CheckConstraint(
            "user_id is null or secret_fingerprint is not null", name=op.f("ck_handoffs_approved_taken")
        ),
        sa.CheckConstraint("user_id = offered_by", name=op.f("ck_handoffs_approved_by_offerer")),
        sa.CheckConstraint("(approved_at is null) = (user_id is null)", name=op.f("ck_handoffs_approved")),
        sa.CheckConstraint("used_at is null or approved_at is not null", name=op.f("ck_handoffs_used")),
        sa.CheckConstraint("created_at < expires_at", name=op.f("ck_handoffs_period")),
        sa.CheckConstraint("tries between 0 and 3", name=op.f("ck_handoffs_tries")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_handoffs_user_id_users")),
        sa.ForeignKeyConstraint(["offered_by"], ["users.id"], name=op.f("fk_handoffs_offered_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        sa.UniqueConstraint("token_fingerprint", name=op.f("uq_handoffs_token_fingerprint")),
        sa.UniqueConstraint("secret_fingerprint", name=op.f("uq_handoffs_secret_fingerprint")),
    )


def downgrade() -> None:
    op.drop_table("handoffs")
