"""applications of merchants, who only registered before; a code is held once by each kind of seller

A merchant who trades goes on trading. Nobody has looked at her licence yet, so her first check is due at once.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
from kernel.ids import public_id

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
HOLDS = "state in ('submitted', 'in_review', 'correction', 'approved', 'suspended') and uscc <> ''"
CHECKS = {
    "kind": "kind in ('factory', 'merchant')",
    "complete": "state = 'draft' or kind = 'merchant' or belt_id is not null",
    "of_no_belt": "kind = 'factory' or (belt_id is null and ways = '')",
    "photo": "kind = 'factory' or state not in ('submitted', 'in_review') or licence_id is not null",
    "ways_chosen": "state = 'draft' or kind = 'merchant' or ways <> ''",
}
OLD_CHECKS = {
    "complete": "state = 'draft' or belt_id is not null",
    "ways_chosen": "state = 'draft' or ways <> ''",
}
SUBJECTS = "('factory', 'merchant', 'listing', 'appeal', 'claim', 'recheck')"
OLD_SUBJECTS = "('factory', 'listing', 'appeal', 'claim', 'recheck')"
ALONE = "fk_applications_organisation_id_organisations"
BY_KIND = "fk_applications_organisation_id_kind_organisations"
REGISTRATIONS = sa.table(
    "registrations",
    sa.column("organisation_id", ID),
    sa.column("uscc", sa.String),
    sa.column("registered_at", MOMENT),
)
APPLICATIONS = sa.table(
    "applications",
    *(sa.column(name, ID) for name in ("id", "organisation_id", "decided_by")),
    *(sa.column(name, sa.String) for name in ("public_id", "kind", "uscc", "state", "ways", "legal_representative")),
    *(sa.column(name, sa.String) for name in ("address", "sort", "scope", "reason", "asked")),
    *(sa.column(name, MOMENT) for name in ("begun_at", "submitted_at", "decided_at", "checked_at")),
)
EMPTY = dict.fromkeys(("ways", "legal_representative", "address", "sort", "scope", "reason", "asked"), "")


def upgrade() -> None:
    op.create_index("uq_organisations_id_kind", "organisations", ["id", "kind"], unique=True)
    with op.batch_alter_table("applications") as batch:
        for name in OLD_CHECKS:
            batch.drop_constraint(op.f(f"ck_applications_{name}"), type_="check")
        batch.drop_constraint(op.f(ALONE), type_="foreignkey")
        batch.add_column(sa.Column("kind", sa.String(10), nullable=False, server_default="factory"))
        batch.create_foreign_key(op.f(BY_KIND), "organisations", ["organisation_id", "kind"], ["id", "kind"])
        for name, said in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_applications_{name}"), said)
    with op.batch_alter_table("applications") as batch:
        batch.alter_column("kind", server_default=None)
    _hold_codes("kind", "uscc")
    _subjects(SUBJECTS)
    _move_registrations()
    op.drop_table("registrations")


def downgrade() -> None:
    """What merchants handed in is lost but for the code of those who trade; their cases go with it."""
    op.create_table(
        "registrations",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(uscc) = 18", name=op.f("ck_registrations_uscc_length")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_registrations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_registrations_organisation_id")),
        sa.UniqueConstraint("uscc", name=op.f("uq_registrations_uscc")),
    )
    op.execute(
        "insert into registrations (organisation_id, uscc, registered_at) "
        f"select organisation_id, uscc, begun_at from applications where kind = 'merchant' and {HOLDS}"
    )
    op.execute("delete from applications where kind = 'merchant'")
    op.execute("delete from cases where subject_type = 'merchant'")
    _subjects(OLD_SUBJECTS)
    _hold_codes("uscc")
    with op.batch_alter_table("applications") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_applications_{name}"), type_="check")
        batch.drop_constraint(op.f(BY_KIND), type_="foreignkey")
        batch.drop_column("kind")
        batch.create_foreign_key(op.f(ALONE), "organisations", ["organisation_id"], ["id"])
        for name, said in OLD_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_applications_{name}"), said)
    op.drop_index("uq_organisations_id_kind", "organisations")


def _hold_codes(*columns: str) -> None:
    op.drop_index("uq_applications_held_uscc", "applications")
    where = {"sqlite_where": sa.text(HOLDS), "postgresql_where": sa.text(HOLDS)}
    op.create_index("uq_applications_held_uscc", "applications", list(columns), unique=True, **where)


def _subjects(known: str) -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint(op.f("ck_cases_subject_type"), type_="check")
        batch.create_check_constraint(op.f("ck_cases_subject_type"), f"subject_type in {known}")


def _move_registrations() -> None:
    for organisation_id, uscc, since in op.get_bind().execute(sa.select(REGISTRATIONS)).all():
        moments = {"begun_at": since, "submitted_at": since, "decided_at": since, "checked_at": None}
        names = {"public_id": public_id("app"), "organisation_id": organisation_id, "kind": "merchant", "uscc": uscc}
        op.execute(APPLICATIONS.insert().values(**names, **EMPTY, **moments, state="approved"))
