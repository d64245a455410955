"""What others hear of appeals, claims and checks; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class AppealMade(Fact):
    """An owner asks for a decision to be looked at again."""

    kind: ClassVar[str] = "appeal.made"
    appeal: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ClaimMade(Fact):
    """A factory says that a code which `holder` holds is its own."""

    kind: ClassVar[str] = "claim.made"
    claim: str
    organisation: str
    holder: str


@dataclass(frozen=True, slots=True)
class CheckDue(Fact):
    """A factory is to be held against its licence again."""

    kind: ClassVar[str] = "check.due"
    check: str
    organisation: str


@dataclass(frozen=True, slots=True)
class CheckAnswered(Fact):
    """The owner of a factory has done her part of a check."""

    kind: ClassVar[str] = "check.answered"
    check: str
    organisation: str


@dataclass(frozen=True, slots=True)
class CheckConfirmed(Fact):
    """A factory is as its newest licence has it."""

    kind: ClassVar[str] = "check.confirmed"
    organisation: str
