"""Pictures like photographs, each of its own seed: things of many fabrics, light, shadows, words, grain."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]

SIZES = ((1000, 750), (900, 900), (750, 1000), (1200, 800))
LETTERS = list("ABCDEFGHKLMNPRSTUVXYZ0123456789 -")


def photograph(seed: int) -> Image.Image:
    """A picture of its seed: the same seed always gives the same."""
    dice = np.random.default_rng(seed)
    width, height = SIZES[dice.integers(len(SIZES))]
    scene = _Scene(dice, width, height)
    for _ in range(dice.integers(3, 14)):
        scene.put()
    return Image.fromarray(scene.taken())


@dataclass
class _Scene:
    """A ground on which things are put one after another."""

    dice: np.random.Generator
    width: int
    height: int

    def __post_init__(self) -> None:
        ground = self.dice.random(3) * 120 + 110 if self.dice.random() < 0.65 else np.full(3, 245)
        self.seen = np.ones((self.height, self.width, 3), np.float32) * ground.astype(np.float32)
        self.seen += cloud(self.dice, self.height, self.width, (2, 5)) * 40

    def put(self) -> None:
        """One thing with its shadow."""
        mask = _outline(self.dice, self.height, self.width)
        left, top, wide, high = cv2.boundingRect(mask)
        if not wide:
            return
        small = cv2.GaussianBlur(cv2.resize(mask, None, fx=0.25, fy=0.25), (0, 0), 3)
        shadow = cv2.resize(small, (self.width, self.height))[:-8].astype(np.float32)
        self.seen[8:] *= (1 - 0.35 / 255 * shadow)[..., None]
        here = np.s_[top : top + high, left : left + wide]
        share = (mask[here].astype(np.float32) / 255)[..., None]
        self.seen[here] = self.seen[here] * (1 - share) + _fabric(self.dice, high, wide) * share

    def taken(self) -> NDArray[np.uint8]:
        """With words on it, a little out of focus, with the grain of a small sensor."""
        print_on = np.ascontiguousarray(self.seen.clip(0, 255).astype(np.uint8))
        for _ in range(self.dice.integers(0, 4)):
            self._write(print_on)
        soft = cv2.GaussianBlur(print_on, (0, 0), float(0.5 + self.dice.random() * 0.9)).astype(np.int16)
        grain = self.dice.standard_normal((self.height, self.width, 1), np.float32) * float(self.dice.random() * 5)
        return (soft + grain.astype(np.int16)).clip(0, 255).astype(np.uint8)

    def _write(self, on: NDArray[np.uint8]) -> None:
        dice = self.dice
        words = "".join(dice.choice(LETTERS, dice.integers(3, 12)))
        place = int(dice.random() * self.width * 0.7), int(dice.random() * self.height * 0.9) + 30
        face, size, ink = int(dice.integers(0, 6)), float(0.6 + dice.random() * 2.4), (dice.random(3) * 255).tolist()
        cv2.putText(on, words, place, face, size, ink, int(dice.integers(1, 5)), cv2.LINE_AA)


def cloud(dice: np.random.Generator, high: int, wide: int, grains: tuple[int, ...], *, grey: bool = False) -> Field:
    """Noise of several grains, each weaker than the one before, between about -1 and 1."""
    sum_ = np.zeros((high, wide, 3), np.float32)
    for place, grain in enumerate(grains):
        shape = (grain, max(1, grain * wide // high) + 1, 1 if grey else 3)
        noise = (dice.random(shape, np.float32) - np.float32(0.5)) * np.ones(3, np.float32)
        sum_ += cv2.resize(noise, (wide, high), interpolation=cv2.INTER_LINEAR) / np.float32(1 + place * 0.7)
    return sum_


def _fabric(dice: np.random.Generator, high: int, wide: int) -> Field:
    """Stripes, checks, something woven, something rough, or a smooth play of colours; lit from somewhere."""
    down, across = (np.asarray(one, np.float32) for one in np.mgrid[:high, :wide])
    second = (dice.random(3) * 120 - 60).astype(np.float32)
    angle, period, kind = np.float32(dice.random() * np.pi), dice.integers(8, 70), dice.integers(5)
    along = across * np.cos(angle) + down * np.sin(angle)
    kinds: list[Any] = [
        lambda: (np.sin(along * np.float32(2 * np.pi / period)) > 0)[..., None] * second,
        lambda: ((across // period + down // period) % 2)[..., None] * second,
        lambda: cloud(dice, high, wide, (8, 40, 120)) * 90,
        lambda: cloud(dice, high, wide, (30, 100, 200), grey=True) * 70,
        lambda: cloud(dice, high, wide, (3, 9)) * 120,
    ]
    colour = (dice.random(3) * 200 + 30).astype(np.float32)
    fabric: Field = colour + kinds[kind]() + cloud(dice, high, wide, (2,), grey=True) * 60
    return fabric


def _outline(dice: np.random.Generator, high: int, wide: int) -> NDArray[np.uint8]:
    """Where a thing is: an oval, a shape of corners, a box, or a band; mostly towards the middle."""
    mask = np.zeros((high, wide), np.uint8)
    size, kind, turn = int(dice.integers(40, 300)), dice.integers(4), float(dice.random() * 180)
    middle = (dice.normal(0.5, 0.22, 2).clip(0, 1) * (wide, high)).astype(int)
    if kind == 0:
        cv2.ellipse(mask, middle.tolist(), (size, int(size * (0.3 + dice.random() * 0.7))), turn, 0, 360, 255, -1)
    elif kind == 1:
        corners = middle + (dice.random((dice.integers(3, 8), 2)) - 0.5) * 2 * size
        cv2.fillPoly(mask, [corners.astype(np.int32)], 255, cv2.LINE_AA)
    elif kind == 2:
        box = cv2.boxPoints((middle.tolist(), (size * 1.4, size * (0.4 + dice.random())), turn / 2))
        cv2.fillPoly(mask, [box.astype(np.int32)], 255, cv2.LINE_AA)
    else:
        way = middle + np.cumsum((dice.random((8, 2)) - 0.5) * size * 0.8, 0)
        cv2.polylines(mask, [way.astype(np.int32)], False, 255, int(dice.integers(6, 40)), cv2.LINE_AA)
    return mask
