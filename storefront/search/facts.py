"""What others hear of what was sold, and of entries that are wrong; listings are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class SalesCounted(Fact):
    """The pieces of a listing that were paid of late are more, or fewer, than before."""

    kind: ClassVar[str] = "sales.counted"
    listing: str


@dataclass(frozen=True, slots=True)
class EntriesStrayed(Fact):
    """What the index holds of some listings is not what the database says."""

    kind: ClassVar[str] = "search.strayed"
    listings: list[str]
