"""A picture file that is small and asks for hours of a processor is refused before a decoder sees it."""

import struct
import time
import zlib
from io import BytesIO
from threading import Thread

import pytest
from PIL import Image, ImageFile

from kernel import photos
from kernel.errors import DomainError
from kernel.photos import take_photo, undressed
from kernel.segments import PARTS, PASSES, passes_of


def packed(kind: str = "JPEG", side: int = 640, **how: object) -> bytes:
    kept = BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(kept, kind, **how)
    return kept.getvalue()


def in_passes(data: bytes, more: int) -> bytes:
    """A progressive JPEG whose last pass comes again and again."""
    at = data.rindex(b"\xff\xda")
    return data[:-2] + data[at:-2] * more + data[-2:]


def chunked(data: bytes, more: int, kind: bytes = b"teSt", body: bytes = b"") -> bytes:
    chunk = struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))
    return data[:33] + chunk * more + data[33:]


def code_of(data: bytes) -> str:
    with pytest.raises(DomainError) as refused:
        take_photo(data)
    return refused.value.code


@pytest.mark.parametrize(("how", "least", "most"), [({}, 1, 1), ({"progressive": True}, 6, 20)])
def test_passes_are_counted_as_encoders_write_them(how: dict[str, bool], least: int, most: int) -> None:
    assert least <= passes_of(packed(**how), "jpeg") <= most


def test_a_jpeg_of_too_many_passes_is_refused_and_one_of_some_more_is_taken() -> None:
    usual = packed(progressive=True)
    assert take_photo(in_passes(usual, 20)).width == 640
    assert code_of(in_passes(usual, PASSES)) == "photo.too_intricate"


def test_passes_over_a_large_picture_are_refused_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "DRAWN_PIXELS", 640 * 640 * 12)
    assert take_photo(packed(progressive=True)).width == 640
    assert code_of(in_passes(packed(progressive=True), 8)) == "photo.too_intricate"


def test_a_picture_in_passes_may_have_fewer_pixels_than_one_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "PROGRESSIVE_PIXELS", 640 * 640 - 1)
    assert take_photo(packed()).width == 640
    assert code_of(packed(progressive=True)) == "photo.too_many_pixels"


def test_what_lies_behind_a_picture_is_not_counted() -> None:
    assert passes_of(packed() + b"\xff\xda\x00\x08" * 5_000, "jpeg") == 1


@pytest.mark.parametrize(
    "data",
    [
        packed()[:2] + b"\xff\xfe\x00\x02" * PARTS + packed()[2:],
        packed()[:2] + (b"\xff\xe1\xff\xffExif\0\0" + bytes(0xFFFF - 8)) * 3 + packed()[2:],
        chunked(packed("PNG"), PARTS),
    ],
    ids=["a thousand comments", "endless exif", "a thousand chunks"],
)
def test_a_file_cut_into_endless_parts_never_meets_a_decoder(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_READERS", {})
    assert code_of(data) == "photo.too_intricate"


def test_exif_that_no_camera_writes_is_not_read() -> None:
    entries = b"".join(struct.pack("<HHLL", 0x8000 + one, 7, 200, 8) for one in range(6_000))
    exif = b"II*\0" + struct.pack("<LH", 8, 6_000) + entries + bytes(204)
    assert undressed(chunked(packed("PNG"), 1, b"eXIf", exif))[1] == ()


def test_one_picture_at_a_time_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most = 0, 0

    def load(opened: ImageFile.ImageFile, _longest: int) -> Image.Image:
        nonlocal inside, most
        inside, most = inside + 1, max(most, inside + 1)
        time.sleep(0.02)
        inside -= 1
        return Image.new("RGB", opened.size)

    monkeypatch.setattr(photos, "_reduced", load)
    given = packed()
    threads = [Thread(target=take_photo, args=(given,)) for _each in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == 1
