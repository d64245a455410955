"""What happens to licences; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class LicenceUploaded(Fact):
    """A photograph of a licence lies in the private files and waits to be read."""

    kind: ClassVar[str] = "licence.uploaded"
    licence: str


@dataclass(frozen=True, slots=True)
class LicenceRead(Fact):
    """A photograph was looked at; its state says whether anything could be read."""

    kind: ClassVar[str] = "licence.read"
    licence: str
