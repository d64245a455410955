"""Compares how components look with how they looked, robust against how letters are smoothed.

A reference is one picture of the whole page of components, at a third of its size and in few shades, which carries the
boxes of its components as text. Each component is compared on its own, so that one that grew does not spoil the rest.
"""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page

REFERENCES = Path(__file__).parents[1] / "face" / "pictures"
SHADES = 24  # of each colour: evenly spaced, so that no rare colour is lost
THIRD = 3
BLOCK = 6  # pixels of a reference, 18 of the page: a letter or two, or the corner of a button
FAR = 20  # of 255, in any colour, by the mean of a block: strokes of letters differ by less
LENIENT = 6  # pixels of the page: a line of another font is a little higher
Boxes = Mapping[str, list[int]]

# Every picture is fetched and drawn, and nothing sticks to an edge.
STILL = """() => Promise.all([
  document.fonts.ready,
  ...[...document.images].map((image) => { image.loading = "eager"; return image.decode().catch(() => null); }),
])"""
BOXES = """() => Object.fromEntries([...document.querySelectorAll("[data-specimen]")].map((one) => {
  const box = one.getBoundingClientRect();
  return [one.id, [box.left, box.top + scrollY, box.width, box.height].map(Math.round)];
}))"""


def taken(page: Page) -> tuple[Image.Image, Boxes]:
    """The open page of components as a picture at a third of its size, and where each of them is on the page."""
    page.evaluate(STILL)
    boxes: Boxes = page.evaluate(BOXES)
    whole = Image.open(BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("RGB")
    return whole.resize((whole.width // THIRD, whole.height // THIRD), Image.Resampling.BOX), boxes


def keep(name: str, picture: Image.Image, boxes: Boxes) -> None:
    """Make this picture the reference."""
    notes = PngInfo()
    notes.add_text("boxes", json.dumps(boxes))
    few = picture.point([round(round(shade / 255 * SHADES) * 255 / SHADES) for shade in range(256)] * 3)
    few.save(REFERENCES / f"{name}.png", optimize=True, pnginfo=notes)


def differences(name: str, picture: Image.Image, boxes: Boxes) -> list[str]:
    """Say which components look different from the reference, and how."""
    with Image.open(REFERENCES / f"{name}.png") as file:
        before: Boxes = json.loads(file.info["boxes"])
        reference = file.convert("RGB")
    if before.keys() != boxes.keys():
        return [f"{name}: other components: {sorted(before.keys() ^ boxes.keys())}"]
    return [f"{name}: {text}" for one in boxes for text in _compared(one, reference, before[one], picture, boxes[one])]


def _compared(one: str, reference: Image.Image, was: list[int], picture: Image.Image, now: list[int]) -> Iterator[str]:
    grown = [here - there for here, there in zip(now[2:], was[2:], strict=True)]
    if max(map(abs, grown)) > LENIENT:
        yield f"{one} grew by {grown[0]} × {grown[1]} px"
        return
    size = min(was[2], now[2]) // THIRD, min(was[3], now[3]) // THIRD
    blocks = [_blocks(_cut(image, box, size)) for image, box in ((reference, was), (picture, now))]
    apart = max(max(spot) for spot in _colours(ImageChops.difference(*blocks)))
    if apart > FAR:
        yield f"{one} looks different: a spot of it by {apart} of 255, at most {FAR}"


def _cut(image: Image.Image, box: list[int], size: tuple[int, int]) -> Image.Image:
    left, top = box[0] // THIRD, box[1] // THIRD
    return image.crop((left, top, left + size[0], top + size[1]))


def _colours(image: Image.Image) -> Iterator[bytes]:
    return (channel.tobytes() for channel in image.split())


def _blocks(image: Image.Image) -> Image.Image:
    size = max(image.width // BLOCK, 1), max(image.height // BLOCK, 1)
    return image.resize(size, Image.Resampling.BOX)
