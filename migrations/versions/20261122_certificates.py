"""certificates of goods: what factories hand in, which goods need which kinds, goods whose certificate ran out

Nobody handed anything in before. What goods on sale need is left empty: they are asked when they are next handed in.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import kernel.db
import onboarding.listings.ddl
import onboarding.moderation.ddl

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
KINDS = "('ccc', 'sc', 'food_trade', 'cosmetics', 'device', 'disinfection')"
SUBJECTS = "'factory', 'merchant', 'listing', 'appeal', 'claim', 'recheck'"


def upgrade() -> None:
    _certificates()
    _goods()
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
    _subjects(f"({SUBJECTS}, 'certificate')", 10, 20)
    onboarding.moderation.ddl.create_triggers(op.get_bind())
    onboarding.listings.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("listings") as batch:
        batch.add_column(sa.Column("needs", sa.String(length=60), nullable=False, server_default=""))
        _states(batch, "'draft', 'submitted', 'published', 'lapsed', 'refused', 'archived'")
    onboarding.listings.ddl.create_triggers(op.get_bind())
    onboarding.listings.ddl.create_certificate_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.listings.ddl.drop_certificate_triggers(op.get_bind())
    onboarding.listings.ddl.drop_triggers(op.get_bind())
    op.execute("update listings set state = 'submitted' where state = 'lapsed'")
    with op.batch_alter_table("listings") as batch:
        batch.drop_column("needs")
        _states(batch, "'draft', 'submitted', 'published', 'refused', 'archived'")
    onboarding.listings.ddl.create_triggers(op.get_bind())
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
    op.execute("delete from cases where subject_type = 'certificate'")
    _subjects(f"({SUBJECTS})", 20, 10)
    onboarding.moderation.ddl.create_triggers(op.get_bind())
    op.drop_table("certificate_goods")
    op.drop_table("certificates")


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("factory", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("covers_all", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("photo_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("warned_at", MOMENT, nullable=True),
        sa.CheckConstraint(f"kind in {KINDS}", name=op.f("ck_certificates_kind")),
        sa.CheckConstraint("state in ('waiting', 'confirmed', 'refused', 'expired')", name=op.f("ck_certificates_state")),
        sa.CheckConstraint("number <> ''", name=op.f("ck_certificates_number")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_certificates_period")),
        sa.CheckConstraint("(state = 'refused') = (reason <> '')", name=op.f("ck_certificates_reason")),
        sa.CheckConstraint("(state = 'waiting') = (decided_at is null)", name=op.f("ck_certificates_decided_at")),
        sa.CheckConstraint("length(photo_key) = 64", name=op.f("ck_certificates_photo_key")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_certificates_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_certificates_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificates_public_id")),
        sa.UniqueConstraint(
            "organisation_id", "kind", "number", "valid_until", name=op.f("uq_certificates_organisation_id_kind_number_valid_until")
        ),
    )
    op.create_index(op.f("ix_certificates_organisation_id"), "certificates", ["organisation_id"])
    op.create_index("ix_certificates_number", "certificates", ["kind", "number"])
    op.create_index("ix_certificates_due", "certificates", ["state", "valid_until"])


def _goods() -> None:
    op.create_table(
        "certificate_goods",
        sa.Column("id", ID, nullable=False),
        sa.Column("certificate_id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_goods_certificate_id_certificates")
        ),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_certificate_goods_listing_id_listings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_goods")),
        sa.UniqueConstraint("certificate_id", "listing_id", name=op.f("uq_certificate_goods_certificate_id_listing_id")),
    )
    op.create_index(op.f("ix_certificate_goods_listing_id"), "certificate_goods", ["listing_id"])


def _subjects(known: str, before: int, after: int) -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint(op.f("ck_cases_subject_type"), type_="check")
        batch.create_check_constraint(op.f("ck_cases_subject_type"), f"subject_type in {known}")
        batch.alter_column(
            "subject_type", existing_type=sa.String(length=before), type_=sa.String(length=after), existing_nullable=False
        )


def _states(batch: BatchOperations, known: str) -> None:
    batch.drop_constraint(op.f("ck_listings_state"), type_="check")
    batch.create_check_constraint(op.f("ck_listings_state"), f"state in ({known})")
