"""A table described once: its columns, its filters, where its rows come from. Page and CSV are drawn from that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import func, literal_column, select

from kernel.db import session
from kernel.errors import DomainError, InvalidInputError
from kernel.text import Message, clean

if TYPE_CHECKING:
    from sqlalchemy import Select

    from kernel.errors import Param

Line = TypeVar("Line")
Values = Mapping[str, str]
Options = Sequence[tuple[str, str]]

COUNTED: Final = 10_000  # rows that are counted and paged through; beyond that a list wants a filter
EXPORTED: Final = 100_000
BATCH: Final = 500
_LONGEST: Final = 60
_DIGITS: Final = 9
_YEARS: Final = range(1900, 3000)  # what lies outside has no day before or after it, or no moment in another zone


@dataclass(frozen=True, slots=True)
class Column(Generic[Line]):
    """One column: its head, the value of a line, and how both are shown.

    `kind` is "" | authored (people's own words, short) | prose (long) | codes | badge | day | moment | money (fen) |
    number. `sort` is what the database orders by. `link`, `image` (the address of a small picture before the value),
    `tone` (of a badge) and `note` (a small second line) are the page's alone; a column that is `only` on the "page" or
    in the "csv" is not in the other.
    """

    key: str
    label: Message
    value: Callable[[Line], Any]
    kind: str = ""
    sort: Any = None
    link: Callable[[Line], str] | None = None
    image: Callable[[Line], str] | None = None
    tone: Callable[[Line], str] | None = None
    note: Callable[[Line], str] | None = None
    only: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: `words` (typed), `day` (a date), or a choice among `options`, which a page may fill itself."""

    name: str
    label: Message
    kind: str = "choice"
    options: tuple[tuple[str, Message], ...] | None = None
    start: str = ""
    hint: Message = field(default=Message(""))

    def value(self, given: str) -> str:
        """The cleaned value, empty for none. Raises ValueError for one that this filter cannot mean."""
        said = clean(given)
        if len(said) > _LONGEST:
            raise ValueError(said)
        if said and self.kind == "day":
            return _day(said)
        if said and self.options is not None and said not in {value for value, _label in self.options}:
            raise ValueError(said)
        return said


@dataclass(frozen=True, slots=True)
class Table(Generic[Line]):
    """A list that people work on; `name` tells it apart on its page and names its file."""

    name: str
    title: Message
    columns: tuple[Column[Line], ...]
    key: Callable[[Line], str]
    filters: tuple[Filter, ...] = ()
    size: int = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a table: its filters, the column it is sorted by, the page."""

    values: dict[str, str]
    sort: str = ""
    page: int = 1

    @property
    def query(self) -> str:
        """As an address says it, without the page; what a saved filter keeps."""
        said = self.values | ({"sort": self.sort} if self.sort else {})
        return urlencode(said)

    def but(self, **other: str | int) -> str:
        """The same, asked a little differently; leads to the first page unless told."""
        said: dict[str, str | int] = {**self.values, **({"sort": self.sort} if self.sort else {}), **other}
        return urlencode(said)


class Rows(Protocol[Line]):
    """Where the lines of a table come from."""

    def count(self, most: int) -> int:
        """How many there are, at most one more than `most`."""

    def part(self, *, offset: int, limit: int, by: Any, down: bool) -> list[Line]:  # noqa: ANN401  a database's column
        """Some of them, sorted by a column's `sort`, or as they come."""

    def batches(self, *, by: Any, down: bool) -> Iterator[list[Line]]:  # noqa: ANN401
        """All of them, bit by bit."""


@dataclass(frozen=True, slots=True)
class Selected(Generic[Line]):
    """Lines out of the database: a statement, the order they come in, and how a batch of its rows is read.

    `dress` adds to the lines of a page what a file of all of them does not tell.
    """

    query: Select[*tuple[Any, ...]]
    order: Sequence[Any]
    read: Callable[[Sequence[Any]], list[Line]]
    dress: Callable[[list[Line]], list[Line]] | None = None

    def count(self, most: int) -> int:
        """One statement that stops counting beyond `most`."""
        return session().scalar(select(self.counted(most))) or 0

    def counted(self, most: int) -> Any:  # noqa: ANN401  a scalar subquery
        """The count as part of another statement."""
        bare: Select[*tuple[Any, ...]] = self.query.with_only_columns(literal_column("1"), maintain_column_froms=True)
        few = bare.order_by(None).limit(most + 1).subquery()
        return select(func.count()).select_from(few).scalar_subquery()

    def part(self, *, offset: int, limit: int, by: Any, down: bool) -> list[Line]:  # noqa: ANN401
        """One statement, and those of `read` and `dress`."""
        lines = self.read(session().execute(self._sorted(by, down=down).offset(offset).limit(limit)).all())
        return self.dress(lines) if self.dress else lines

    def batches(self, *, by: Any, down: bool) -> Iterator[list[Line]]:  # noqa: ANN401
        """One statement whose rows are fetched as they are needed, and those of `read` for each batch."""
        query = self._sorted(by, down=down).execution_options(yield_per=BATCH)
        for batch in session().execute(query).partitions():
            yield self.read(batch)

    def _sorted(self, by: Any, *, down: bool) -> Select[*tuple[Any, ...]]:  # noqa: ANN401
        if by is None:
            return self.query.order_by(*self.order)
        return self.query.order_by((by.desc() if down else by.asc()).nulls_last(), *self.order)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Line]):
    """Lines that are at hand: few, and found otherwise."""

    lines: Sequence[Line]

    def count(self, most: int) -> int:
        """All of them, `most` or not: they are here."""
        return min(len(self.lines), most + 1)

    def part(self, *, offset: int, limit: int, by: Any, down: bool) -> list[Line]:  # noqa: ANN401, ARG002
        """As they come."""
        return list(self.lines[offset : offset + limit])

    def batches(self, *, by: Any, down: bool) -> Iterator[list[Line]]:  # noqa: ANN401, ARG002
        """As they come."""
        yield list(self.lines)


