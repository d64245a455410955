"""What happens to the features of pictures; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class PhotosLearnt(Fact):
    """What the pictures of a listing look like is known anew, or forgotten: the index follows."""

    kind: ClassVar[str] = "photos.learnt"
    listing: str
