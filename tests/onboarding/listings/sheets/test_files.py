"""Files that are not what they say, or mean harm."""

import contextlib
import io
import struct
import tracemalloc
import zipfile

import pytest

from kernel.errors import DomainError
from onboarding.listings.sheets import archive
from onboarding.listings.sheets.reader import read_sheet
from tests.onboarding.listings.sheets.made import specimen_bytes, workbook

GOOD = workbook([["货号", "品名", "单价"], ["A1", "茶杯", 5]])
SHEET = "xl/worksheets/sheet1.xml"


def with_part(name: str, content: bytes, data: bytes = GOOD) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return packed.getvalue()


def cells(*references: str) -> bytes:
    inner = "".join(f'<row r="{ref.lstrip("ABCDEFXZ")}"><c r="{ref}"><v>1</v></c></row>' for ref in references)
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<worksheet xmlns="{name}"><dimension ref="A1:XFD1048576"/><sheetData>{inner}</sheetData></worksheet>'.encode()
    )


def lying_directory() -> bytes:
    """A worksheet of 20 MB of blanks whose directory entry claims 100 bytes."""
    data = bytearray(with_part(SHEET, b" " * 20_000_000))
    at = data.rindex(SHEET.encode(), 0, len(data)) - 46
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


BAD = {
    "empty": (b"", "sheet.empty"),
    "blank": (b" \n ", "sheet.empty"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "sheet.not_a_sheet"),
    "html": (b"<html><table></table></html>", "sheet.not_a_sheet"),
    "nul": (b"a,b\0c\n", "sheet.not_a_sheet"),
    "truncated": (GOOD[: len(GOOD) // 2], "sheet.damaged"),
    "prose": ("今天天气很好\n明天也好".encode(), "sheet.not_a_sheet"),
    "ole rubbish": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "sheet.damaged"),
    "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "sheet.encrypted"),
    "too large": (b"x" * (archive.MAX_FILE_BYTES + 1), "sheet.too_large"),
    "far row": (with_part(SHEET, cells("A1", "A1048576")), "sheet.too_many_rows"),
    "far column": (with_part(SHEET, cells("A1", "XFD1")), "sheet.too_many_columns"),
    "entities": (with_part(SHEET, b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'), "sheet.bomb"),
    "broken xml": (with_part(SHEET, b"<worksheet><sheetData>"), "sheet.damaged"),
    "empty book": (workbook([]), "sheet.empty"),
    "no header": (workbook([[1, 2], [3, 4]]), "sheet.no_header"),
    "sideways": (workbook([["型号", "S1", "S2"], ["品名", "餐桌", "书架"], ["出厂价", 168, 210]]), "sheet.sideways"),
    "many rows": (b"a,b\n" * 25_001, "sheet.too_many_rows"),
    "latin rubbish": (b"\xff\x81\xfe\xff\xff", "sheet.not_a_sheet"),
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        read_sheet(data, "报价.xlsx")
    assert refused.value.code == code


def test_a_bomb_is_refused_from_its_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 5_000_000)
    with pytest.raises(DomainError, match="bomb"):
        read_sheet(with_part("xl/media/a.bin", b"\0" * 5_000_000), "x.xlsx")


def test_a_bomb_in_the_cells_is_refused_while_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_READ_BYTES", 5_000_000)
    with pytest.raises(DomainError, match="bomb"):
        read_sheet(with_part(SHEET, b" " * 6_000_000), "x.xlsx")


def test_a_lying_directory_fools_nobody() -> None:
    bomb = lying_directory()
    tracemalloc.start()
    with pytest.raises(DomainError) as refused:
        read_sheet(bomb, "x.xlsx")
    assert refused.value.code in {"sheet.bomb", "sheet.damaged"}
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    with pytest.raises(DomainError, match="bomb"):
        read_sheet(GOOD, "x.xlsx")


def test_one_long_text_in_every_cell_is_refused() -> None:
    shared = f"<sst><si><t>{'长' * 30_000}</t></si></sst>".encode()
    row = "".join(f'<c r="A{n}" t="s"><v>0</v></c>' for n in range(1, 5000))
    with pytest.raises(DomainError, match="bomb"):
        read_sheet(
            with_part(
                SHEET,
                f"<worksheet><sheetData><row>{row}</row></sheetData></worksheet>".encode(),
                with_part("xl/sharedStrings.xml", shared),
            ),
            "x.xlsx",
        )


def test_a_claimed_dimension_costs_nothing() -> None:
    with pytest.raises(DomainError) as refused:
        read_sheet(with_part(SHEET, cells("A1", "B2")), "x.xlsx")
    assert refused.value.code == "sheet.no_header"


@pytest.mark.parametrize("cut", range(0, 6000, 397))
def test_no_damage_crashes_the_reader(cut: int) -> None:
    data = bytearray(specimen_bytes("shishi-garments.xlsx"))
    data[cut : cut + 40] = b"\xa5" * 40
    with contextlib.suppress(DomainError):
        read_sheet(bytes(data), "x.xlsx")
