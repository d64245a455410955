"""How migrations run: one transaction on either database, with limits on waiting for locks on PostgreSQL."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from kernel.db import WRITING, metadata


def run() -> None:
    """Run the asked-for migrations in one transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '4s'; SET LOCAL statement_timeout = '60s'"))
            context.run_migrations()


run()
