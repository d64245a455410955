"""payout accounts: where a party's money goes, append-only; a payout keeps which one it went to

Payouts of before name none: they went before there were any.
"""

import sqlalchemy as sa
from alembic import op

import commission.payees.ddl
import kernel.crypto
import kernel.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
CHECKS = {
    "kind": "kind in ('bank')",
    "state": "state in ('new', 'active', 'replaced', 'withdrawn')",
    "last_four": "length(last_four) = 4",
    "fingerprint": "length(fingerprint) = 64",
    "holder": "holder <> ''",
    "bank": "(bank = 'other') = (bank_name <> '')",
    "cooling_off": "(replaces_id is null) = (usable_from = created_at)",
    "usable": "usable_from >= created_at",
    "first": "replaces_id is not null or state <> 'new'",
    "second_owner": "confirmed_by is null or confirmed_by <> created_by",
    "confirmed": "(confirmed_by is null) = (confirmed_at is null)",
    "active": "(state in ('active', 'replaced')) = (active_since is not null)",
    "not_early": "active_since >= usable_from or confirmed_by is not null",
    "ended": "(state in ('replaced', 'withdrawn')) = (ended_at is not null)",
    "consent": "consented_at <= created_at",
}
ONE = {"active": "state = 'active'", "waiting": "state = 'new'", "first": "replaces_id is null"}


def upgrade() -> None:
    op.create_table(
        "payout_accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("personal", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("holder_fits", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("bank", sa.String(length=10), nullable=False),
        sa.Column("bank_name", sa.String(length=60), nullable=False),
        sa.Column("branch", sa.String(length=80), nullable=False),
        sa.Column("number", kernel.crypto.EncryptedText(), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("replaces_id", ID, nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("consented_at", MOMENT, nullable=False),
        sa.Column("usable_from", MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.String(length=40), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("active_since", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_payout_accounts_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["payout_accounts.id"], name=op.f("fk_payout_accounts_replaces_id_payout_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_accounts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payout_accounts_public_id")),
    )
    for column in ("party", "fingerprint", "replaces_id"):
        op.create_index(op.f(f"ix_payout_accounts_{column}"), "payout_accounts", [column], unique=False)
    for name, where in ONE.items():
        only = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
        op.create_index(f"uq_payout_accounts_{name}", "payout_accounts", ["party"], unique=True, **only)
    commission.payees.ddl.create_triggers(op.get_bind())
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", ID, nullable=True))
        batch_op.add_column(sa.Column("sent_to", sa.String(length=80), nullable=False, server_default=""))
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.alter_column("sent_to", existing_type=sa.String(length=80), server_default=None)
        batch_op.create_foreign_key(
            batch_op.f("fk_payouts_account_id_payout_accounts"), "payout_accounts", ["account_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_payouts_sent_to"), sa.text("(account_id is null) = (sent_to = '')")
        )
        batch_op.create_index(batch_op.f("ix_payouts_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payouts_account_id"))
        batch_op.drop_constraint(batch_op.f("ck_payouts_sent_to"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_payouts_account_id_payout_accounts"), type_="foreignkey")
        batch_op.drop_column("sent_to")
        batch_op.drop_column("account_id")
    commission.payees.ddl.drop_triggers(op.get_bind())
    op.drop_table("payout_accounts")