def ask(table: Table[Any], given: Mapping[str, str]) -> Asked:
    """What an address asks of a table; what it does not know is left out. Raises InvalidInputError by field."""
    wrong: dict[str, tuple[str, dict[str, Param]]] = {}
    values: dict[str, str] = {}
    for one in table.filters:
        try:
            values[one.name] = one.value(given.get(one.name, one.start))
        except ValueError:
            wrong[one.name] = ("field.invalid", {})
    sort, page = given.get("sort", ""), given.get("page", "1")
    if sort and sort.removeprefix("-") not in {column.key for column in table.columns if column.sort is not None}:
        wrong["sort"] = ("field.invalid", {})
    if not (page.isascii() and page.isdigit() and len(page) <= _DIGITS and 1 <= int(page) <= _deepest(table)):
        wrong["page"] = ("field.invalid", {})
    if wrong:
        raise InvalidInputError(wrong)
    return Asked(values, sort, int(page))


def respelled(query: str) -> str:
    """What somebody sent as a part of an address, in the one spelling of addresses: nothing in it ends the address."""
    return urlencode([(clean(name), clean(value)) for name, value in parse_qsl(query, keep_blank_values=True)])


def exportable(rows: Rows[Any]) -> None:
    """Refuse a file that is larger than anybody reads (`export.too_many`): a filter makes it smaller."""
    if rows.count(EXPORTED) > EXPORTED:
        raise DomainError("export.too_many", most=EXPORTED)


def sorting(table: Table[Any], asked: Asked) -> dict[str, Any]:
    """What `Rows` are sorted by, as its methods take it."""
    by = next((column.sort for column in table.columns if column.key == asked.sort.removeprefix("-")), None)
    return {"by": by, "down": asked.sort.startswith("-")}


def _deepest(table: Table[Any]) -> int:
    return max(COUNTED // table.size, 1)


def _day(said: str) -> str:
    day = date.fromisoformat(said)
    if day.year not in _YEARS:
        raise ValueError(said)
    return day.isoformat()
