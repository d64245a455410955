"""What others hear of what was sold; `listing` is a public id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class SalesCounted(Fact):
    """The pieces of a listing that were paid of late are more, or fewer, than before."""

    kind: ClassVar[str] = "sales.counted"
    listing: str
