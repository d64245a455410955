"""A look through the XML of a workbook before any reader lays out its cells.

A worksheet may claim a million rows, put one value in its last corner, or name one long shared text in
every cell; each costs gigabytes once laid out. Streamed here, it costs nothing and is refused.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from kernel.errors import DomainError

MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
MAX_CELL_CHARS: Final = 32_767  # Excel's own limit for one cell
MAX_TEXT_CHARS: Final = 30_000_000  # all cells of one worksheet together
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class SheetScan:
    """What one worksheet's XML tells: cells (row, column from 0) whose formula has no stored value, cells
    that hold an error, columns whose formulas place a picture (WPS `DISPIMG`).
    """

    unvalued: set[tuple[int, int]] = field(default_factory=set)
    errors: set[tuple[int, int]] = field(default_factory=set)
    picture_columns: set[int] = field(default_factory=set)

    def is_broken(self, row: int, column: int) -> bool:
        """Whether a formula stands in a cell without a usable value."""
        return (row, column) in self.unvalued or (row, column) in self.errors


def scan_shared_strings(xml: bytes) -> list[int]:
    """The length in characters of each shared text. Raises DomainError `sheet.bomb`, `sheet.damaged`."""
    counter = _StringCounter()
    _parse(xml, counter)
    return counter.lengths


def scan_worksheet(xml: bytes, lengths: list[int]) -> SheetScan:
    """Walk one worksheet's cells. Raises DomainError `sheet.too_many_rows`, `sheet.too_many_columns`,
    `sheet.bomb`, `sheet.damaged`.
    """
    walker = _CellWalker(lengths)
    _parse(xml, walker)
    return walker.found


def elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    """The attributes of every element of one tag. Raises DomainError `sheet.damaged`."""
    collector = _Collector(wanted)
    _parse(xml, collector)
    return collector.found


class _Handler:
    """What the parser calls; tags come without their namespace prefix."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, tag: str) -> None:
        """An element closes."""

    def text(self, text: str) -> None:
        """Characters between tags."""


def _parse(xml: bytes, handler: _Handler) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda tag, attributes: handler.start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda tag: handler.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = handler.text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise DomainError("sheet.damaged") from error


def _refuse_doctype(*_declaration: object) -> None:
    """No spreadsheet program writes a DOCTYPE; entities and their expansion come only with one."""
    raise DomainError("sheet.bomb")


class _Collector(_Handler):
    def __init__(self, wanted: str) -> None:
        self.found: list[dict[str, str]] = []
        self._wanted = wanted

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self._wanted:
            self.found.append(attributes)


class _StringCounter(_Handler):
    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - shape of the handler
        if tag == "si":
            self.lengths.append(0)

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)
            if self.lengths[-1] > MAX_CELL_CHARS * 2:  # white space between tags counts too
                raise DomainError("sheet.bomb")


class _CellWalker(_Handler):
    def __init__(self, lengths: list[int]) -> None:
        self.found = SheetScan()
        self._lengths = lengths
        self._row = -1
        self._column = -1
        self._type = ""
        self._tag = ""
        self._value = ""
        self._formula = ""
        self._chars = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tag = tag
        if tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isascii() and number.isdigit() else self._row + 1
            self._column = -1
        elif tag == "c":
            self._place(attributes.get("r", ""))
            self._type = attributes.get("t", "n")
            self._value = self._formula = ""
        elif tag == "f":
            self._formula += " "

    def _place(self, reference: str) -> None:
        match = _REFERENCE.fullmatch(reference.upper())
        if match is None:
            self._column += 1
            return
        self._row = int(match[2]) - 1
        self._column = column_index(match[1])

    def text(self, text: str) -> None:
        if self._tag in {"v", "t"}:
            self._value += text
            if len(self._value) > MAX_CELL_CHARS:
                raise DomainError("sheet.bomb")
        elif self._tag == "f":
            self._formula += text[:MAX_CELL_CHARS]

    def end(self, tag: str) -> None:
        self._tag = ""
        if tag == "c" and (self._value or self._formula):
            self._check_bounds()
            self._record()

    def _check_bounds(self) -> None:
        if self._row >= MAX_ROWS:
            raise DomainError("sheet.too_many_rows", limit=MAX_ROWS)
        if self._column >= MAX_COLUMNS:
            raise DomainError("sheet.too_many_columns", limit=MAX_COLUMNS)
        self._chars += self._shared_length() if self._type == "s" else len(self._value)
        if self._chars > MAX_TEXT_CHARS:
            raise DomainError("sheet.bomb")

    def _shared_length(self) -> int:
        number = self._value.strip()
        if not (number.isascii() and number.isdigit()) or int(number) >= len(self._lengths):
            raise DomainError("sheet.damaged")
        return self._lengths[int(number)]

    def _record(self) -> None:
        place = (self._row, self._column)
        if "DISPIMG" in self._formula.upper():
            self.found.picture_columns.add(self._column)
        elif self._formula and not self._value:
            self.found.unvalued.add(place)
        if self._type == "e":
            self.found.errors.add(place)


def column_index(letters: str) -> int:
    """`A` → 0, `Z` → 25, `AA` → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def column_letter(index: int) -> str:
    """0 → `A`, 26 → `AA`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
