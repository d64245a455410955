"""certificates that are revoked or withdrawn; goods that their factory is to mend by a day

A refused certificate whose newest case was approved had been confirmed, and was revoked.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.listings.ddl

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
STANDS = sa.text("ended_at is null")
STATES = "'waiting', 'confirmed', 'refused', 'expired'"
REVOKED = """
update certificates set state = 'revoked' where state = 'refused' and (
    select cases.state from cases where cases.subject_type = 'certificate' and cases.subject = certificates.public_id
    order by cases.id desc limit 1
) = 'approved'
"""


def upgrade() -> None:
    _states(f"{STATES}, 'revoked', 'withdrawn'", "'refused', 'revoked'")
    op.execute(REVOKED)
    op.create_table(
        "mendings",
        sa.Column("id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("told", sa.String(length=500), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("back", sa.String(length=10), nullable=False),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("told <> ''", name=op.f("ck_mendings_told")),
        sa.CheckConstraint("due_at > asked_at", name=op.f("ck_mendings_due_at")),
        sa.CheckConstraint("back in ('', 'answered', 'over')", name=op.f("ck_mendings_back")),
        sa.CheckConstraint("(back = '') = (back_at is null)", name=op.f("ck_mendings_back_at")),
        sa.CheckConstraint("answer = '' or back = 'answered'", name=op.f("ck_mendings_answer")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_mendings_listing_id_listings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mendings")),
    )
    op.create_index(op.f("ix_mendings_listing_id"), "mendings", ["listing_id"])
    op.create_index("ix_mendings_due", "mendings", ["back", "due_at"])
    op.create_index(
        "uq_mendings_open", "mendings", ["listing_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )


def downgrade() -> None:
    op.drop_table("mendings")
    op.execute("update certificates set state = 'refused', reason = '撤回' where state = 'withdrawn'")
    op.execute("update certificates set state = 'refused' where state = 'revoked'")
    _states(STATES, "'refused'")


def _states(known: str, told: str) -> None:
    """SQLite makes the table anew, and with it what hangs on it."""
    onboarding.listings.ddl.drop_certificate_triggers(op.get_bind())
    with op.batch_alter_table("certificates") as batch:
        batch.drop_constraint(op.f("ck_certificates_state"), type_="check")
        batch.create_check_constraint(op.f("ck_certificates_state"), f"state in ({known})")
        batch.drop_constraint(op.f("ck_certificates_reason"), type_="check")
        batch.create_check_constraint(op.f("ck_certificates_reason"), f"(state in ({told})) = (reason <> '')")
    onboarding.listings.ddl.create_certificate_triggers(op.get_bind())
