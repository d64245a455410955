"""applications: from the first moment on, with what the licence says; cases that somebody looks at

A factory that stands has chosen both ways of selling. Its papers were never asked for: they are empty.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
STATES = "('draft', 'submitted', 'in_review', 'correction', 'approved', 'refused', 'suspended', 'closed')"
REASONED = "('correction', 'refused', 'suspended', 'closed')"
HOLDING = "('submitted', 'in_review', 'correction', 'approved', 'suspended')"
CHECKS = {
    "state": f"state in {STATES}",
    "uscc_length": "uscc = '' or length(uscc) = 18",
    "complete": "state = 'draft' or (uscc <> '' and belt_id is not null)",
    "submitted": "state = 'draft' or submitted_at is not null",
    "reason": f"(state in {REASONED}) = (reason <> '')",
    "asked": "(state = 'correction') = (asked <> '')",
    "ways": "ways in ('', 'both', 'direct', 'supply')",
    "ways_chosen": "state = 'draft' or ways <> ''",
}
OLD_CHECKS = {
    "state": "state in ('submitted', 'approved', 'refused')",
    "uscc_length": "length(uscc) = 18",
    "reason": "(state = 'refused') = (reason <> '')",
}
CASE_CHECKS = {
    "state": "state in ('open', 'approved', 'refused', 'returned')",
    "reason": "(state in ('refused', 'returned')) = (reason <> '')",
    "taken": "(taken_at is null) = (taken_by is null)",
}
OLD_CASE_CHECKS = {
    "state": "state in ('open', 'approved', 'refused')",
    "reason": "(state = 'refused') = (reason <> '')",
}


def upgrade() -> None:
    with op.batch_alter_table("applications") as batch:
        for name in OLD_CHECKS:
            batch.drop_constraint(op.f(f"ck_applications_{name}"), type_="check")
        batch.drop_constraint(op.f("uq_applications_uscc"), type_="unique")
        batch.add_column(sa.Column("ways", sa.String(10), nullable=False, server_default="both"))
        batch.add_column(sa.Column("licence_id", ID, nullable=True))
        for name, length in {
            "legal_representative": 60,
            "address": 200,
            "sort": 60,
            "scope": 1000,
            "asked": 200,
        }.items():
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        batch.add_column(sa.Column("established_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("expires_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("begun_at", MOMENT, nullable=True))
        batch.alter_column("belt_id", existing_type=ID, nullable=True)
        batch.alter_column("submitted_at", existing_type=MOMENT, nullable=True)
        batch.create_foreign_key(op.f("fk_applications_licence_id_licences"), "licences", ["licence_id"], ["id"])
    op.execute("update applications set begun_at = submitted_at")
    with op.batch_alter_table("applications") as batch:
        batch.alter_column("begun_at", existing_type=MOMENT, nullable=False)
        for name in ("ways", "legal_representative", "address", "sort", "scope", "asked"):
            batch.alter_column(name, existing_type=sa.String(), existing_nullable=False, server_default=None)
        for name, check in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_applications_{name}"), check)
    op.create_index(op.f("ix_applications_uscc"), "applications", ["uscc"])
    holds = sa.text(f"state in {HOLDING}")
    op.create_index(
        "uq_applications_held_uscc", "applications", ["uscc"], unique=True, sqlite_where=holds, postgresql_where=holds
    )
    with op.batch_alter_table("cases") as batch:
        for name in OLD_CASE_CHECKS:
            batch.drop_constraint(op.f(f"ck_cases_{name}"), type_="check")
        batch.add_column(sa.Column("taken_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("taken_by", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_cases_taken_by_users"), "users", ["taken_by"], ["id"])
        for name, check in CASE_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_cases_{name}"), check)


def downgrade() -> None:
    """What only the new tables can say is lost: drafts go, whatever is not decided yet waits again."""
    op.execute("update cases set state = 'refused' where state = 'returned'")
    with op.batch_alter_table("cases") as batch:
        for name in CASE_CHECKS:
            batch.drop_constraint(op.f(f"ck_cases_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_cases_taken_by_users"), type_="foreignkey")
        batch.drop_column("taken_at")
        batch.drop_column("taken_by")
        for name, check in OLD_CASE_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_cases_{name}"), check)
    op.drop_index("uq_applications_held_uscc", "applications")
    op.drop_index(op.f("ix_applications_uscc"), "applications")
    with op.batch_alter_table("applications") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_applications_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_applications_licence_id_licences"), type_="foreignkey")
    op.execute("delete from applications where state = 'draft'")
    op.execute("update applications set state = 'submitted', reason = '' where state in ('in_review', 'correction')")
    op.execute("update applications set state = 'refused' where state in ('suspended', 'closed')")
    with op.batch_alter_table("applications") as batch:
        for name in ("ways", "licence_id", "legal_representative", "address", "sort", "scope", "asked", "begun_at"):
            batch.drop_column(name)
        batch.drop_column("established_on")
        batch.drop_column("expires_on")
        batch.alter_column("belt_id", existing_type=ID, nullable=False)
        batch.alter_column("submitted_at", existing_type=MOMENT, nullable=False)
        batch.create_unique_constraint(op.f("uq_applications_uscc"), ["uscc"])
        for name, check in OLD_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_applications_{name}"), check)
