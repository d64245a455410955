"""The rows under a header: which are goods, which are remarks, and which belong together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kernel.errors import Param
from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.header import Header
from onboarding.listings.sheets.reading import Problem
from onboarding.listings.sheets.values import is_nothing, squeeze
from onboarding.listings.sheets.vocabulary import Meaning
from onboarding.listings.sheets.workbook import Grid

_REMARK: Final = re.compile(
    r"(?:备注|注意?|说明|附注?|温馨提示|付款|发货|交货|联系|地址|电话|手机|微信|以上|起订量?|※|\*)\s*[：:、]?.*",
    re.DOTALL,
)
# 合计, 本页小计, 以上合计：3 款, Total: 171; 合计器 is goods.
_SUM: Final = re.compile(
    r"(?:[本该]?[页表单组类批]|以上|上述|全部|所有|各[项款]|金额|数量|货款|件数|总)?[合总小共累]计"
    r"(?:$|[^\w]|[0-9]|金额|数(?!器)|总[额价数]|货款|人民币|大写|款|件|价|共|为|约|额|[元¥]).*"
    r"|总(?:金额|数量|额)(?:$|[^\w]|[0-9]).*|(?:grand|sub-?)?total(?:$|[^\w]|[0-9]|amount|qty).*",
    re.DOTALL,
)
_NO_CONTENT: Final = frozenset(
    {Meaning.INDEX, Meaning.UNNAMED, Meaning.TOTAL, Meaning.PICTURE, Meaning.INTERNAL, Meaning.HIDDEN, Meaning.IGNORED}
)
# A code or a size that a spreadsheet program took for a date or a number when it saved as text.
_MANGLED: Final = re.compile(
    r"[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-[0-9]{2}|[0-9](?:\.[0-9]+)?E\+[0-9]{2}",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[)）、.．:：].*|.*(?:系列|专区|类)[:：]?|[▲△★☆◆◇●○■□▶►【].*", re.DOTALL
)
_VARIES: Final = frozenset({Meaning.COLOR, Meaning.SIZE, Meaning.OPTION, Meaning.STOCK, Meaning.TITLE})
_EXAMPLE: Final = "示例"
_SPEC: Final = re.compile(r".*(?:规格|尺寸|口径|容量|款式|度数|型号|长度|直径).*")


@dataclass
class Table:
    """One worksheet's table under reading; problems gather here.

    `is_foreign`: its remarks name another currency. `is_asked`: nobody knows its heads, and only the owner can say
    in which row (from 1) they stand, `head_row`; 0 says that there are none, below that it is no table of goods.
    """

    grid: Grid
    header: Header
    worksheet: str
    is_foreign: bool = False
    is_asked: bool = False
    head_row: int | None = None
    problems: list[Problem] = field(default_factory=list)
    trade: list[Column] | None = None  # what `supply` found out of the columns once, for every row
    currencies: list[Column] | None = None
    remarks: list[Column] | None = None
    units: list[Column] | None = None
    packs: list[Column] | None = None

    def tell(self, code: str, row: int | None, column: Column | None, /, **params: Param) -> None:
        """Record a problem; `row` counts from 0 here."""
        number = None if row is None or row < 0 else row + 1
        letter = column.letter if column else None
        self.problems.append(Problem(code, number, letter, params, self.worksheet))

    @property
    def is_read(self) -> bool:
        """Whether goods can be read out of it."""
        return not self.is_asked or (self.head_row is not None and self.head_row >= 0)

    def text(self, row: int, meaning: Meaning) -> str:
        """What a person sees in the first column of a meaning; empty for a dash."""
        column = self.header.one(meaning)
        return self.said(row, column) if column else ""

    def said(self, row: int, column: Column) -> str:
        """What a person sees in a column; empty for a dash, unless it is meant to the letter."""
        text = self.grid.at(row, column.index)
        return "" if is_nothing(text) and not column.literal else text

    def title(self, row: int) -> str:
        """The title on one line; where a table has no name column, the code stands in."""
        meaning = Meaning.TITLE if self.header.one(Meaning.TITLE) else Meaning.CODE
        return " ".join(self.text(row, meaning).split())

    def code(self, row: int) -> str:
        """The factory's own code; empty where it is one no more."""
        column = self.header.one(Meaning.CODE)
        return "" if column is None or self.is_mangled(row, column) else " ".join(self.said(row, column).split())

    def is_mangled(self, row: int, column: Column) -> bool:
        """Whether a spreadsheet program has made a date or a power of ten of what was typed here."""
        place = self.grid.anchors.get((row, column.index), (row, column.index))
        if place in self.grid.scan.dates:
            return True
        return not self.header.is_literal and _MANGLED.fullmatch(self.said(row, column)) is not None

    def literal(self, row: int, column: Column) -> str:
        """What stands in a column to the letter, on one line, a dash too."""
        return " ".join(self.grid.at(row, column.index).split())

    def is_struck(self, row: int, column: Column | None) -> bool:
        """Whether a line goes through a cell."""
        return column is not None and self.grid.anchors.get((row, column.index), (row, column.index)) in (
            self.grid.scan.struck
        )


