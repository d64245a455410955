"""leaving: departures, copies of one's own data, and what guards both

Nobody has left before, so there are no rows. A closed factory may have no credit code: a suspended one may have given
it up.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.departures.ddl
import storefront.leaving.ddl

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
STANDING = sa.text("state in ('announced', 'closed')")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    _departures()
    _copies()
    _codes("state in ('draft', 'suspended', 'closed') or uscc <> ''")
    onboarding.departures.ddl.create_triggers(op.get_bind())
    storefront.leaving.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    storefront.leaving.ddl.drop_triggers(op.get_bind())
    onboarding.departures.ddl.drop_triggers(op.get_bind())
    _codes("state in ('draft', 'suspended') or uscc <> ''")
    op.drop_table("data_copies")
    op.drop_table("departures")


def _departures() -> None:
    op.create_table(
        "departures",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("announced_at", MOMENT, nullable=False),
        sa.Column("announced_by", ID, nullable=True),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('announced', 'withdrawn', 'closed')", name=op.f("ck_departures_state")),
        sa.CheckConstraint("(state = 'announced') = (ended_at is null)", name=op.f("ck_departures_ended")),
        sa.CheckConstraint("announced_at < closes_at", name=op.f("ck_departures_period")),
        sa.CheckConstraint("state <> 'closed' or ended_at >= closes_at", name=op.f("ck_departures_not_early")),
        sa.ForeignKeyConstraint(["announced_by"], ["users.id"], name=op.f("fk_departures_announced_by_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_departures_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departures")),
        sa.UniqueConstraint("public_id", name=op.f("uq_departures_public_id")),
    )
    op.create_index(
        "uq_departures_standing",
        "departures",
        ["organisation_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _copies() -> None:
    op.create_table(
        "data_copies",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('waiting', 'ready', 'failed', 'gone')", name=op.f("ck_data_copies_state")),
        sa.CheckConstraint("0 <= done and done <= total", name=op.f("ck_data_copies_progress")),
        sa.CheckConstraint("(state = 'ready') = (file_key <> '')", name=op.f("ck_data_copies_file")),
        sa.CheckConstraint(
            "state not in ('ready', 'gone') or expires_at is not null", name=op.f("ck_data_copies_expires")
        ),
        sa.CheckConstraint("state <> 'ready' or (size > 0 and done = total)", name=op.f("ck_data_copies_whole")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_data_copies_asked_by_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_data_copies_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_copies")),
        sa.UniqueConstraint("public_id", name=op.f("uq_data_copies_public_id")),
    )
    op.create_index("ix_data_copies_organisation_id", "data_copies", ["organisation_id"])
    op.create_index("ix_data_copies_state", "data_copies", ["state"])
    op.create_index(
        "uq_data_copies_waiting",
        "data_copies",
        ["organisation_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def _codes(allowed: str) -> None:
    with op.batch_alter_table("applications") as batch:
        batch.drop_constraint(op.f("ck_applications_has_code"), type_="check")
        batch.create_check_constraint(op.f("ck_applications_has_code"), allowed)
