"""A workbook as grids of text: every cell NFC text, merged cells known by the cell they repeat."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

import python_calamine

from kernel.errors import DomainError
from kernel.text import clean
from onboarding.listings.sheets.album import Album
from onboarding.listings.sheets.archive import Kind, Unpacked, kind_of, repack, unpack
from onboarding.listings.sheets.delimited import read_text_table
from onboarding.listings.sheets.drawing import Picture
from onboarding.listings.sheets.legacy import read_xls
from onboarding.listings.sheets.markup import attribute, elements, relations
from onboarding.listings.sheets.scan import SheetScan, scan_worksheet
from onboarding.listings.sheets.shared import SharedTexts, scan_shared_texts
from onboarding.listings.sheets.styles import looks

MAX_WORKSHEETS: Final = 50
LONGEST: Final = 4_000
"""Characters of a cell that are read."""
_FIGURES: Final = "0123456789０１２３４５６７８９.,．，"
_MAX_MERGED_CELLS: Final = 500_000
_DATES: Final = (dt.date, dt.time, dt.timedelta)
# How people make a number stay text when they save as CSV: '00123 and ="00123".
_AS_TEXT: Final = re.compile(r"\s*(?:'([0-9][^']*)|=\"([^\"]*)\")\s*")

Place = tuple[int, int]
Merged = tuple[Place, Place]


@dataclass(frozen=True)
class Grid:
    """One worksheet. Rows and columns count from 0 here; the reading counts from 1 and by letter."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    anchors: Mapping[Place, Place] = field(default_factory=dict)
    scan: SheetScan = field(default_factory=SheetScan)
    pictures: tuple[Picture, ...] = ()

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    def own(self, row: int, column: int) -> str:
        """The text written in this very cell; empty inside a merged area but for its first cell."""
        if not 0 <= row < len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]

    def at(self, row: int, column: int) -> str:
        """The text a person sees at this place, merged areas included."""
        return self.own(*self.anchors.get((row, column), (row, column)))

    def window(self, rows: range, columns: range) -> "Grid":
        """The worksheet with nothing but these rows and columns, each at its own place."""
        last = min(columns.stop, self.width)
        blank = ("",) * columns.start
        cells = (row[columns.start : last] if number in rows else () for number, row in enumerate(self.rows))
        kept = tuple(blank + row if row else row for row in cells)
        pictures = tuple(one for one in self.pictures if one.row in rows and one.column in columns)
        return replace(self, rows=kept, pictures=pictures)

    def continues(self, row: int, column: int) -> bool:
        """Whether a merged cell from a row above reaches into this one."""
        return self.anchors.get((row, column), (row, column))[0] < row


def read_grids(data: bytes) -> list[Grid]:
    """The visible worksheets of an xlsx, xls or text table. Raises DomainError `sheet.…`."""
    kind = kind_of(data)
    if kind is Kind.XLSX:
        grids = _xlsx_grids(data)
    elif kind is Kind.XLS:
        grids = [_legacy_grid(sheet) for sheet in read_xls(data)]
    else:
        grids = [_grid("", read_text_table(data), (), SheetScan())]
    if not any(cell for grid in grids for row in grid.rows for cell in row):
        raise DomainError("sheet.empty")
    return [_shortened(grid) for grid in grids]


def _shortened(grid: Grid) -> Grid:
    """No cell is longer than anybody writes: a crafted one would keep the reader busy for hours.

    What is cut ends in no figure: it would be another number.
    """
    if all(len(cell) <= LONGEST for row in grid.rows for cell in row):
        return grid
    rows = tuple(tuple(_cut(cell) for cell in row) for row in grid.rows)
    return replace(grid, rows=rows)


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONGEST else cell[:LONGEST].rstrip(_FIGURES) + "…"


def _xlsx_grids(data: bytes) -> list[Grid]:
    unpacked = unpack(data)
    scans = _scans(unpacked.around)
    try:
        return _calamine_grids(unpacked, scans)
    except DomainError:
        raise
    except python_calamine.PasswordError as error:
        raise DomainError("sheet.encrypted") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        raise DomainError("sheet.damaged") from error


