"""tiers: visits to factories, their withdrawals, who asks for one, and what guards them

Nobody has been anywhere before, so there are no rows; a tier itself is kept nowhere.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.tiers.ddl

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
OPEN = sa.text("state = 'open'")
FOUND = ("at_address", "makes_goods", "fits_profile", "in_order")


def upgrade() -> None:
    _inspections()
    _withdrawals()
    _requests()
    onboarding.tiers.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.tiers.ddl.drop_triggers(op.get_bind())
    op.drop_table("inspection_requests")
    op.drop_table("inspection_withdrawals")
    op.drop_table("inspections")


def _inspections() -> None:
    op.create_table(
        "inspections",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("inspected_by", ID, nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Boolean(create_constraint=False), nullable=False) for name in FOUND),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("pictures", sa.String(length=389), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("outcome in ('passed', 'failed')", name=op.f("ck_inspections_outcome")),
        sa.CheckConstraint(f"(outcome = 'passed') = ({' and '.join(FOUND)})", name=op.f("ck_inspections_all_found")),
        sa.CheckConstraint("(outcome = 'passed') = (valid_until is not null)", name=op.f("ck_inspections_valid")),
        sa.CheckConstraint("valid_until > visited_on", name=op.f("ck_inspections_period")),
        sa.CheckConstraint("visited_on <= recorded_on", name=op.f("ck_inspections_not_ahead")),
        sa.CheckConstraint("outcome = 'passed' or note <> ''", name=op.f("ck_inspections_note")),
        sa.CheckConstraint("length(pictures) in (64, 129, 194, 259, 324, 389)", name=op.f("ck_inspections_pictures")),
        sa.ForeignKeyConstraint(["inspected_by"], ["users.id"], name=op.f("fk_inspections_inspected_by_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_inspections_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inspections_public_id")),
    )
    op.create_index("ix_inspections_organisation_id", "inspections", ["organisation_id"])


def _withdrawals() -> None:
    op.create_table(
        "inspection_withdrawals",
        sa.Column("id", ID, nullable=False),
        sa.Column("inspection_id", ID, nullable=False),
        sa.Column("withdrawn_by", ID, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_inspection_withdrawals_reason")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_withdrawals_inspection_id_inspections")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["users.id"], name=op.f("fk_inspection_withdrawals_withdrawn_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_withdrawals")),
        sa.UniqueConstraint("inspection_id", name=op.f("uq_inspection_withdrawals_inspection_id")),
    )


def _requests() -> None:
    op.create_table(
        "inspection_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('open', 'visited', 'taken_back')", name=op.f("ck_inspection_requests_state")),
        sa.CheckConstraint("(state = 'open') = (ended_at is null)", name=op.f("ck_inspection_requests_ended")),
        sa.CheckConstraint("ended_at >= asked_at", name=op.f("ck_inspection_requests_period")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_inspection_requests_asked_by_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_inspection_requests_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inspection_requests_public_id")),
    )
    op.create_index(
        "uq_inspection_requests_open",
        "inspection_requests",
        ["organisation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
