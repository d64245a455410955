"""changes of goods on sale wait for an operator; the price that one saw last

Prices of goods that were ever published were seen by somebody.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.listings.ddl
import onboarding.moderation.ddl

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")
SUBJECTS = ("factory", "merchant", "listing", "appeal", "claim", "recheck", "certificate")
STATES = ("open", "approved", "refused", "returned")


def upgrade() -> None:
    _edits()
    with op.batch_alter_table("skus") as batch:
        batch.add_column(sa.Column("vetted_price_fen", sa.BigInteger(), nullable=True))
    op.execute(
        "update skus set vetted_price_fen = retail_price_fen "
        "where listing_id in (select id from listings where published_at is not null)"
    )
    _cases((*SUBJECTS[:3], "edit", *SUBJECTS[3:]), (*STATES, "dropped"))


def downgrade() -> None:
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
    op.execute("delete from cases where subject_type = 'edit'")
    onboarding.moderation.ddl.create_triggers(op.get_bind())
    _cases(SUBJECTS, STATES)
    onboarding.listings.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("skus") as batch:
        batch.drop_column("vetted_price_fen")
    onboarding.listings.ddl.create_triggers(op.get_bind())
    op.drop_table("listing_edits")


def _cases(subjects: tuple[str, ...], states: tuple[str, ...]) -> None:
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("cases") as batch:
        for name, rule in (("subject_type", f"subject_type in {subjects}"), ("state", f"state in {states}")):
            batch.drop_constraint(batch.f(f"ck_cases_{name}"), type_="check")
            batch.create_check_constraint(batch.f(f"ck_cases_{name}"), sa.text(rule))
    onboarding.moderation.ddl.create_triggers(op.get_bind())


def _edits() -> None:
    op.create_table(
        "listing_edits",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'sampled', 'applied', 'refused', 'withdrawn')", name=op.f("ck_listing_edits_state")
        ),
        sa.CheckConstraint("(state in ('waiting', 'sampled')) = (ended_at is null)", name=op.f("ck_listing_edits_ended")),
        sa.CheckConstraint("(state = 'refused') = (reason <> '')", name=op.f("ck_listing_edits_reason")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_edits_listing_id_listings")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_listing_edits_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_edits")),
        sa.UniqueConstraint("public_id", name=op.f("uq_listing_edits_public_id")),
    )
    op.create_index(op.f("ix_listing_edits_listing_id"), "listing_edits", ["listing_id"])
    op.create_index(
        "uq_listing_edits_waiting",
        "listing_edits",
        ["listing_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
