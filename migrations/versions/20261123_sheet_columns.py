"""price sheets are written by the worker, with progress; what owners say of columns is remembered

A sheet that was imported before has all its rows written: nothing shows its progress any more, so none is made up.
"""

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = kernel.db.UtcDateTime(timezone=True)
BEFORE, NOW = "'waiting', 'read', 'imported', 'failed'", "'waiting', 'read', 'importing', 'imported', 'failed'"


def upgrade() -> None:
    op.create_table(
        "column_choices",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("head", sa.String(length=120), nullable=False),
        sa.Column("meaning", sa.String(length=60), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.CheckConstraint("head <> ''", name=op.f("ck_column_choices_head")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_column_choices_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_choices")),
        sa.UniqueConstraint("organisation_id", "head", name=op.f("uq_column_choices_organisation_id_head")),
    )
    op.create_table(
        "sheet_progress",
        sa.Column("id", ID, nullable=False),
        sa.Column("sheet_import_id", ID, nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= done and done <= total", name=op.f("ck_sheet_progress_done")),
        sa.ForeignKeyConstraint(
            ["sheet_import_id"], ["sheet_imports.id"], name=op.f("fk_sheet_progress_sheet_import_id_sheet_imports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_progress")),
        sa.UniqueConstraint("sheet_import_id", name=op.f("uq_sheet_progress_sheet_import_id")),
    )
    with op.batch_alter_table("sheet_imports") as batch:
        batch.add_column(sa.Column("chosen", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("refused_key", sa.String(length=64), nullable=False, server_default=""))
    _states(NOW)


def downgrade() -> None:
    op.execute("update sheet_imports set state = 'read' where state = 'importing'")
    _states(BEFORE)
    with op.batch_alter_table("sheet_imports") as batch:
        batch.drop_column("refused_key")
        batch.drop_column("chosen")
    op.drop_table("sheet_progress")
    op.drop_table("column_choices")


def _states(said: str) -> None:
    with op.batch_alter_table("sheet_imports") as batch:
        batch.drop_constraint(op.f("ck_sheet_imports_state"), type_="check")
        batch.create_check_constraint(op.f("ck_sheet_imports_state"), f"state in ({said})")