def split_rows(table: Table) -> tuple[list[int], list[str]]:
    """Rows of goods, and the text of every other row: titles above, remarks between and below.

    What the owner hid, buyers of his sheet do not see: it is left alone, and told.
    """
    last_header = table.header.rows[-1]
    goods: list[int] = []
    notes: list[str] = []
    hidden: list[int] = []
    for row in range(len(table.grid.rows)):
        if row in table.header.rows or not any(table.grid.rows[row]):
            continue
        if row in table.grid.scan.hidden_rows:
            hidden.append(row)
            continue
        if row > last_header and _is_example(table, row):
            table.tell("example_skipped", row, table.header.one(Meaning.CODE))
        elif row > last_header and _is_goods(table, row):
            goods.append(row)
        elif row < last_header or not _repeats_header(table, row):
            notes.append(" ".join(" ".join(cell.split()) for cell in table.grid.rows[row] if cell))
    if hidden:
        table.tell("rows_hidden", hidden[0], None, count=len(hidden))
    return goods, [note for note in notes if note]


def _is_example(table: Table, row: int) -> bool:
    """The row of our template that shows how a row is written."""
    return table.text(row, Meaning.CODE).startswith(_EXAMPLE)


def _is_goods(table: Table, row: int) -> bool:
    if _repeats_header(table, row):
        return False
    filled = [column for column in table.header.columns if table.grid.own(row, column.index)]
    content = [column for column in filled if column.meaning not in _NO_CONTENT]
    if not filled:
        return False
    first = table.grid.own(row, filled[0].index)
    if _is_sum(table, row, filled):
        return False
    if not content:
        return any(table.grid.continues(row, column.index) for column in table.header.all_of(Meaning.TITLE)) and (
            filled[0].meaning is not Meaning.INDEX
        )
    if len(filled) == 1:
        return _stands_for_goods(table, row, content[0])
    return not (_REMARK.fullmatch(first) and not _is_priced(table, row))


def _is_sum(table: Table, row: int, filled: list[Column]) -> bool:
    """Whether a row adds up others: said first, behind a running number, or in the place of the name."""
    named = [column for column in filled if column.meaning is Meaning.TITLE]
    if table.header.is_literal and named:  # in files of ours goods may be called anything
        return False
    said = [column for column in filled if column.meaning is not Meaning.INDEX]
    return any(_SUM.fullmatch(squeeze(table.grid.own(row, one.index))) for one in [*filled[:2], *said[:1], *named])


def _stands_for_goods(table: Table, row: int, column: Column) -> bool:
    """A row of one cell is goods when the cell is a variant, or an ordinary name without the rest."""
    spread = table.grid.anchors.get((row, column.index + 1)) == (row, column.index)
    if (
        spread
        or _SECTION.fullmatch(table.grid.own(row, column.index))
        or _REMARK.fullmatch(table.grid.own(row, column.index))
    ):
        return False
    return column.meaning in _VARIES


def _is_priced(table: Table, row: int) -> bool:
    priced = (Meaning.TRADE_PRICE, Meaning.TIER, Meaning.RETAIL_PRICE)
    return any(table.said(row, column) for meaning in priced for column in table.header.all_of(meaning))


def _repeats_header(table: Table, row: int) -> bool:
    """Whether a printed page's header stands here again."""
    heads = [(column, column.head) for column in table.header.columns if column.head]
    same = [column for column, head in heads if " ".join(table.grid.at(row, column.index).split()) == head]
    return len(same) * 2 > len(heads)


def groups(table: Table, rows: list[int]) -> Iterator[list[int]]:
    """Rows of one listing together: merged downwards, left blank, or code and name repeated."""
    current: list[int] = []
    for row in rows:
        if current and _belongs(table, row, current):
            current.append(row)
            continue
        if current:
            yield current
        current = [row]
    if current:
        yield current


def _belongs(table: Table, row: int, current: list[int]) -> bool:
    keys = [column for meaning in (Meaning.TITLE, Meaning.CODE) for column in table.header.all_of(meaning)]
    anchors = [table.grid.anchors.get((row, column.index), (row, 0))[0] for column in keys]
    title, code = table.title(row), table.code(row)
    first_title, first_code = table.title(current[0]), table.code(current[0])
    if table.header.one(Meaning.TITLE) and current[0] <= anchors[0] < row:
        return True  # a merged name: rows are its variants, whatever their codes
    if not title and any(table.grid.scan.is_broken(row, column.index) for column in keys):
        return False  # a name of its own that the file does not hold
    if not title and not code:
        return has_variant(table, row)
    if not title:
        return code == first_code
    return title == first_title and code in {first_code, ""}


def has_variant(table: Table, row: int) -> bool:
    """Whether a row without code and name says which variant it is."""
    columns = table.header.columns
    told = {Meaning.COLOR, Meaning.SIZE, Meaning.OPTION}
    variants = [c for c in columns if c.meaning in told and not c.priced]
    specs = [c for c in columns if c.meaning is Meaning.ATTRIBUTE and not c.literal and _SPEC.fullmatch(c.detail)]
    return any(table.said(row, column) for column in [*variants, *specs])
