"""searches that found something only after their words were set right are told apart"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BEFORE, NOW = "'all', 'loose', 'any', 'relaxed', 'none'", "'all', 'loose', 'any', 'relaxed', 'corrected', 'none'"


def upgrade() -> None:
    _how(NOW)


def downgrade() -> None:
    op.execute("update search_notes set how = 'all' where how = 'corrected'")
    _how(BEFORE)


def _how(said: str) -> None:
    with op.batch_alter_table("search_notes") as batch:
        batch.drop_constraint(op.f("ck_search_notes_how"), type_="check")
        batch.create_check_constraint(op.f("ck_search_notes_how"), f"how in ({said})")
