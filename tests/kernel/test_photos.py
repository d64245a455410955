"""A picture from a person: what is taken and what it loses, what is refused and in which words, and at what cost."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from kernel.errors import DomainError
from kernel.photos import LONG_SIDE, PHOTO_CAP_BYTES, take_photo, undressed

RED, WHITE = (254, 0, 0), (255, 255, 255)


def packed(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    kept = BytesIO()
    picture.save(kept, kind, **how)
    return kept.getvalue()


def corner(data: bytes) -> tuple[int, ...]:
    found = Image.open(BytesIO(take_photo(data).jpeg)).getpixel((3, 3))
    assert isinstance(found, tuple)
    return found


def refusal(data: bytes) -> DomainError:
    with pytest.raises(DomainError) as refused:
        take_photo(data)
    return refused.value


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_of_phones_are_taken_as_jpeg(kind: str) -> None:
    photo = take_photo(packed(Image.new("RGB", (640, 480), "red"), kind))
    taken = Image.open(BytesIO(photo.jpeg))
    assert (taken.format, taken.mode, taken.size, (photo.width, photo.height)) == (
        "JPEG",
        "RGB",
        (640, 480),
        (640, 480),
    )


def test_a_picture_stands_upright_and_tells_nothing_of_where_and_how_it_was_taken() -> None:
    picture = Image.new("RGB", (640, 480), "white")
    picture.paste((255, 0, 0), (0, 0, 320, 480))
    notes = Image.Exif()
    notes[0x0112], notes[0x010F], notes[0x0110] = 6, "Phone maker", "Phone"
    notes.get_ifd(0x8825).update({1: "N", 2: (IFDRational(37), IFDRational(6), IFDRational(3))})
    given = packed(picture, exif=notes, comment=b"taken by Wei", icc_profile=b"profile" * 40)
    assert (b"Phone" in given, Image.open(BytesIO(given)).getexif().get_ifd(0x8825)[1]) == (True, "N")
    photo = take_photo(given)
    taken = Image.open(BytesIO(photo.jpeg))
    assert (photo.width, photo.height, dict(taken.getexif())) == (480, 640, {})
    assert set(taken.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not any(word in photo.jpeg for word in (b"Exif", b"Phone", b"Wei", b"profile"))
    assert (taken.getpixel((240, 10)), taken.getpixel((240, 630))) == (RED, WHITE)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_notes_cost_nothing_but_themselves() -> None:
    given = packed(Image.new("RGB", (640, 480), "red"), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40)
    assert take_photo(given).width == 640


def test_of_a_thousand_texts_the_short_ones_are_read_and_no_more_than_a_worker_can() -> None:
    texts = PngInfo()
    for place in range(40):
        texts.add_text(f"text {place}", "A" * 70_000, zip=True)
    texts.add_text("last", "a short one")
    given = packed(Image.new("RGB", (640, 480), "red"), "PNG", pnginfo=texts)
    assert len(given) < 20_000
    notes = undressed(given)[1]
    assert ("last: a short one" in notes, 500_000 < sum(map(len, notes)) <= 1 << 19) == (True, True)


@pytest.mark.parametrize(
    ("mode", "color", "kind", "shown"),
    [
        ("RGBA", (0, 0, 0, 0), "PNG", WHITE),
        ("RGBA", (0, 0, 0, 0), "WEBP", WHITE),
        ("LA", (0, 0), "PNG", WHITE),
        ("L", 255, "JPEG", WHITE),
        ("1", 1, "PNG", WHITE),
        ("I;16", 0xFFFF, "PNG", WHITE),
        ("CMYK", (0, 255, 255, 0), "JPEG", RED),
    ],
)
def test_every_way_of_keeping_colours_is_shown_as_it_looks(
    mode: str, color: int | tuple[int, ...], kind: str, shown: tuple[int, ...]
) -> None:
    assert corner(packed(Image.new(mode, (400, 400), color), kind)) == shown


def test_a_palette_with_a_transparent_colour_stands_on_white() -> None:
    palette = Image.new("RGBA", (400, 400), (0, 0, 0, 0)).convert("P")
    assert corner(packed(palette, "PNG", transparency=0)) == WHITE


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo.empty"),
        (b"\xff\xd8\xff" + bytes(PHOTO_CAP_BYTES), "photo.too_large"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo.heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "photo.heic"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "photo.pdf"),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "photo.markup"),
        (b"<?xml version='1.0'?><svg/>", "photo.markup"),
        (b"<!DOCTYPE html><title>x</title>", "photo.markup"),
        (b"GIF89a" + bytes(40), "photo.other_format"),
        (b"BM" + bytes(40), "photo.other_format"),
        (b"II*\0" + bytes(40), "photo.other_format"),
        (b"\0\0\0\x1cftypavif" + bytes(40), "photo.other_format"),
        (b"\0\0\0\x18ftypisom" + bytes(40), "photo.not_a_picture"),
        (b"PK\x03\x04" + bytes(40), "photo.not_a_picture"),
        ("我不是照片".encode(), "photo.not_a_picture"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "photo.broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "photo.broken"),
        (b"RIFF\x24\0\0\0WEBP" + bytes(40), "photo.broken"),
    ],
    ids=lambda given: given if isinstance(given, str) else repr(given[:12]),
)
def test_what_is_no_photograph_is_refused_in_its_own_words(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_picture_that_did_not_arrive_whole_is_never_half_a_picture(kind: str, part: float) -> None:
    whole = packed(Image.effect_noise((640, 480), 60).convert("RGB"), kind)
    assert refusal(whole[: int(len(whole) * part)]).code == "photo.broken"


def test_a_picture_too_small_to_read_is_refused_with_its_size() -> None:
    told = refusal(packed(Image.new("RGB", (1200, 299))))
    assert (told.code, told.params) == ("photo.too_small", {"width": 1200, "height": 299, "least": 300})


def test_a_bomb_is_refused_by_its_header_before_it_is_unpacked() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    bomb += struct.pack(">I", 4) + b"IDAT" + bytes(8)
    told = refusal(bomb)
    assert (told.code, told.params) == ("photo.too_many_pixels", {"megapixels": 3_600, "most": 25})


def test_a_jpeg_beyond_any_phone_is_refused() -> None:
    given = bytearray(packed(Image.new("L", (320, 320))))
    frame = given.index(b"\xff\xc0")
    given[frame + 5 : frame + 9] = struct.pack(">HH", 12_000, 12_000)
    assert refusal(bytes(given)).params == {"megapixels": 144, "most": 120}


@pytest.mark.slow
def test_a_photograph_of_forty_megapixels_is_taken_in_little_memory() -> None:
    script = (
        "import resource, sys; from kernel.photos import take_photo; data = sys.stdin.buffer.read();"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; photo = take_photo(data);"
        "print(photo.width, photo.height, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    given = packed(Image.linear_gradient("L").resize((7_296, 5_472)).convert("RGB"))
    done = subprocess.run([sys.executable, "-c", script], input=given, capture_output=True, check=True)
    width, height, grown = map(int, done.stdout.split())
    assert (width, height) == (LONG_SIDE, 2_250)
    assert grown < 100  # 40 megapixels are 120 MB of RGB
