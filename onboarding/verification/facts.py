"""What others hear of factories and merchants; `organisation` is the public id."""

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


@dataclass(frozen=True, slots=True)
class MerchantApplied(Fact):
    """A merchant hands in; whether somebody must look at it is decided at once."""

    kind: ClassVar[str] = "merchant.applied"
    organisation: str


@dataclass(frozen=True, slots=True)
class MerchantApproved(Fact):
    """A merchant may trade from now on, for the first time or again."""

    kind: ClassVar[str] = "merchant.approved"
    organisation: str


@dataclass(frozen=True, slots=True)
class MerchantRefused(Fact):
    """A merchant was sent back with a reason."""

    kind: ClassVar[str] = "merchant.refused"
    organisation: str


@dataclass(frozen=True, slots=True)
class MerchantSentBack(Fact):
    """A merchant was asked to correct some of what she said."""

    kind: ClassVar[str] = "merchant.sent_back"
    organisation: str


@dataclass(frozen=True, slots=True)
class MerchantSuspended(Fact):
    """A merchant sells nothing until further notice; what was paid for goes on."""

    kind: ClassVar[str] = "merchant.suspended"
    organisation: str


@dataclass(frozen=True, slots=True)
class MerchantClosed(Fact):
    """A merchant has left for good."""

    kind: ClassVar[str] = "merchant.closed"
    organisation: str


FACTS = {
    fact.kind: fact
    for fact in (
        FactoryApplied,
        FactoryApproved,
        FactoryRefused,
        FactorySentBack,
        FactorySuspended,
        FactoryClosed,
        MerchantApplied,
        MerchantApproved,
        MerchantRefused,
        MerchantSentBack,
        MerchantSuspended,
        MerchantClosed,
    )
}
"""By the names that the lifecycles give them."""
