"""What happens to pictures of goods; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class PictureHandedIn(Fact):
    """A file lies in the private files; its sizes are to be made."""

    kind: ClassVar[str] = "picture.handed_in"
    picture: str


@dataclass(frozen=True, slots=True)
class PictureRemoved(Fact):
    """A picture is no longer of its listing; one that was never shown needs no files any more."""

    kind: ClassVar[str] = "picture.removed"
    picture: str


@dataclass(frozen=True, slots=True)
class PicturesAsked(Fact):
    """A listing on sale has a new picture; nobody sees it until an operator looked at it."""

    kind: ClassVar[str] = "pictures.asked"
    listing: str


@dataclass(frozen=True, slots=True)
class PicturesShown(Fact):
    """Somebody looked at the new pictures of a listing; everybody sees them from now on."""

    kind: ClassVar[str] = "pictures.shown"
    listing: str
