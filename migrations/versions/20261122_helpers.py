"""helpers: their role on the staff, owners' grants to them, and what is done under one

What was done before was done by everybody for herself.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.accounts.ddl
import onboarding.compliance.ddl

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
HELPER = sa.text("role = 'helper'")
OPEN = sa.text("ended_at is null")


def upgrade() -> None:
    _staff("role in ('operator', 'finance', 'helper')")
    _grants()
    _sessions()
    _trail()
    _acceptances()


def _staff(roles: str) -> None:
    with op.batch_alter_table("staff_roles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_by", sa.String(length=60), server_default="", nullable=False))
        batch_op.drop_constraint(batch_op.f("ck_staff_roles_role"), type_="check")
    with op.batch_alter_table("staff_roles", schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_staff_roles_role"), sa.text(roles))
        batch_op.create_check_constraint(
            batch_op.f("ck_staff_roles_sent_by"), sa.text("(role = 'helper') = (sent_by <> '')")
        )
    op.create_index(
        "uq_staff_roles_helper",
        "staff_roles",
        ["user_id"],
        unique=True,
        sqlite_where=HELPER,
        postgresql_where=HELPER,
    )


def _grants() -> None:
    op.create_table(
        "help_grants",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("helper_id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("sent_by", sa.String(length=60), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", ID, nullable=True),
        sa.CheckConstraint("helper_id <> owner_id", name=op.f("ck_help_grants_not_herself")),
        sa.CheckConstraint("sent_by <> ''", name=op.f("ck_help_grants_sent_by")),
        sa.CheckConstraint("expires_at > granted_at", name=op.f("ck_help_grants_expires")),
        sa.CheckConstraint("ended_at is null or ended_at >= granted_at", name=op.f("ck_help_grants_ended")),
        sa.CheckConstraint("ended_by is null or ended_at is not null", name=op.f("ck_help_grants_ended_by")),
        sa.ForeignKeyConstraint(["helper_id"], ["users.id"], name=op.f("fk_help_grants_helper_id_users")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_help_grants_owner_id_users")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_help_grants_ended_by_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_help_grants_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_grants")),
        sa.UniqueConstraint("public_id", name=op.f("uq_help_grants_public_id")),
    )
    op.create_index(op.f("ix_help_grants_organisation_id"), "help_grants", ["organisation_id"])
    op.create_index(
        "uq_help_grants_open",
        "help_grants",
        ["helper_id", "organisation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    onboarding.accounts.ddl.create_triggers(op.get_bind())


def _sessions() -> None:
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("helping_id", ID, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_web_sessions_helping_id_help_grants"), "help_grants", ["helping_id"], ["id"]
        )


def _trail() -> None:
    with op.batch_alter_table("audit_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_behalf_of", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("under", sa.String(length=40), server_default="", nullable=False))
    with op.batch_alter_table("audit_rows", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_audit_rows_on_behalf"), sa.text("(under = '') = (on_behalf_of = '')")
        )
    op.create_index(op.f("ix_audit_rows_under"), "audit_rows", ["under"])


def _acceptances() -> None:
    """The table is made anew on SQLite, without its triggers."""
    onboarding.compliance.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("agreement_acceptances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("through_id", ID, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_agreement_acceptances_through_id_users"), "users", ["through_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_agreement_acceptances_not_herself"), sa.text("through_id <> user_id")
        )
    onboarding.compliance.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.compliance.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("agreement_acceptances", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_agreement_acceptances_not_herself"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_agreement_acceptances_through_id_users"), type_="foreignkey")
        batch_op.drop_column("through_id")
    onboarding.compliance.ddl.create_triggers(op.get_bind())
    op.drop_index(op.f("ix_audit_rows_under"), "audit_rows")
    with op.batch_alter_table("audit_rows", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_audit_rows_on_behalf"), type_="check")
        batch_op.drop_column("under")
        batch_op.drop_column("on_behalf_of")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_web_sessions_helping_id_help_grants"), type_="foreignkey")
        batch_op.drop_column("helping_id")
    onboarding.accounts.ddl.drop_triggers(op.get_bind())
    op.drop_table("help_grants")
    op.execute("DELETE FROM staff_roles WHERE role = 'helper'")
    op.drop_index("uq_staff_roles_helper", "staff_roles")
    with op.batch_alter_table("staff_roles", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_staff_roles_sent_by"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_staff_roles_role"), type_="check")
        batch_op.drop_column("sent_by")
    with op.batch_alter_table("staff_roles", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_staff_roles_role"), sa.text("role in ('operator', 'finance')")
        )
