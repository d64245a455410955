"""A picture from a person: looked at before it is decoded, upright, bare of everything but what it shows.

Where it was taken, with which device and by whom stays behind; a refusal says what to do instead.
"""

from __future__ import annotations

import struct
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from kernel.errors import DomainError
from kernel.segments import passes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PIL.ImageFile import ImageFile

PHOTO_CAP_BYTES: Final = 20 << 20
LONG_SIDE: Final = 3000
SHORT_SIDE: Final = 300
"""Below it no line of a document can be read."""
PIXELS: Final = {"jpeg": 120_000_000, "png": 25_000_000, "webp": 25_000_000}
"""A JPEG is decoded reduced, whatever its size; the others have to be unpacked whole."""
PROGRESSIVE_PIXELS: Final = 30_000_000
"""A JPEG in passes keeps all its coefficients in memory until the last one, reduced or not."""
DRAWN_PIXELS: Final = 400_000_000
"""Of all passes together: each costs time even where it changes nothing."""
QUALITY: Final = 90

warnings.filterwarnings("ignore", module="PIL.TiffImagePlugin")  # a line for each damaged entry of a file

# Asked for by class: `Image.open` would try every format that the library knows.
_READERS: Final[dict[str, Callable[[BytesIO], ImageFile]]] = {
    "jpeg": JpegImageFile,
    "png": PngImageFile,
    "webp": WebPImageFile,
}
_HEIC: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF: Final = {b"avif", b"avis"}
_OTHER_PICTURES: Final = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"8BPS": "PSD",
    b"\0\0\1\0": "ICO",
}
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error)
_ORIENTATION: Final = 0x0112
_EXIF_MORE: Final = 0x8769
_NOTE_CHARS: Final = 1 << 16
_NOTES_CHARS: Final = 1 << 19
"""Of all texts together: a small PNG unpacks to a thousand."""
_EXIF_BYTES: Final = 1 << 16
_DECODING: Final = Lock()
"""One at a time in a process: many large ones at once would take more memory than a small machine has."""
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it is kept: JPEG, upright, RGB, without metadata; sides in px."""

    jpeg: bytes
    width: int
    height: int


def take_photo(data: bytes) -> Photo:
    """The picture in an uploaded file, its long side at most `LONG_SIDE`; DomainError `photo.…` for anything else."""
    picture, _notes = undressed(data)
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=QUALITY)
    return Photo(kept.getvalue(), *picture.size)


def check_photo(data: bytes, *, least: int = SHORT_SIDE) -> tuple[str, int]:
    """Refuse what can be refused by the first bytes and the header alone, before a pixel is unpacked.

    Its kind (`jpeg`, `png`, `webp`) and how many pixels it has.
    """
    with _opened(data, least) as opened:
        return _kind(data), opened.width * opened.height


def undressed(data: bytes, *, least: int = SHORT_SIDE, longest: int = LONG_SIDE) -> tuple[Image.Image, tuple[str, ...]]:
    """The bare pixels of an uploaded file and the texts that lay beside them.

    Its short side is at least `least`; the long one of what comes back is at most `longest`.
    """
    with _DECODING, _opened(data, least) as opened:
        try:
            picture = _upright(_common_colours(_reduced(opened, longest), opened), _orientation(opened))
            notes = _notes(opened)
        except _BROKEN:
            raise DomainError("photo.broken") from None
    picture.info.clear()  # a comment in the file would be written into ours
    return picture, notes


@contextmanager
def _opened(data: bytes, least: int) -> Iterator[ImageFile]:
    kind = _kind(data)
    passes = passes_of(data, kind)
    try:
        opened = _READERS[kind](BytesIO(data))
    except _BROKEN:
        raise DomainError("photo.broken") from None
    with opened:
        _check_size(opened, PROGRESSIVE_PIXELS if passes > 1 else PIXELS[kind], least)
        if passes * opened.width * opened.height > DRAWN_PIXELS:
            raise DomainError("photo.too_intricate")
        yield opened


def _kind(data: bytes) -> str:
    """What the file is by its first bytes, never by its name; refuses what is no photograph of ours."""
    if not data:
        raise DomainError("photo.empty")
    if len(data) > PHOTO_CAP_BYTES:
        raise DomainError("photo.too_large", limit_mb=PHOTO_CAP_BYTES >> 20)
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    raise _refusal(data)


def _refusal(data: bytes) -> DomainError:
    """Why this is no picture that can be taken, each with a way out of its own."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return DomainError("photo.heic")
    if data[4:8] == b"ftyp" and data[8:12] in _AVIF:
        return DomainError("photo.other_format", format="AVIF")
    for magic, name in _OTHER_PICTURES.items():
        if data.startswith(magic):
            return DomainError("photo.other_format", format=name)
    if b"%PDF-" in data[:1024]:
        return DomainError("photo.pdf")
    if data[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return DomainError("photo.markup")
    return DomainError("photo.not_a_picture")


def _check_size(opened: ImageFile, most: int, least: int) -> None:
    """Refuse by what the header says, before a single pixel is unpacked."""
    width, height = opened.size
    if width * height > most:
        raise DomainError("photo.too_many_pixels", megapixels=width * height // 1_000_000, most=most // 1_000_000)
    if min(width, height) < least:
        raise DomainError("photo.too_small", width=width, height=height, least=least)


def _reduced(opened: ImageFile, longest: int) -> Image.Image:
    """The pixels, no larger than they are kept, in RGB; what shines through stands on white."""
    width, height = _fitting(opened.size, longest)
    if isinstance(opened, JpegImageFile):
        opened.draft(None, (width, height))  # decoded at ½, ¼ or ⅛: the whole of it is never in memory
    opened.load()
    _forget_long_exif(opened)
    picture: Image.Image = opened
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey
        picture = picture.convert("I").point([value >> 8 for value in range(1 << 16)], "L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode != "CMYK":
        picture = picture.convert("RGB")
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _forget_long_exif(opened: ImageFile) -> None:
    """Without what no camera writes: tens of thousands of entries take seconds to read."""
    for name in ("exif", "Raw profile type exif"):
        if len(opened.info.get(name, b"")) > _EXIF_BYTES:
            del opened.info[name]


def _common_colours(picture: Image.Image, opened: ImageFile) -> Image.Image:
    """In sRGB: the wider colours of a phone look pale to whoever is not told which ones they are."""
    profile = opened.info.get("icc_profile")
    if not profile or opened.mode not in {"RGB", "RGBA"}:
        return picture
    try:
        told = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(picture, told, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, *_BROKEN):
        return picture


def _fitting(size: tuple[int, int], longest: int) -> tuple[int, int]:
    width, height = size
    scale = min(1.0, longest / max(size))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _orientation(opened: ImageFile) -> Image.Transpose | None:
    """How the camera was held; a damaged note about it is none."""
    try:
        return _TURNS.get(opened.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return None


def _upright(picture: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    return picture if turn is None else picture.transpose(turn)


def _notes(opened: ImageFile) -> tuple[str, ...]:
    """What a file says about itself in words: XMP, EXIF, comments and named texts (of a PNG after its name).

    Of more than anybody has to say the shortest are read: a label is short, whatever lies around it.
    """
    exif = opened.getexif()
    beside = [*opened.info.items(), *exif.items(), *exif.get_ifd(_EXIF_MORE).items()]
    texts = sorted(
        ((name, said) for name, said in beside if isinstance(said, bytes | str)), key=lambda one: len(one[1])
    )
    notes, room = list[str](), _NOTES_CHARS
    for name, said in texts:
        read = said[:_NOTE_CHARS].decode("utf-8", "replace") if isinstance(said, bytes) else said[:_NOTE_CHARS]
        notes.append(f"{name}: {read}".replace("\0", "")[: max(0, room)])
        room -= len(notes[-1])
    return tuple(filter(None, notes))
