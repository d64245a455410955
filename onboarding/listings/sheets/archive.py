"""What an uploaded file is, judged by its bytes, and a workbook archive made safe to open.

The parts that are read are unpacked here under a byte budget and packed again, stored. The reader behind
never sees the directory of the uploaded archive, so a directory that lies about sizes fools nobody.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kernel.errors import DomainError
from kernel.photos import PHOTO_CAP_BYTES
from onboarding.listings.sheets.scan import MAX_ROWS

MAX_FILE_BYTES: Final = 20 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 400 * 1024 * 1024  # everything, pictures included, as the directory claims
MAX_READ_BYTES: Final = 100 * 1024 * 1024  # what is really unpacked: the parts that hold cells
MAX_ENTRIES: Final = 5_000
_CHUNK: Final = 256 * 1024

_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MAGIC: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_ENCRYPTED_PART: Final = "EncryptedPackage".encode("utf-16-le")
_NOT_TEXT: Final = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF",
    b"RIFF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)
_MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<table")
_CELLS: Final = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_ROW: Final = re.compile(rb'<row (?:[^>]{1,200} )?r="([0-9]{1,7})"')
_PLACES_PICTURES: Final = re.compile(
    r"xl/(?:drawings|richdata)/(?:_rels/)?[^/]+\.(?:xml|xml\.rels)|xl/(?:_rels/)?cellimages\.xml(?:\.rels)?|xl/metadata\.xml"
)
_TABLES: Final = ("xl/sharedstrings.xml", "xl/styles.xml")


class Kind(StrEnum):
    """The kinds of file a price sheet comes in."""

    XLSX = "xlsx"
    XLS = "xls"
    TEXT = "text"


def kind_of(data: bytes) -> Kind:
    """The kind by content; the file's name is never asked.

    Raises DomainError `sheet.too_large`, `sheet.empty`, `sheet.encrypted`, `sheet.not_a_sheet`.
    """
    if len(data) > MAX_FILE_BYTES:
        raise DomainError("sheet.too_large", limit_mb=MAX_FILE_BYTES // 1024 // 1024)
    if not data.strip():
        raise DomainError("sheet.empty")
    if data.startswith(_OLE_MAGIC):
        if _ENCRYPTED_PART in data:
            raise DomainError("sheet.encrypted")
        return Kind.XLS
    if data.startswith(_EMPTY_ZIP):
        raise DomainError("sheet.empty")
    if data.startswith(_ZIP_MAGIC):
        return Kind.XLSX
    return _text_or_refuse(data)


def _text_or_refuse(data: bytes) -> Kind:
    if data.startswith(_UTF16_MARKS):
        return Kind.TEXT
    head = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if data.startswith(_NOT_TEXT) or head.startswith(_MARKUP) or b"\0" in data:
        raise DomainError("sheet.not_a_sheet")
    return Kind.TEXT


@dataclass(frozen=True)
class Unpacked:
    """The parts of a workbook that are read.

    `cells`: name → bytes, as the reader of cells wants them; `around`: lower-case name → bytes of everything that
    says where pictures stand; `media`: lower-case name → bytes that a picture claims to have, none unpacked.
    """

    cells: dict[str, bytes]
    around: dict[str, bytes]
    media: dict[str, int]


def unpack(data: bytes) -> Unpacked:
    """The parts of an xlsx, unpacked within `MAX_READ_BYTES`.

    Raises DomainError `sheet.bomb`, `sheet.damaged`, `sheet.encrypted`, `sheet.not_a_sheet`, `sheet.too_many_rows`.
    """
    with _opened(data) as archive:
        entries = archive.infolist()
        _check_directory(entries)
        read = _read_parts(archive, [entry for entry in entries if _is_read(entry.filename)])
        media = {entry.filename.lower(): entry.file_size for entry in entries if _is_media(entry.filename)}
    cells = {name: content for name, content in read.items() if _holds_cells(name)}
    return Unpacked(cells, {name.lower(): content for name, content in read.items()}, media)


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise DomainError("sheet.damaged") from error


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise DomainError("sheet.bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise DomainError("sheet.encrypted")
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names:
        raise DomainError("sheet.not_a_sheet")
    if len(set(names)) != len(names):
        raise DomainError("sheet.damaged")


def _is_read(name: str) -> bool:
    return _holds_cells(name) or _PLACES_PICTURES.fullmatch(name.lower()) is not None


def _holds_cells(name: str) -> bool:
    lowered = name.lower()
    if name in _CELLS or lowered in _TABLES:
        return True
    return lowered.startswith("xl/worksheets/") and lowered.endswith((".xml", ".xml.rels"))


def _is_media(name: str) -> bool:
    return not name.lower().endswith((".xml", ".rels", "/"))


def _read_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    budget = MAX_READ_BYTES
    for entry in entries:
        pieces = []
        with archive.open(entry) as stream:
            while piece := stream.read(min(_CHUNK, budget + 1)):
                budget -= len(piece)
                _check_rows(entry.filename, piece)
                if budget < 0:
                    raise DomainError("sheet.bomb")
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts


def _check_rows(name: str, piece: bytes) -> None:
    """Stop where nothing but rows too many follows: their owner can cut the sheet in pieces, it is no bomb."""
    row = _ROW.search(piece) if name.lower().startswith("xl/worksheets/") else None
    if row and int(row[1]) > MAX_ROWS and b"<v>" in piece[row.start() :]:
        raise DomainError("sheet.too_many_rows", limit=MAX_ROWS)


def read_media(data: bytes, wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes of these media parts (lower-case names) one by one, as asked for; none of a picture that is too large.

    The directory was looked at when the sheet was read. Raises DomainError `sheet.damaged`.
    """
    with _opened(data) as archive:
        entries = {entry.filename.lower(): entry for entry in archive.infolist()}
        for name in wanted:
            with archive.open(entries[name]) as stream:
                content = stream.read(PHOTO_CAP_BYTES + 1)
            if len(content) <= PHOTO_CAP_BYTES:
                yield name, content


def repack(parts: dict[str, bytes]) -> io.BytesIO:
    """The verified parts as a fresh archive, nothing compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    packed.seek(0)
    return packed
