"""who let a seller in, and what a factory told of itself when it was visited; who else may not tell of a visit

Whoever let a seller in is known from the case of its application, or of an appeal against its refusal. Visits of before
keep what their factory tells of itself today.
"""

import sqlalchemy as sa
from alembic import op

import onboarding.tiers.ddl
from onboarding.tiers.rules import profile_mark
from onboarding.verification.rules import Told

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPROVED = (
    "update applications set approved_by = coalesce("
    "(select max(c.decided_by) from cases c where c.organisation_id = applications.organisation_id "
    "and c.subject_type in ('factory', 'merchant') and c.state = 'approved'), "
    "(select max(a.answered_by) from appeals a where a.organisation_id = applications.organisation_id "
    "and a.against = 'refused' and a.state = 'granted'))"
)
TOLD = (
    "select i.id, p.founded, p.people, coalesce(p.capacity, ''), coalesce(p.makes, '') "
    "from inspections i left join profiles p on p.organisation_id = i.organisation_id"
)


def upgrade() -> None:
    connection = op.get_bind()
    onboarding.tiers.ddl.drop_triggers(connection)
    with op.batch_alter_table("applications") as batch:
        batch.add_column(sa.Column("approved_by", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_applications_approved_by_users"), "users", ["approved_by"], ["id"])
    op.execute(APPROVED)
    op.add_column("inspections", sa.Column("profile", sa.String(64), nullable=True))
    for key, founded, people, capacity, makes in connection.execute(sa.text(TOLD)).all():
        mark = profile_mark(Told(founded=founded, people=people, capacity=capacity, makes=makes))
        kept = sa.text("update inspections set profile = :mark where id = :key")
        connection.execute(kept, {"mark": mark, "key": key})
    with op.batch_alter_table("inspections") as batch:
        batch.alter_column("profile", existing_type=sa.String(64), nullable=False)
        batch.create_check_constraint(op.f("ck_inspections_profile"), "length(profile) = 64")
    onboarding.tiers.ddl.create_triggers(connection)
    onboarding.tiers.ddl.create_eyes(connection)


def downgrade() -> None:
    connection = op.get_bind()
    onboarding.tiers.ddl.drop_eyes(connection)
    onboarding.tiers.ddl.drop_triggers(connection)
    with op.batch_alter_table("inspections") as batch:
        batch.drop_constraint(op.f("ck_inspections_profile"), type_="check")
        batch.drop_column("profile")
    with op.batch_alter_table("applications") as batch:
        batch.drop_constraint(op.f("fk_applications_approved_by_users"), type_="foreignkey")
        batch.drop_column("approved_by")
    onboarding.tiers.ddl.create_triggers(connection)
