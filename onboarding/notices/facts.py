"""What others hear of notices; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class NoticeWaits(Fact):
    """A notice, or what one side says to it, waits for an operator."""

    kind: ClassVar[str] = "notice.waits"
    notice: str
    organisation: str


@dataclass(frozen=True, slots=True)
class NoticeMoved(Fact):
    """Something was decided, and it goes on."""

    kind: ClassVar[str] = "notice.moved"
    notice: str
    action: str


@dataclass(frozen=True, slots=True)
class NoticeEnded(Fact):
    """A notice has ended; what of its case is open has nothing left to decide."""

    kind: ClassVar[str] = "notice.ended"
    notice: str
    action: str
