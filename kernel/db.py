"""Tables and transactions: one commit in the code, writes only inside it, reads read-only in the database itself."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import flask_migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    BindParameter,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    create_engine,
    event,
    func,
    literal_column,
    select,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.sql.elements import ClauseList, Grouping
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection
    from sqlalchemy.pool import ConnectionPoolEntry

Chosen = TypeVar("Chosen", bound=Select[Any])
WRITING = "yuantou_writing"
_BUSY_SECONDS = 10

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = metadata


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment with microseconds; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps it without a zone so that text order is time order."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware UTC moment on every database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Ref = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Fen = Annotated[int, mapped_column(BigInteger)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
PublicId = Annotated[str, mapped_column(String(40), unique=True)]
Currency = Annotated[str, mapped_column(String(3), default="CNY")]

db = SQLAlchemy(metadata=metadata, session_options={"expire_on_commit": False, "autoflush": True})


def session() -> Session:
    """The session of this request, command or job; outside `transaction()` the database refuses its writes."""
    return db.session()


@contextmanager
def transaction() -> Iterator[bool]:
    """Join the open write transaction or open one; yields whether this is the outermost, which alone commits.

    Opening ends the read before it, so rows loaded earlier are read again under the writer's lock.
    """
    current = session()
    if current.info.get(WRITING):
        yield False
        return
    current.rollback()
    current.info[WRITING] = True
    try:
        current.connection(execution_options={WRITING: True})
        yield True
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info.pop(WRITING, None)


def look_again() -> None:
    """End the read of this session: what it reads next is what the database says then."""
    session().rollback()


def address() -> str:
    """Where the session's database is, password and all, for a process of its own that reads it too."""
    bound = session().get_bind()
    return bound.engine.url.render_as_string(hide_password=False)


@contextmanager
def reading(url: str) -> Iterator[Session]:
    """A session of a process that is no application: it reads, and the database refuses its writes."""
    engine = create_engine(url, hide_parameters=True)
    prepare_engine(engine)
    try:
        with Session(engine) as opened:
            yield opened
    finally:
        engine.dispose()


def settled(query: Chosen) -> Chosen:
    """A statement that is built once and run often, with its constants written into it; `bindparam`s stay open.

    SQLite plans a statement anew at every run in which a bound constant decides whether a partial index holds, which
    takes ten times as long as running it; and what is not bound need not be bound again.
    """
    return cast("Chosen", replacement_traverse(query, {}, _written))


def _written(element: Any, **_more: Any) -> ColumnElement[Any] | None:  # noqa: ANN401  any part of a statement
    if not isinstance(element, BindParameter) or element.required or element.callable is not None:
        return None
    values: Any = element.value if element.expanding else [element.value]
    if not values or not all(type(value) in {int, str} for value in values):
        return None
    written = [literal_column(_quoted(value), element.type) for value in values]
    return Grouping(ClauseList(*written)) if element.expanding else written[0]


def _quoted(value: int | str) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def upgrade(app: Flask) -> None:
    """Bring the application's database to the newest schema."""
    with app.app_context():
        flask_migrate.upgrade()


def is_sqlite() -> bool:
    """Whether the session speaks to SQLite, where one writer holds the lock."""
    return session().get_bind().dialect.name == "sqlite"


def next_ids(table: type[Base], count: int) -> range | list[int]:
    """Ids for so many new rows, in the open write transaction: rows that name each other go in without asking back."""
    column = table.__table__.c.id
    if is_sqlite():  # whoever writes is alone
        first = (session().scalar(select(func.max(column))) or 0) + 1
        return range(first, first + count)
    sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
    drawn = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
    return list(session().scalars(drawn))


def prepare_engine(engine: Engine) -> None:
    """Teach an engine how transactions begin: immediate when writing, read-only otherwise."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _open_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        f"busy_timeout={_BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = bool(connection.get_execution_options().get(WRITING))
    raw: Any = connection.connection.dbapi_connection
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
    known = connection.connection.info  # of this very connection, as long as it is open
    try:
        if known.get(WRITING) is not writing:  # the pragma makes every statement of the connection be planned anew
            raw.execute(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
            known[WRITING] = writing
        raw.execute(begin)
    except sqlite3.OperationalError as locked:  # an event's own: SQLAlchemy makes its error of statements only
        raise OperationalError(begin, None, locked) from locked


def _begin_postgresql(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    raw.read_only = not connection.get_execution_options().get(WRITING)
