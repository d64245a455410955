"""What happens to goods and price sheets; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class SheetUploaded(Fact):
    """A price sheet lies in the private files and waits to be read."""

    kind: ClassVar[str] = "sheet.uploaded"
    sheet_import: str


@dataclass(frozen=True, slots=True)
class ListingSubmitted(Fact):
    """A listing waits for an operator; when it was on sale before, it is not any more."""

    kind: ClassVar[str] = "listing.submitted"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingPublished(Fact):
    """An operator approved a listing; it may be sold."""

    kind: ClassVar[str] = "listing.published"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingRefused(Fact):
    """An operator gave a listing back; the reason stands on it."""

    kind: ClassVar[str] = "listing.refused"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingChanged(Fact):
    """Prices, variants or stock of a published listing were changed by the factory; sales are not announced."""

    kind: ClassVar[str] = "listing.changed"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingArchived(Fact):
    """A factory took a listing down for good."""

    kind: ClassVar[str] = "listing.archived"
    listing: str
