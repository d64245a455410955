"""What others hear of reports; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class GoodsReported(Fact):
    """A shopper says that something is wrong with goods; `count` reports of them are open now."""

    kind: ClassVar[str] = "goods.reported"
    listing: str
    count: int
