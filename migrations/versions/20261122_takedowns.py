"""goods taken off sale by an operator: the state, what was told, appeals; changes asked; notes of colleagues; brands

Goods that stand taken down go back to the operators when this is taken back.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import kernel.db
import onboarding.listings.ddl
import onboarding.moderation.ddl

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
SUBJECTS = "'factory', 'merchant', 'listing', 'edit', 'appeal', 'claim', 'recheck', 'certificate'"
STATES = "'draft', 'submitted', 'published', 'lapsed', 'refused'"
KINDS = "'ccc', 'sc', 'food_trade', 'cosmetics', 'device', 'disinfection'"
REASONS = "('forbidden', 'certificate', 'picture', 'brand', 'words', 'price', 'complaint', 'other')"
BRANDS = "select id from certificates where kind = 'brand'"
BRANDS_NAMED = "select public_id from certificates where kind = 'brand'"
STANDS = sa.text("ended_at is null")


def upgrade() -> None:
    _drop_triggers()
    with op.batch_alter_table("listings") as batch:
        batch.add_column(sa.Column("asked", sa.JSON(), nullable=False, server_default="{}"))
        _checks(batch, f"{STATES}, 'taken_down', 'archived'", "state in ('refused', 'taken_down')")
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("internal", sa.String(length=500), nullable=False, server_default=""))
        _subjects(batch, f"{SUBJECTS}, 'takedown'")
    _kinds(f"{KINDS}, 'brand'")
    _takedowns()
    _create_triggers()


def downgrade() -> None:
    _drop_triggers()
    op.drop_table("takedowns")
    op.execute("delete from cases where subject_type = 'takedown'")
    op.execute(f"delete from certificate_goods where certificate_id in ({BRANDS})")
    op.execute(f"delete from cases where subject_type = 'certificate' and subject in ({BRANDS_NAMED})")
    op.execute("delete from certificates where kind = 'brand'")
    _kinds(KINDS)
    op.execute("update listings set state = 'submitted', reason = '' where state = 'taken_down'")
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("internal")
        _subjects(batch, SUBJECTS)
    with op.batch_alter_table("listings") as batch:
        batch.drop_column("asked")
        _checks(batch, f"{STATES}, 'archived'", "state = 'refused'")
    _create_triggers()


def _drop_triggers() -> None:
    onboarding.listings.ddl.drop_certificate_triggers(op.get_bind())
    onboarding.listings.ddl.drop_triggers(op.get_bind())
    onboarding.moderation.ddl.drop_triggers(op.get_bind())


def _create_triggers() -> None:
    onboarding.moderation.ddl.create_triggers(op.get_bind())
    onboarding.listings.ddl.create_triggers(op.get_bind())
    onboarding.listings.ddl.create_certificate_triggers(op.get_bind())


def _checks(batch: BatchOperations, states: str, told: str) -> None:
    batch.drop_constraint(op.f("ck_listings_state"), type_="check")
    batch.create_check_constraint(op.f("ck_listings_state"), f"state in ({states})")
    batch.drop_constraint(op.f("ck_listings_reason"), type_="check")
    batch.create_check_constraint(op.f("ck_listings_reason"), f"({told}) = (reason <> '')")


def _subjects(batch: BatchOperations, known: str) -> None:
    batch.drop_constraint(op.f("ck_cases_subject_type"), type_="check")
    batch.create_check_constraint(op.f("ck_cases_subject_type"), f"subject_type in ({known})")


def _kinds(known: str) -> None:
    with op.batch_alter_table("certificates") as batch:
        batch.drop_constraint(op.f("ck_certificates_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_certificates_kind"), f"kind in ({known})")


def _takedowns() -> None:
    op.create_table(
        "takedowns",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("reason_code", sa.String(length=20), nullable=False),
        sa.Column("told", sa.String(length=500), nullable=False),
        sa.Column("internal", sa.String(length=500), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by", ID, nullable=True),
        sa.Column("appeal", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("appealed_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", ID, nullable=True),
        sa.Column("ended_note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(f"reason_code in {REASONS}", name=op.f("ck_takedowns_reason_code")),
        sa.CheckConstraint("reason_code <> 'other' or told <> ''", name=op.f("ck_takedowns_told")),
        sa.CheckConstraint("(ended_at is null) = (ending = '')", name=op.f("ck_takedowns_ended")),
        sa.CheckConstraint(
            "ending in ('', 'restored', 'granted', 'submitted', 'archived')", name=op.f("ck_takedowns_ending")
        ),
        sa.CheckConstraint("appeal in ('', 'open', 'granted', 'dismissed')", name=op.f("ck_takedowns_appeal")),
        sa.CheckConstraint("(appeal = '') = (appealed_at is null)", name=op.f("ck_takedowns_appealed")),
        sa.CheckConstraint(
            "(appeal in ('granted', 'dismissed')) = (answered_at is not null)", name=op.f("ck_takedowns_answered")
        ),
        sa.CheckConstraint("(answered_at is null) = (answered_by is null)", name=op.f("ck_takedowns_answered_by")),
        sa.CheckConstraint(
            "answered_by is null or taken_by is null or answered_by <> taken_by",
            name=op.f("ck_takedowns_second_eyes"),
        ),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_takedowns_listing_id_listings")),
        sa.ForeignKeyConstraint(["taken_by"], ["users.id"], name=op.f("fk_takedowns_taken_by_users")),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_takedowns_answered_by_users")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_takedowns_ended_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedowns")),
        sa.UniqueConstraint("public_id", name=op.f("uq_takedowns_public_id")),
    )
    op.create_index(op.f("ix_takedowns_listing_id"), "takedowns", ["listing_id"])
    op.create_index(
        "uq_takedowns_standing", "takedowns", ["listing_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )
