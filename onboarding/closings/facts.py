"""What others hear of a factory's days off; `organisation` is the public id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class FactoryRests(Fact):
    """A factory sells nothing until `until` (ISO day), or until another day than it said before."""

    kind: ClassVar[str] = "factory.rests"
    organisation: str
    until: str


@dataclass(frozen=True, slots=True)
class FactoryReopened(Fact):
    """A factory sells again before the day it had said."""

    kind: ClassVar[str] = "factory.reopened"
    organisation: str
