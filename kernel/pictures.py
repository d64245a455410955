"""The address of a picture of goods tells which sizes of it there are: whoever shows one has to ask nobody.

`/pictures/pic_x-0123456789abcdef-1600x1200-ai/800.webp`: which picture, the hash of what it shows, its sides in px,
whether a machine made it, the size in hand. What stands at an address never changes, so browsers keep it for good.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

WIDTHS: Final = (320, 800, 1600)
KINDS: Final = {"webp": "image/webp", "avif": "image/avif"}
_SHOWN_AS: Final = 800
_DIGEST: Final = 16
_NAME: Final = r"(?P<picture>pic_\w+)-(?P<digest>[0-9a-f]{16})-(?P<width>\d{1,5})x(?P<height>\d{1,5})(?P<by_ai>-ai)?"
_ADDRESS: Final = re.compile(rf"/pictures/{_NAME}/\d+\.webp")


@dataclass(frozen=True, slots=True)
class Look:
    """A picture as its address tells it; sides in px of its largest size."""

    picture: str
    digest: str
    width: int
    height: int
    by_ai: bool

    @property
    def name(self) -> str:
        """What its sizes have in common."""
        return f"{self.picture}-{self.digest[:_DIGEST]}-{self.width}x{self.height}{'-ai' if self.by_ai else ''}"

    @property
    def sizes(self) -> tuple[int, ...]:
        """How wide its sizes are, rising: none is larger than what was handed in."""
        return tuple(sorted({min(width, self.width) for width in WIDTHS}))

    @property
    def address(self) -> str:
        """The one that stands for all of them."""
        return self.at(max(size for size in self.sizes if size <= _SHOWN_AS or size == self.sizes[0]))

    @property
    def largest(self) -> str:
        """The one to look at closely."""
        return self.at(self.sizes[-1])

    def at(self, size: int, kind: str = "webp") -> str:
        """The address of one size."""
        return f"/pictures/{self.name}/{size}.{kind}"

    def srcset(self, kind: str = "webp") -> str:
        """All sizes of a kind, for a browser to choose from."""
        return ", ".join(f"{self.at(size, kind)} {size}w" for size in self.sizes)


def look(address: str) -> Look | None:
    """What an address tells; None for a drawn picture, and for anything else."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    sides = int(found["width"]), int(found["height"])
    return Look(found["picture"], found["digest"], *sides, found["by_ai"] is not None)
