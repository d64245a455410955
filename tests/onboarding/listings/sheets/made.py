"""Price sheets made on the spot."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl

from onboarding.listings.sheets.reading import SheetReading

ReadRows = Callable[..., SheetReading]
ReadSpecimen = Callable[[str], SheetReading]
ROOT = Path(__file__).parents[4]
SPECIMENS = (ROOT / "storefront/data/price-sheets", ROOT / "tests/data/price-sheets")  # the demo's, and more


def specimen_bytes(name: str) -> bytes:
    """A real price sheet by its file name."""
    return next(folder / name for folder in SPECIMENS if (folder / name).exists()).read_bytes()


def workbook(*sheets: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> bytes:
    """An xlsx of these worksheets; `merged` areas belong to the first."""
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet(f"表{number + 1}")
        for row in rows:
            sheet.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
