"""What others hear of who leaves; `organisation` is the public id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class DepartureAnnounced(Fact):
    """Somebody sells nothing from now on and is closed on a day (ISO) at the earliest."""

    kind: ClassVar[str] = "departure.announced"
    organisation: str
    closes_on: str


@dataclass(frozen=True, slots=True)
class DepartureWithdrawn(Fact):
    """She stays after all, and sells as before."""

    kind: ClassVar[str] = "departure.withdrawn"
    organisation: str


@dataclass(frozen=True, slots=True)
class DepartureFinished(Fact):
    """She has left: nothing is open any more."""

    kind: ClassVar[str] = "departure.finished"
    organisation: str


FACTS = {fact.kind: fact for fact in (DepartureAnnounced, DepartureWithdrawn, DepartureFinished)}
"""By the names that the lifecycle gives them."""
