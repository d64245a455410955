"""What others hear of visits to factories; `organisation` and `inspection` are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class VisitAsked(Fact):
    """A factory asks for somebody to come and look."""

    kind: ClassVar[str] = "visit.asked"
    organisation: str


@dataclass(frozen=True, slots=True)
class InspectionRecorded(Fact):
    """Somebody of the channel was at a factory; `outcome` is passed or failed."""

    kind: ClassVar[str] = "inspection.recorded"
    inspection: str
    organisation: str
    outcome: str


@dataclass(frozen=True, slots=True)
class InspectionWithdrawn(Fact):
    """What was put on record of a visit counts no longer."""

    kind: ClassVar[str] = "inspection.withdrawn"
    inspection: str
    organisation: str
