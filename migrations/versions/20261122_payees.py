"""whom the licence of a party names is told to who pays, and no longer frozen in an account; who parted with an owner

A payout to a person's card is refused for whoever is no individual business; accounts end with what is thrown away.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import commission.payees.ddl
import kernel.db
import onboarding.accounts.ddl
import onboarding.tiers.ddl

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
FLAG = sa.Boolean(create_constraint=False)
BEFORE = {
    "state": "state in ('new', 'active', 'replaced', 'withdrawn')",
    "active": "(state in ('active', 'replaced')) = (active_since is not null)",
    "ended": "(state in ('replaced', 'withdrawn')) = (ended_at is not null)",
}
AFTER = {
    "state": "state in ('new', 'active', 'replaced', 'withdrawn', 'ended')",
    "active": "(state in ('active', 'replaced', 'ended')) = (active_since is not null)",
    "ended": "(state in ('new', 'active')) = (ended_at is null)",
}
KNOWN = """
insert into payees (party, name, representative, is_individual, is_firm, told_at)
select o.public_id, o.name, coalesce(a.legal_representative, ''), coalesce(a.uscc, '') like '92%',
    coalesce(a.uscc, '') <> '' and a.uscc not like '92%', o.created_at
from organisations o left join applications a on a.organisation_id = o.id order by o.id
"""
FITTED = """
update payout_accounts set holder_fits = (
    select case when payout_accounts.personal
        then p.is_individual and p.representative = payout_accounts.holder else p.name = payout_accounts.holder end
    from payees p where p.party = payout_accounts.party)
where exists (select 1 from payees p where p.party = payout_accounts.party)
"""


def upgrade() -> None:
    op.create_table(
        "payees",
        sa.Column("id", ID, nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("representative", sa.String(length=60), nullable=False),
        sa.Column("is_individual", FLAG, nullable=False),
        sa.Column("is_firm", FLAG, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.CheckConstraint("not (is_individual and is_firm)", name=op.f("ck_payees_one_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payees")),
        sa.UniqueConstraint("party", name=op.f("uq_payees_party")),
    )
    op.execute(KNOWN)
    commission.payees.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("payout_accounts") as batch:
        batch.drop_column("holder_fits")
        _replace_checks(batch, AFTER)
    commission.payees.ddl.create_triggers(op.get_bind())
    commission.payees.ddl.create_payout_triggers(op.get_bind())
    onboarding.tiers.ddl.drop_eyes(op.get_bind())  # they ask for past owners
    onboarding.accounts.ddl.drop_past_triggers(op.get_bind())
    with op.batch_alter_table("past_owners") as batch:
        batch.add_column(sa.Column("parted_by", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_past_owners_parted_by_users"), "users", ["parted_by"], ["id"])
    onboarding.accounts.ddl.create_past_triggers(op.get_bind())
    onboarding.tiers.ddl.create_eyes(op.get_bind())


def downgrade() -> None:
    onboarding.tiers.ddl.drop_eyes(op.get_bind())  # they ask for past owners
    onboarding.accounts.ddl.drop_past_triggers(op.get_bind())
    with op.batch_alter_table("past_owners") as batch:
        batch.drop_constraint(op.f("fk_past_owners_parted_by_users"), type_="foreignkey")
        batch.drop_column("parted_by")
    onboarding.accounts.ddl.create_past_triggers(op.get_bind())
    onboarding.tiers.ddl.create_eyes(op.get_bind())
    commission.payees.ddl.drop_payout_triggers(op.get_bind())
    commission.payees.ddl.drop_triggers(op.get_bind())
    op.execute("update payout_accounts set state = 'replaced' where state = 'ended'")
    with op.batch_alter_table("payout_accounts") as batch:
        batch.add_column(sa.Column("holder_fits", FLAG, nullable=False, server_default=sa.false()))
        _replace_checks(batch, BEFORE)
    with op.batch_alter_table("payout_accounts") as batch:
        batch.alter_column("holder_fits", existing_type=FLAG, server_default=None)
    op.execute(FITTED)
    commission.payees.ddl.create_triggers(op.get_bind())
    op.drop_table("payees")


def _replace_checks(batch: BatchOperations, checks: dict[str, str]) -> None:
    for name, said in checks.items():
        batch.drop_constraint(op.f(f"ck_payout_accounts_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_payout_accounts_{name}"), said)
