"""What others hear of factories; `organisation` is the public id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class FactoryApplied(Fact):
    """A factory waits for a decision, for the first time or again."""

    kind: ClassVar[str] = "factory.applied"
    organisation: str


@dataclass(frozen=True, slots=True)
class FactoryApproved(Fact):
    """A factory may trade from now on, for the first time or again."""

    kind: ClassVar[str] = "factory.approved"
    organisation: str


@dataclass(frozen=True, slots=True)
class FactoryRefused(Fact):
    """A factory was sent back with a reason."""

    kind: ClassVar[str] = "factory.refused"
    organisation: str


@dataclass(frozen=True, slots=True)
class FactorySentBack(Fact):
    """A factory was asked to correct some of what it said."""

    kind: ClassVar[str] = "factory.sent_back"
    organisation: str


@dataclass(frozen=True, slots=True)
class FactorySuspended(Fact):
    """A factory sells nothing until further notice; what was paid for goes on."""

    kind: ClassVar[str] = "factory.suspended"
    organisation: str


@dataclass(frozen=True, slots=True)
class FactoryClosed(Fact):
    """A factory has left for good."""

    kind: ClassVar[str] = "factory.closed"
    organisation: str


FACTS = {
    fact.kind: fact
    for fact in (FactoryApplied, FactoryApproved, FactoryRefused, FactorySentBack, FactorySuspended, FactoryClosed)
}
"""By the names that the lifecycle gives them."""
