"""what a visitor seeks is noted once a day and counted: a page turned is no note, a text sought again no second one"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_KEY = ["day", "visitor", "text"]
_SAME = "same.day = search_notes.day and same.visitor = search_notes.visitor and same.text = search_notes.text"


def upgrade() -> None:
    op.execute("delete from search_notes where page > 1")
    op.add_column("search_notes", sa.Column("times", sa.Integer(), server_default="1", nullable=False))
    op.create_index("ix_search_notes_same", "search_notes", _KEY)
    op.execute(f"update search_notes set times = (select count(*) from search_notes as same where {_SAME})")
    op.execute(
        f"delete from search_notes where exists (select 1 from search_notes as same where {_SAME} and same.id < search_notes.id)"
    )
    op.drop_index("ix_search_notes_same", table_name="search_notes")
    with op.batch_alter_table("search_notes") as notes:
        notes.create_unique_constraint(op.f("uq_search_notes_day_visitor_text"), _KEY)
        notes.create_check_constraint(op.f("ck_search_notes_times"), "times >= 1")
    op.create_index("ix_search_clicks_day_visitor", "search_clicks", ["day", "visitor"])


def downgrade() -> None:
    op.drop_index("ix_search_clicks_day_visitor", table_name="search_clicks")
    with op.batch_alter_table("search_notes") as notes:
        notes.drop_constraint(op.f("ck_search_notes_times"), type_="check")
        notes.drop_constraint(op.f("uq_search_notes_day_visitor_text"), type_="unique")
        notes.drop_column("times")
