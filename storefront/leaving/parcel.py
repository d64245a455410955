"""An archive in the making: tables as CSV that any spreadsheet opens, words, pictures; bit by bit."""

from __future__ import annotations

from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from kernel.csv_file import csv_text

if TYPE_CHECKING:
    from kernel.tables import Rows, Table

_AS_IT_IS = {"by": None, "down": False}


class Parcel:
    """What is put into a ZIP; a name is given once."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self.names: list[str] = []

    def table(self, name: str, table: Table[Any], rows: Rows[Any]) -> None:
        """A list as CSV: UTF-8 with its mark, no cell a formula; row by row, however long it is."""
        self.names.append(name)
        with self._zip.open(name, "w", force_zip64=True) as entry, TextIOWrapper(entry, "utf-8", newline="") as text:
            text.writelines(csv_text(table, rows, sorting=_AS_IT_IS))

    def words(self, name: str, words: str) -> None:
        """A text, which Windows too reads as UTF-8."""
        self.names.append(name)
        self._zip.writestr(name, words.encode("utf-8-sig"))

    def picture(self, name: str, data: bytes) -> None:
        """A picture, which is packed already."""
        self.names.append(name)
        self._zip.writestr(name, data, ZIP_STORED if name.endswith((".jpg", ".webp")) else ZIP_DEFLATED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        """Write its table of contents; without it there is no archive."""
        self._zip.close()
