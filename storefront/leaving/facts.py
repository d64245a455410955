"""What others hear of copies of one's own data; both are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class CopyAsked(Fact):
    """An owner wants all that is her own in one file."""

    kind: ClassVar[str] = "copy.asked"
    copy: str
    organisation: str


@dataclass(frozen=True, slots=True)
class CopyReady(Fact):
    """It lies ready for her."""

    kind: ClassVar[str] = "copy.ready"
    copy: str
    organisation: str
