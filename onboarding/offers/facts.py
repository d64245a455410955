"""What happens to offers; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class OfferHeld(Fact):
    """Something that a merchant resells was taken off her shelf, once per pick-up and change; it comes back by itself.

    `reason` is the `held_reason` of the first of its offers that was held.
    """

    kind: ClassVar[str] = "offer.held"
    pick_up: str
    organisation: str
    reason: str


@dataclass(frozen=True, slots=True)
class OffersChanged(Fact):
    """What merchants ask for a listing, or whether they sell it at all, is another thing than before."""

    kind: ClassVar[str] = "offer.changed"
    listing: str
