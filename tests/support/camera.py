"""What a phone does to a picture: turns, tilts, bends, blurs, darkens, shrinks it; each spoiling seeded."""

import random
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Spoil = Callable[[Picture, random.Random], Picture]
TABLE = (58, 47, 42)  # what the paper lies on, blue first


def shot(page: Image.Image, spoils: tuple[Spoil, ...], dice: random.Random, *, quality: int = 88) -> bytes:
    """The page as a JPEG after all that was done to it."""
    picture = np.asarray(page.convert("RGB"))[:, :, ::-1].copy()
    for spoil in spoils:
        picture = spoil(picture, dice)
    done, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return packed.tobytes()


def turned(degrees: int) -> Spoil:
    """Held another way."""
    how = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}[degrees]
    return lambda picture, _dice: _whole(cv2.rotate(picture, how))


def tilted(most: float) -> Spoil:
    """Not quite straight, on a table."""

    def spoil(picture: Picture, dice: random.Random) -> Picture:
        picture = on_a_table(picture, dice)
        height, width = picture.shape[:2]
        angle = dice.choice((-1, 1)) * dice.uniform(most / 2, most)
        move = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 0.92)
        return _whole(cv2.warpAffine(picture, move, (width, height), flags=cv2.INTER_AREA, borderValue=TABLE))

    return spoil


def seen_aslant(strength: float) -> Spoil:
    """From one side, so that what is far is smaller."""

    def spoil(picture: Picture, dice: random.Random) -> Picture:
        picture = on_a_table(picture, dice)
        height, width = picture.shape[:2]
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
        pull = np.array(
            [[dice.uniform(0, strength) * width, dice.uniform(0, strength) * height] for _corner in range(4)]
        )
        move = cv2.getPerspectiveTransform(corners, (corners + inward * pull).astype(np.float32))
        return _whole(cv2.warpPerspective(picture, move, (width, height), flags=cv2.INTER_AREA, borderValue=TABLE))

    return spoil


def on_a_table(picture: Picture, dice: random.Random) -> Picture:
    """With something dark around it."""
    edge = round(max(picture.shape) * dice.uniform(0.03, 0.09))
    return _whole(cv2.copyMakeBorder(picture, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=TABLE))


def bent(picture: Picture, dice: random.Random) -> Picture:
    """Paper that does not lie flat."""
    height, width = picture.shape[:2]
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    depth, phase = height * dice.uniform(0.008, 0.015), dice.uniform(0, np.pi)
    wave = depth * np.sin(across / width * np.pi * 1.3 + phase).astype(np.float32)
    return _whole(cv2.remap(picture, across, down + wave, cv2.INTER_LINEAR, borderValue=TABLE))


def blurred(sigma: float) -> Spoil:
    """Out of focus; `sigma` in px."""
    return lambda picture, _dice: _whole(cv2.GaussianBlur(picture, (0, 0), sigma))


def shaken(length: int) -> Spoil:
    """Moved while it was taken; `length` in px."""
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    return lambda picture, _dice: _whole(cv2.filter2D(picture, -1, kernel))


def noisy(strength: float) -> Spoil:
    """Grains, as in the evening."""

    def spoil(picture: Picture, dice: random.Random) -> Picture:
        grains = np.random.default_rng(dice.randrange(1 << 30)).normal(0, strength, picture.shape)
        return _clipped(picture + grains)

    return spoil


def lit(least: float, most: float) -> Spoil:
    """Light from one side, falling off towards the other."""

    def spoil(picture: Picture, dice: random.Random) -> Picture:
        height, width = picture.shape[:2]
        across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
        angle = dice.uniform(0, 2 * np.pi)
        ramp = (across * np.cos(angle) + down * np.sin(angle) + 1.42) / 2.84
        return _clipped(picture * (least + (most - least) * ramp)[..., None])

    return spoil


def shadowed(picture: Picture, dice: random.Random) -> Picture:
    """The shadow of a hand across it."""
    height, width = picture.shape[:2]
    shade = np.ones((height, width), np.float32)
    start = dice.randrange(width // 2)
    corners = [[start, 0], [start + width // 3, 0], [start + width // 2, height], [start + width // 9, height]]
    cv2.fillPoly(shade, [np.array(corners, np.int32)], 0.5)
    return _clipped(picture * cv2.GaussianBlur(shade, (0, 0), width / 60)[..., None])


def scaled(factor: float) -> Spoil:
    """Fewer pixels, or more."""
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return lambda picture, _dice: _whole(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how))


def far_away(picture: Picture, dice: random.Random) -> Picture:
    """A small part of a large picture."""
    height, width = picture.shape[:2]
    room = _whole(np.full((round(height * 2.0), round(width * 2.0), 3), TABLE))
    top, left = dice.randrange(height // 4, height // 2), dice.randrange(width // 4, width // 2)
    room[top : top + height, left : left + width] = picture
    return room


def _whole(picture: object) -> Picture:
    return np.asarray(picture, np.uint8)


def _clipped(picture: object) -> Picture:
    return _whole(np.clip(np.asarray(picture), 0, 255))
