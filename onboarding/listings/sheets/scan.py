"""A look through the XML of a workbook before any reader lays out its cells.

A worksheet may claim a million rows, put one value in its last corner, or name one long shared text in
every cell; each costs gigabytes once laid out. Streamed here, it costs nothing and is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kernel.errors import DomainError
from onboarding.listings.sheets.cell_pictures import dispimg_id
from onboarding.listings.sheets.markup import Handler, attribute, is_on, parse, whole
from onboarding.listings.sheets.shared import MAX_CELL_CHARS, RUN_TAGS, Runs, SharedTexts
from onboarding.listings.sheets.styles import Look

MAX_ROWS: Final = 25_000
MAX_COLUMNS: Final = 200
MAX_TEXT_CHARS: Final = 30_000_000  # all cells of one worksheet together
_MOST_POINTS: Final = 409.5  # Excel's own limit for the height of a row
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Place = tuple[int, int]


@dataclass
class SheetScan:
    """What one worksheet's XML tells. Cells are (row, column), both from 0, and heights are points.

    `unvalued`: a formula without a stored value; `errors`: an error stands in the cell; `named`: a picture of WPS
    by the id of its `DISPIMG`; `rich`: a rich value of Excel by its number; `drawing`: the relation of the floating
    pictures; `shown`: what a person reads where that is more, or less, than the stored value; `struck`: a line goes
    through all of it; `dates`: it is kept as a date.
    """

    unvalued: set[Place] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)
    named: dict[Place, str] = field(default_factory=dict)
    rich: dict[Place, int] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    default_height: float = 15.0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    drawing: str = ""
    shown: dict[Place, str] = field(default_factory=dict)
    struck: set[Place] = field(default_factory=set)
    dates: set[Place] = field(default_factory=set)

    @property
    def picture_columns(self) -> set[int]:
        """Columns whose cells are pictures."""
        return {column for _, column in (*self.named, *self.rich)}

    def is_broken(self, row: int, column: int) -> bool:
        """Whether a formula stands in a cell without a usable value."""
        return (row, column) in self.unvalued or (row, column) in self.errors


def scan_worksheet(xml: bytes, shared: SharedTexts, looks: Mapping[int, Look]) -> SheetScan:
    """Walk one worksheet's cells; `looks` are what the numbers of styles add.

    Raises DomainError `sheet.too_many_rows`, `sheet.too_many_columns`, `sheet.bomb`, `sheet.damaged`.
    """
    walker = _CellWalker(shared, looks)
    parse(xml, walker)
    return walker.found


class _CellWalker(Handler):
    def __init__(self, shared: SharedTexts, looks: Mapping[int, Look]) -> None:
        self.found = SheetScan()
        self._shared = shared
        self._looks = looks
        self._style = ""
        self._runs = Runs()
        self._row = -1
        self._column = -1
        self._type = ""
        self._rich = ""
        self._tag = ""
        self._value = ""
        self._formula = ""
        self._chars = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tag = tag
        if tag == "c":
            self._place(attributes.get("r", ""))
            self._type = attributes.get("t", "n")
            self._rich = attributes.get("vm", "")
            self._style = attributes.get("s", "")
            self._value = self._formula = ""
            if self._type == "inlineStr":
                self._runs = Runs()
        elif tag == "f":
            self._formula += " "
        elif tag in RUN_TAGS:
            self._runs.start(tag, attributes)
        elif tag == "row":
            self._begin_row(attributes)
        else:
            self._around(tag, attributes)

    def _around(self, tag: str, attributes: dict[str, str]) -> None:
        """What stands before and after the cells."""
        folded = whole(attributes.get("outlineLevel", "")) > 0
        if tag == "col" and is_on(attributes.get("hidden", "")) and not folded:
            last = min(whole(attributes.get("max", "")), MAX_COLUMNS)
            self.found.hidden_columns.update(range(whole(attributes.get("min", "")) - 1, last))
        elif tag == "sheetFormatPr":
            self.found.default_height = _points(attributes.get("defaultRowHeight", "")) or 15.0
        elif tag == "drawing":
            self.found.drawing = attribute(attributes, "id")

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isascii() and number.isdigit() else self._row + 1
        self._column = -1
        if is_on(attributes.get("hidden", "")):
            self.found.heights[self._row] = 0.0
            if not whole(attributes.get("outlineLevel", "")):  # a folded group is not hidden: one click opens it
                self.found.hidden_rows.add(self._row)
        elif "ht" in attributes:
            self.found.heights[self._row] = _points(attributes["ht"])

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
            if self._tag == "t":
                self._runs.text(text)
            if len(self._value) > MAX_CELL_CHARS:
                raise DomainError("sheet.bomb")
        elif self._tag == "f":
            self._formula += text[:MAX_CELL_CHARS]

    def end(self, tag: str) -> None:
        self._tag = ""
        if tag == "c" and (self._value or self._formula or self._rich):
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
        if not (number.isascii() and number.isdigit()) or int(number) >= len(self._shared.lengths):
            raise DomainError("sheet.damaged")
        return self._shared.lengths[int(number)]

    def _record(self) -> None:
        place = (self._row, self._column)
        if self._rich:
            self.found.rich[place] = whole(self._rich)
        if "DISPIMG" in self._formula.upper() or "DISPIMG(" in self._value.upper():
            self.found.named[place] = dispimg_id(self._formula) or dispimg_id(self._value)
        elif self._formula and not self._value:
            self.found.unvalued.add(place)
        if self._type == "e":
            self.found.errors.add(place)
        self._look(place)

    def _look(self, place: Place) -> None:
        """What a person sees that the stored value does not say."""
        look = self._looks.get(int(self._style)) if self._looks and self._style.isdecimal() else None
        if look and look.struck:
            self.found.struck.add(place)
        if look and self._type == "n" and (shown := look.shown(self._value)):
            self.found.shown[place] = shown
        left = None
        if self._type == "s" and self._shared.struck:
            left = self._shared.struck.get(int(self._value))
        elif self._type == "inlineStr" and self._runs.is_struck:
            left = self._runs.left
        if left:
            self.found.shown[place] = left
        elif left == "":
            self.found.struck.add(place)


def _points(text: str) -> float:
    """A height in points; 0 for what is none."""
    number = text if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,20})?", text) else "0"
    return min(float(number), _MOST_POINTS)


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
