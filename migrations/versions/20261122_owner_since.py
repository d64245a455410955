"""since when an owner is one, which organisations were left for good; drafts of goods are deleted whole

When a clerk was made an owner was never kept: whoever owns counts from the day she came.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.listings.ddl
import onboarding.tiers.ddl

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = kernel.db.UtcDateTime(timezone=True)
CHECKS = {
    "owner_since": "(role = 'owner') = (owner_since is not null)",
    "owner_after_joining": "owner_since >= created_at",
}


def upgrade() -> None:
    onboarding.tiers.ddl.drop_triggers(op.get_bind())  # which ask for memberships, of which SQLite makes a new table
    with op.batch_alter_table("memberships") as batch:
        batch.add_column(sa.Column("owner_since", MOMENT, nullable=True))
    op.execute("update memberships set owner_since = created_at where role = 'owner'")
    with op.batch_alter_table("memberships") as batch:
        for name, said in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_memberships_{name}"), said)
    with op.batch_alter_table("organisations") as batch:
        batch.add_column(sa.Column("left_at", MOMENT, nullable=True))
        batch.create_check_constraint(op.f("ck_organisations_left_at"), "left_at >= created_at")
    op.execute(
        "update organisations set left_at = (select d.ended_at from departures d "
        "where d.organisation_id = organisations.id and d.state = 'closed')"
    )
    onboarding.listings.ddl.drop_triggers(op.get_bind())
    onboarding.listings.ddl.create_triggers(op.get_bind())
    onboarding.tiers.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.tiers.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("organisations") as batch:
        batch.drop_constraint(op.f("ck_organisations_left_at"), type_="check")
        batch.drop_column("left_at")
    with op.batch_alter_table("memberships") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_memberships_{name}"), type_="check")
        batch.drop_column("owner_since")
    onboarding.tiers.ddl.create_triggers(op.get_bind())
