"""An archive of pictures named by the codes of goods: opened with care, each file told to its goods.

`A1.jpg`, `A1_2.jpg`, `A1-主图.png`, `A1/1.jpg`. Nothing is unpacked to the disk, so a path in it leads nowhere.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.errors import DomainError
from kernel.photos import PHOTO_CAP_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import IO

MAX_FILES: Final = 600
MAX_UNPACKED_BYTES: Final = 400 << 20
_SHOWN_CHARS: Final = 120
_NAME_CHARS: Final = 500
"""Of a name with its folders; an archive may claim 65,535 bytes for one, each a code to look for."""
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1
_UNASKED: Final = re.compile(r"(?:^|/)(?:__MACOSX/|\.[^./]|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_ASTRAY: Final = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:|\0")
_AFTER_CODE: Final = "_- ()（）#.·、"
_DIGITS: Final = re.compile(r"(\d{1,9})")
_MAIN: Final = re.compile(r"主图|首图|main", re.IGNORECASE)
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive, by the name that its owner gave it."""

    name: str
    info: zipfile.ZipInfo

    @property
    def is_astray(self) -> bool:
        """Whether its path leads out of the archive: no program that packs pictures writes such a one."""
        return _ASTRAY.search(self.name) is not None

    @property
    def order(self) -> tuple[bool, list[int | str]]:
        """Where it comes among the pictures of its goods: the main one first, 2 before 10."""
        parts = _DIGITS.split(_folded(self.name))
        return not _MAIN.search(self.name), [f"{int(part):010d}" if part.isdigit() else part for part in parts]


def opened(stream: IO[bytes]) -> zipfile.ZipFile:
    """An archive whose directory can be read. Raises DomainError `archive.broken` for what is none."""
    try:
        return zipfile.ZipFile(stream)
    except _BROKEN as error:
        raise DomainError("archive.broken") from error


def members(archive: zipfile.ZipFile) -> list[Member]:
    """The files that somebody put in, not those that her system put beside them.

    Raises DomainError `archive.empty`, `archive.too_many`, `archive.too_large`, `archive.locked`.
    """
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    found = [one for one in (Member(_name(entry), entry) for entry in entries) if not _UNASKED.search(one.name)]
    if not found:
        raise DomainError("archive.empty")
    if len(entries) > MAX_FILES:
        raise DomainError("archive.too_many", most=MAX_FILES)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise DomainError("archive.locked")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise DomainError("archive.too_large", limit_mb=MAX_UNPACKED_BYTES >> 20)
    return found


def unpacked(archive: zipfile.ZipFile, member: Member, budget: int) -> bytes:
    """The bytes of a file, at most one too many for a picture; `archive.too_large` beyond the budget.

    What the directory says of sizes is not believed: a bomb lies.
    """
    try:
        with archive.open(member.info) as stream:
            data = stream.read(min(PHOTO_CAP_BYTES, budget) + 1)
    except _BROKEN as error:
        raise DomainError("archive.broken") from error
    if len(data) > budget:
        raise DomainError("archive.too_large", limit_mb=MAX_UNPACKED_BYTES >> 20)
    return data


def code_for(name: str, codes: Mapping[str, str]) -> str | None:
    """The code, of those known by their `folded` form, that a file's name begins with, else one of its folders.

    The longest wins: `A1-2.jpg` is of A1-2 where there is one, and the second of A1 where there is none.
    """
    *folders, last = _folded(name[-_NAME_CHARS:]).split("/")
    stem = last.rpartition(".")[0] or last
    for told in (stem, *reversed(folders)):
        begins = [code for code in _beginnings(told) if code in codes]
        if begins:
            return codes[max(begins, key=len)]
    return None


def folded(code: str) -> str:
    """A code as it is compared: widths, letter case and blanks at its ends do not count."""
    return _folded(code).strip()


def shown(name: str) -> str:
    """A file's name as a page shows it."""
    return "".join(char for char in name if char.isprintable())[-_SHOWN_CHARS:]


def _beginnings(told: str) -> Iterable[str]:
    """The whole of a name, and what stands in it before each sign that ends a code."""
    ends = (place for place, char in enumerate(told) if char in _AFTER_CODE)
    return [told.strip(), *(told[:place].strip() for place in ends)]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its owner's system wrote it: UTF-8 where it says so or could be, else the GB 18030 of Windows."""
    if entry.flag_bits & _UTF8:
        return entry.filename.replace("\\", "/")
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename.replace("\\", "/")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return entry.filename.replace("\\", "/")
