"""until when somebody was an owner: whoever was one of late is still told of a change of the payout account

Ownerships that ended before were never kept.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.accounts.ddl

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "past_owners",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("owner_since", MOMENT, nullable=False),
        sa.Column("owner_until", MOMENT, nullable=False),
        sa.CheckConstraint("owner_until >= owner_since", name=op.f("ck_past_owners_period")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_past_owners_organisation_id_organisations")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_past_owners_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_owners")),
    )
    op.create_index(op.f("ix_past_owners_organisation_id"), "past_owners", ["organisation_id"])
    onboarding.accounts.ddl.create_past_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.accounts.ddl.drop_past_triggers(op.get_bind())
    op.drop_table("past_owners")
