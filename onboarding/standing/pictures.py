"""A licence as everybody may see it: smaller, and marked so that the copy is good for nothing else."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

LONG_SIDE: Final = 1200
_WORDS: Final = Path(__file__).parent / "data" / "only_for_display.png"
"""“仅用于公示” as a mask: no font of ours has these characters, and not every machine has one."""
_FONTS: Final = ("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "wqy-microhei.ttc", "DroidSansFallback.ttf")
_SIZE: Final = 48
_SHARE: Final = 0.3  # how wide the mark is, of the picture, and how wide at least, in px
_LEAST: Final = 180
_LETTERS: Final = 12  # of the name; a longer one would leave no room for what the copy is for
_SLANT: Final = 24
_INK: Final = 90  # of 255


def marked(jpeg: bytes, *, channel: str) -> bytes:
    """The picture, its long side at most `LONG_SIDE` px, with the channel's name and its purpose all over; JPEG."""
    with Image.open(BytesIO(jpeg)) as opened:
        opened.draft("RGB", (LONG_SIDE, LONG_SIDE))
        picture = opened.convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    mark = _mark(channel)
    width = max(_LEAST, round(picture.width * _SHARE))
    mark = mark.resize((width, max(1, mark.height * width // mark.width))).rotate(_SLANT, expand=True)
    for row, top in enumerate(range(0, picture.height, max(1, round(mark.height * 1.2)))):
        left = -mark.width // 2 if row % 2 else 0
        for across in range(left, picture.width, max(1, round(mark.width * 1.3))):
            picture.paste((200, 30, 30), (across, top), mark.point(lambda ink: ink * _INK // 255))
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()


@cache
def _mark(channel: str) -> Image.Image:
    """A mask of two lines: the name of the channel, as far as this machine can write it, and what the copy is for."""
    with Image.open(_WORDS) as opened:
        words = opened.convert("L")
    name = _written(channel[:_LETTERS])
    if name is None:
        return words
    whole = Image.new("L", (max(name.width, words.width), name.height + words.height + 8), 0)
    whole.paste(name, ((whole.width - name.width) // 2, 0))
    whole.paste(words, ((whole.width - words.width) // 2, name.height + 8))
    return whole


def _written(text: str) -> Image.Image | None:
    font = _font(text)
    if font is None or not text:
        return None
    left, top, right, bottom = (round(side) for side in font.getbbox(text))
    written = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(written).text((-left, -top), text, fill=255, font=font)
    return written


def _font(text: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont | None:
    """A font that has these characters, if there is one: Pillow brings one for Latin letters alone."""
    if text.isascii():
        return ImageFont.load_default(_SIZE)
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, _SIZE)
        except OSError:
            continue
    return None
