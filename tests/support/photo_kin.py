"""Goods that look nearly alike, as factories photograph them: one set-up, other colours, another print, moved a bit."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.support.photo_art import cloud, photograph
from tests.support.photo_changes import badged

KIN = ("as it is", "another colour", "a third colour", "another print", "another colour, moved")
_TURNS = (0, 85, 170, 0, 250)
UNSOLD = 45
"""Degrees of the colour circle to a colour that none of the goods has."""
_BADGED = 8
"""Of so many set-ups one belongs to a shop that puts its badge and bands on every picture."""


def goods(number: int) -> Image.Image:
    """The picture of goods of this number; those of one `family` look nearly alike."""
    scene, which = divmod(number, len(KIN))
    picture = recoloured(_scene(scene), _TURNS[which])
    if KIN[which] == "another print":
        picture = _printed(picture, number)
    elif "moved" in KIN[which]:
        picture = _moved(picture)
    return badged(picture) if scene % _BADGED == 0 else picture


def family(number: int) -> int:
    """Which goods look nearly alike: those of the same family."""
    return number // len(KIN)


def recoloured(picture: Image.Image, degrees: float) -> Image.Image:
    """Everything that has a colour in another one; what is grey stays so."""
    hue, *rest = picture.convert("HSV").split()
    turned = hue.point([round(value + degrees * 256 / 360) % 256 for value in range(256)])
    return Image.merge("HSV", [turned, *rest]).convert("RGB")


@lru_cache(4)
def _scene(seed: int) -> Image.Image:
    return photograph(seed)


def _printed(picture: Image.Image, seed: int) -> Image.Image:
    """With something else in its middle, about a quarter of the whole."""
    width, height = picture.size
    dice = np.random.default_rng(seed)
    cloth = dice.random(3) * 180 + 40 + cloud(dice, height, width, (8, 40, 120)) * 90
    oval = Image.new("L", picture.size)
    ImageDraw.Draw(oval).ellipse((width * 0.22, height * 0.22, width * 0.78, height * 0.78), fill=255)
    cloth_on = Image.fromarray(cloth.clip(0, 255).astype(np.uint8))
    return Image.composite(cloth_on, picture, oval.filter(ImageFilter.GaussianBlur(2)))


def _moved(picture: Image.Image) -> Image.Image:
    """Photographed again from nearly the same place."""
    width, height = picture.size
    turned = picture.rotate(4, Image.Resampling.BICUBIC)
    return turned.crop((round(width * 0.06), round(height * 0.05), round(width * 0.96), round(height * 0.93)))
