"""appeals, claims to a credit code, checks every six months; who decided about a factory, and when it was last checked

A factory that stands counts as checked when it was approved.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
HOLDING = "('submitted', 'in_review', 'correction', 'approved', 'suspended')"
SUBJECTS = "('factory', 'listing', 'appeal', 'claim', 'recheck')"


def upgrade() -> None:
    with op.batch_alter_table("applications") as batch:
        batch.drop_constraint(op.f("ck_applications_complete"), type_="check")
        batch.add_column(sa.Column("decided_by", ID, nullable=True))
        batch.add_column(sa.Column("checked_at", MOMENT, nullable=True))
        batch.create_foreign_key(op.f("fk_applications_decided_by_users"), "users", ["decided_by"], ["id"])
        batch.create_check_constraint(op.f("ck_applications_has_code"), "state in ('draft', 'suspended') or uscc <> ''")
        batch.create_check_constraint(op.f("ck_applications_complete"), "state = 'draft' or belt_id is not null")
    op.execute("update applications set checked_at = decided_at where state in ('approved', 'suspended')")
    op.create_index(op.f("ix_applications_legal_representative"), "applications", ["legal_representative"])
    _hold_codes(f"state in {HOLDING} and uscc <> ''")
    _subjects(SUBJECTS)
    _appeals()
    _claims()
    _checks()
    _shown()


def downgrade() -> None:
    """Appeals, claims and checks are lost with their cases; a factory that gave its code up is no factory any more."""
    for table in ("shown_licences", "checks", "claims", "appeals"):
        op.drop_table(table)
    op.execute("delete from cases where subject_type in ('appeal', 'claim', 'recheck')")
    _subjects("('factory', 'listing')")
    op.execute("delete from applications where uscc = '' and state <> 'draft'")
    _hold_codes(f"state in {HOLDING}")
    op.drop_index(op.f("ix_applications_legal_representative"), "applications")
    with op.batch_alter_table("applications") as batch:
        batch.drop_constraint(op.f("ck_applications_has_code"), type_="check")
        batch.drop_constraint(op.f("ck_applications_complete"), type_="check")
        batch.drop_constraint(op.f("fk_applications_decided_by_users"), type_="foreignkey")
        batch.drop_column("decided_by")
        batch.drop_column("checked_at")
        batch.create_check_constraint(
            op.f("ck_applications_complete"), "state = 'draft' or (uscc <> '' and belt_id is not null)"
        )


def _hold_codes(holds: str) -> None:
    op.drop_index("uq_applications_held_uscc", "applications")
    where = {"sqlite_where": sa.text(holds), "postgresql_where": sa.text(holds)}
    op.create_index("uq_applications_held_uscc", "applications", ["uscc"], unique=True, **where)


def _subjects(known: str) -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint(op.f("ck_cases_subject_type"), type_="check")
        batch.create_check_constraint(op.f("ck_cases_subject_type"), f"subject_type in {known}")


def _table(name: str, *columns: sa.Column | sa.Constraint, checks: dict[str, str], keys: dict[str, str]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        *columns,
        *(sa.CheckConstraint(said, name=op.f(f"ck_{name}_{check}")) for check, said in checks.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{name}_{column}_{other}"))
            for column, other in {"organisation_id": "organisations", **keys}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{name}_public_id")),
    )


def _one_open(table: str, condition: str) -> None:
    where = {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
    op.create_index(f"uq_{table}_open", table, ["organisation_id"], unique=True, **where)


def _appeals() -> None:
    _table(
        "appeals",
        sa.Column("against", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decision_at", MOMENT, nullable=False),
        sa.Column("first_by", ID, nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.UniqueConstraint("organisation_id", "decision_at", name=op.f("uq_appeals_organisation_id_decision_at")),
        checks={
            "state": "state in ('open', 'granted', 'dismissed')",
            "against": "against in ('refused', 'suspended')",
            "answered": "(state = 'open') = (answered_at is null)",
            "answered_by": "(answered_at is null) = (answered_by is null)",
            "answer": "(state = 'dismissed') = (answer <> '')",
            "second_eyes": "answered_by is null or first_by is null or answered_by <> first_by",
        },
        keys={"first_by": "users", "answered_by": "users"},
    )
    _one_open("appeals", "state = 'open'")


def _claims() -> None:
    _table(
        "claims",
        sa.Column("holder_id", ID, nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        checks={
            "state": "state in ('open', 'granted', 'dismissed')",
            "uscc_length": "length(uscc) = 18",
            "not_own": "organisation_id <> holder_id",
            "answered": "(state = 'open') = (answered_at is null)",
            "answered_by": "(answered_at is null) = (answered_by is null)",
            "answer": "(state = 'open') = (answer = '')",
        },
        keys={"holder_id": "organisations", "answered_by": "users"},
    )
    _one_open("claims", "state = 'open'")
    op.create_index(op.f("ix_claims_holder_id"), "claims", ["holder_id"])
    op.create_index(op.f("ix_claims_uscc"), "claims", ["uscc"])


def _checks() -> None:
    _table(
        "checks",
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.UniqueConstraint("organisation_id", "cause", "period", name=op.f("uq_checks_organisation_id_cause_period")),
        checks={
            "state": "state in ('open', 'answered', 'confirmed')",
            "cause": "cause in ('due', 'expiry')",
            "answer": "answer in ('', 'same', 'photo')",
            "confirmed": "(state = 'confirmed') = (confirmed_at is not null)",
            "answered": "state <> 'answered' or answer <> ''",
        },
        keys={},
    )
    _one_open("checks", "state <> 'confirmed'")


def _shown() -> None:
    op.create_table(
        "shown_licences",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("licence_id", ID, nullable=False),
        sa.Column("picture_key", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(picture_key) = 64", name=op.f("ck_shown_licences_picture_key")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_shown_licences_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_shown_licences_licence_id_licences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_licences")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_shown_licences_organisation_id")),
    )
