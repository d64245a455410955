"""What happens between a factory and the groups of its merchants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class PriceGroupChanged(Fact):
    """A factory (public id) changed what a group of its merchants owes, or who is in it."""

    kind: ClassVar[str] = "price_group.changed"
    factory: str
