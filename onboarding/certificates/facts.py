"""What others hear of certificates; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class CertificateHandedIn(Fact):
    """A factory says that it holds one; an operator is to compare it with its photo."""

    kind: ClassVar[str] = "certificate.handed_in"
    certificate: str
    organisation: str


@dataclass(frozen=True, slots=True)
class CertificateConfirmed(Fact):
    """One was compared with its photo and holds."""

    kind: ClassVar[str] = "certificate.confirmed"
    certificate: str


@dataclass(frozen=True, slots=True)
class CertificateRefused(Fact):
    """One does not hold, or no longer."""

    kind: ClassVar[str] = "certificate.refused"
    certificate: str


@dataclass(frozen=True, slots=True)
class CertificateWithdrawn(Fact):
    """Its factory took one back that waited."""

    kind: ClassVar[str] = "certificate.withdrawn"
    certificate: str


@dataclass(frozen=True, slots=True)
class CertificateExpired(Fact):
    """One has run out."""

    kind: ClassVar[str] = "certificate.expired"
    certificate: str