def _scans(parts: Mapping[str, bytes]) -> dict[str, SheetScan]:
    """Every worksheet looked through before it is laid out, by its part's lower-case path."""
    shared = parts.get("xl/sharedstrings.xml")
    texts = scan_shared_texts(shared) if shared else SharedTexts()
    found = looks(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else {}
    worksheets = {name: part for name, part in parts.items() if name.startswith("xl/worksheets/")}
    return {name: scan_worksheet(part, texts, found) for name, part in worksheets.items() if name.endswith(".xml")}


def _calamine_grids(unpacked: Unpacked, scans: Mapping[str, SheetScan]) -> list[Grid]:
    book = python_calamine.load_workbook(repack(unpacked.cells))
    visible = [
        sheet
        for sheet in book.sheets_metadata
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if len(visible) > MAX_WORKSHEETS:
        raise DomainError("sheet.too_many_worksheets", limit=MAX_WORKSHEETS)
    paths = worksheet_paths(unpacked.around)
    album = Album(unpacked)
    grids = []
    for sheet in visible:
        found = book.get_sheet_by_name(sheet.name)
        path = paths.get(sheet.name, "")
        scan = scans.get(path, SheetScan())
        grid = _grid(sheet.name, found.to_python(skip_empty_area=False), found.merged_cell_ranges, scan)
        grids.append(replace(grid, pictures=album.of_worksheet(path, scan)))
    return grids


def worksheet_paths(parts: dict[str, bytes]) -> dict[str, str]:
    """Worksheet name → lower-case path of its part, by the workbook's own relations."""
    targets = relations(parts, "xl/workbook.xml")
    paths = {}
    for sheet in elements(parts.get("xl/workbook.xml", b""), "sheet"):
        target = targets.get(attribute(sheet, "id"))
        paths[sheet.get("name", "")] = target.target if target else ""
    return paths


def _legacy_grid(sheet: dict[str, Any]) -> Grid:
    scan = SheetScan(dates={(row, column) for row, column in sheet["dates"]})
    return _grid(sheet["name"], sheet["rows"], sheet["merged"], scan)


def _grid(name: str, rows: Iterable[Iterable[object]], merged: Iterable[Merged] | None, scan: SheetScan) -> Grid:
    texts = []
    for number, values in enumerate(rows):
        cells = list(values)
        scan.dates.update((number, place) for place, cell in enumerate(cells) if isinstance(cell, _DATES))
        texts.append([cell_text(cell) for cell in cells])
    for (row, column), text in scan.shown.items():
        if row < len(texts) and column < len(texts[row]):
            texts[row][column] = cell_text(text)
    shown = tuple(tuple("" if "DISPIMG(" in text else text for text in row) for row in texts)
    return Grid(cell_text(name), shown, _anchors(merged or (), shown), scan)


def _anchors(merged: Iterable[Merged], rows: tuple[tuple[str, ...], ...]) -> dict[Place, Place]:
    """Cells inside a merged area → its first cell; an area is clipped to where the grid has cells."""
    width = max((len(row) for row in rows), default=0)
    anchors: dict[Place, Place] = {}
    budget = _MAX_MERGED_CELLS
    for (top, left), (bottom, right) in merged:
        last_row, last_column = min(bottom, len(rows) - 1), min(right, width - 1)
        budget -= max(0, last_row - top + 1) * max(0, last_column - left + 1)
        if budget < 0:
            break
        for row in range(top, last_row + 1):
            for column in range(left, last_column + 1):
                anchors[row, column] = (top, left)
    return anchors


def cell_text(value: object) -> str:
    """A cell as clean text: NFC, no control or direction marks, line breaks kept, ends trimmed.

    Numbers go by Excel's own 15 significant digits, so 19.900000000000002 is `19.9` and no arithmetic in
    floats follows.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.15g}"
    text = str(value)
    quoted = _AS_TEXT.fullmatch(text)
    text = quoted[1] or quoted[2] if quoted else text
    if text.isascii() and text.isprintable():
        return text.strip()
    return _clean(text)


@lru_cache(maxsize=20_000)
def _clean(text: str) -> str:
    """Colours, sizes and materials come again in every row."""
    return clean(text, keep_lines=True)
