"""Text tables: comma, tab, semicolon or bar, in UTF-8, UTF-16 or GB18030."""

import csv
import io
import re
from typing import Final

from kernel.errors import DomainError
from onboarding.listings.sheets.scan import MAX_COLUMNS, MAX_ROWS

_DELIMITERS: Final = (",", "\t", ";", "，", "|")
_SAMPLE_LINES: Final = 50
# How our own files keep a text from being run as a formula.
_GUARD: Final = re.compile(r"\A'(?=['=+\-@＝＋－＠\t\r])")


def read_text_table(data: bytes) -> list[list[str]]:
    """Rows of cells.

    Raises DomainError `sheet.not_a_sheet`, `sheet.too_many_rows`, `sheet.too_many_columns`.
    """
    text = _decode(data)
    if "\0" in text:
        raise DomainError("sheet.not_a_sheet")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            if len(rows) == MAX_ROWS:
                raise DomainError("sheet.too_many_rows", limit=MAX_ROWS)
            if len(row) > MAX_COLUMNS and any(row[MAX_COLUMNS:]):
                raise DomainError("sheet.too_many_columns", limit=MAX_COLUMNS)
            rows.append([_GUARD.sub("", cell) for cell in row[:MAX_COLUMNS]])
    except csv.Error as error:
        raise DomainError("sheet.not_a_sheet") from error
    return rows


def _decode(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError("sheet.not_a_sheet")


def _delimiter(text: str) -> str:
    """The one that most lines of the beginning are cut by; a price list without any is one column."""
    lines = [line[:4096] for line in text[:200_000].splitlines()[:_SAMPLE_LINES]]
    return max(_DELIMITERS, key=lambda mark: sum(min(line.count(mark), MAX_COLUMNS) for line in lines))
