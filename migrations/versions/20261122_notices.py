"""notices of right holders and reports of shoppers, their measures and steps; cases of both, the heavier ones first

Nobody sent a notice or a report before; cases of before weigh nothing.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db
import onboarding.moderation.ddl
import onboarding.notices.ddl

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
SUBJECTS = (
    "'factory', 'merchant', 'listing', 'edit', 'appeal', 'claim', 'recheck', 'certificate', 'takedown'"
)
STATES = (
    "('submitted', 'incomplete', 'in_force', 'countered', 'waiting', 'proved', 'pursued', 'judged', 'refused', "
    "'withdrawn', 'lapsed', 'upheld', 'dismissed')"
)
ENDED = "('refused', 'withdrawn', 'lapsed', 'upheld', 'dismissed')"
RIGHTS = "('trademark', 'copyright', 'invention', 'utility', 'design', 'other')"
EVIDENCE = "('identity', 'right', 'infringement', 'counter', 'proof', 'outcome')"
DEEDS = (
    "('submit', 'complete', 'ask', 'accept', 'refuse', 'counter', 'return', 'forward', 'prove', 'confirm', 'reject', "
    "'hand_outcome', 'uphold', 'dismiss', 'withdraw', 'lapse')"
)
REASONS = "('fake', 'banned', 'false', 'price', 'unlike', 'lured', 'other')"


def upgrade() -> None:
    _notices()
    _goods()
    _evidence()
    _steps()
    _measures()
    _reports()
    onboarding.notices.ddl.create_triggers(op.get_bind())
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("weight", sa.Integer(), nullable=False, server_default="0"))
    _subjects(f"({SUBJECTS}, 'notice', 'report')")
    op.drop_index("ix_cases_queue", "cases")
    op.create_index("ix_cases_queue", "cases", ["state", "subject_type", "weight", "id"])
    onboarding.moderation.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
    op.execute("delete from cases where subject_type in ('notice', 'report')")
    op.drop_index("ix_cases_queue", "cases")
    op.create_index("ix_cases_queue", "cases", ["state", "subject_type", "id"])
    _subjects(f"({SUBJECTS})")
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("weight")
    onboarding.moderation.ddl.create_triggers(op.get_bind())
    onboarding.notices.ddl.drop_triggers(op.get_bind())
    for table in ("reports", "measures", "notice_steps", "notice_evidence", "notice_goods", "notices"):
        op.drop_table(table)


def _subjects(known: str) -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint(op.f("ck_cases_subject_type"), type_="check")
        batch.create_check_constraint(op.f("ck_cases_subject_type"), f"subject_type in {known}")


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("notifier_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("holder_kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("right_kind", sa.String(length=12), nullable=False),
        sa.Column("right_number", sa.String(length=60), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(f"state in {STATES}", name=op.f("ck_notices_state")),
        sa.CheckConstraint("holder_kind in ('firm', 'person')", name=op.f("ck_notices_holder_kind")),
        sa.CheckConstraint(f"right_kind in {RIGHTS}", name=op.f("ck_notices_right_kind")),
        sa.CheckConstraint("name <> '' and statement <> ''", name=op.f("ck_notices_told")),
        sa.CheckConstraint(f"(state in {ENDED}) = (ended_at is not null)", name=op.f("ck_notices_ended")),
        sa.CheckConstraint("state not in ('waiting', 'proved') or until is not null", name=op.f("ck_notices_until")),
        sa.CheckConstraint("(arrived_on is null) = (until is null)", name=op.f("ck_notices_arrived")),
        sa.CheckConstraint("until is null or until > arrived_on", name=op.f("ck_notices_days")),
        sa.CheckConstraint(
            "state not in ('submitted', 'incomplete', 'refused') or accepted_at is null",
            name=op.f("ck_notices_accepted"),
        ),
        _reference("notices", "notifier_id", "users"),
        _reference("notices", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notices_public_id")),
    )
    for column in ("notifier_id", "organisation_id", "state", "until"):
        op.create_index(op.f(f"ix_notices_{column}"), "notices", [column])


def _goods() -> None:
    op.create_table(
        "notice_goods",
        sa.Column("id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("notifier_id", ID, nullable=False),
        sa.Column("right_key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("is_open", sa.Boolean(create_constraint=False), nullable=False),
        _reference("notice_goods", "notice_id", "notices"),
        _reference("notice_goods", "listing_id", "listings"),
        _reference("notice_goods", "notifier_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_goods")),
        sa.UniqueConstraint("notice_id", "listing_id", name=op.f("uq_notice_goods_notice_id_listing_id")),
    )
    op.create_index(op.f("ix_notice_goods_listing_id"), "notice_goods", ["listing_id"])
    is_open = sa.text("is_open")
    op.create_index(
        "uq_notice_goods_open",
        "notice_goods",
        ["notifier_id", "right_key", "listing_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _evidence() -> None:
    op.create_table(
        "notice_evidence",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("media", sa.String(length=4), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("added_by", ID, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"kind in {EVIDENCE}", name=op.f("ck_notice_evidence_kind")),
        sa.CheckConstraint("media in ('jpeg', 'pdf')", name=op.f("ck_notice_evidence_media")),
        sa.CheckConstraint("length(file_key) = 64", name=op.f("ck_notice_evidence_file_key")),
        _reference("notice_evidence", "notice_id", "notices"),
        _reference("notice_evidence", "added_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notice_evidence_public_id")),
    )
    op.create_index(op.f("ix_notice_evidence_notice_id"), "notice_evidence", ["notice_id"])


def _steps() -> None:
    op.create_table(
        "notice_steps",
        sa.Column("id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(f"action in {DEEDS}", name=op.f("ck_notice_steps_action")),
        _reference("notice_steps", "notice_id", "notices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_steps")),
    )
    op.create_index(op.f("ix_notice_steps_notice_id"), "notice_steps", ["notice_id"])


def _measures() -> None:
    op.create_table(
        "measures",
        sa.Column("id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("ended_at is null or ended_at >= taken_at", name=op.f("ck_measures_ended")),
        _reference("measures", "listing_id", "listings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )
    for column in ("listing_id", "cause"):
        op.create_index(op.f(f"ix_measures_{column}"), "measures", [column])
    stands = sa.text("ended_at is null")
    op.create_index(
        "uq_measures_open",
        "measures",
        ["listing_id", "cause"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("reporter_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("picture_keys", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('open', 'upheld', 'mended', 'unfounded')", name=op.f("ck_reports_state")),
        sa.CheckConstraint(f"reason in {REASONS}", name=op.f("ck_reports_reason")),
        sa.CheckConstraint("(state = 'open') = (answered_at is null)", name=op.f("ck_reports_answered")),
        _reference("reports", "listing_id", "listings"),
        _reference("reports", "organisation_id", "organisations"),
        _reference("reports", "reporter_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reports_public_id")),
    )
    op.create_index("ix_reports_listing", "reports", ["listing_id", "state"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_reports_open",
        "reports",
        ["reporter_id", "listing_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
