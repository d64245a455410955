"""What happens to goods and price sheets; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class SheetUploaded(Fact):
    """A price sheet lies in the private files and waits to be read, the first time or as its owner says it is meant."""

    kind: ClassVar[str] = "sheet.uploaded"
    sheet_import: str


@dataclass(frozen=True, slots=True)
class SheetConfirmed(Fact):
    """The owner looked a sheet through and wants its goods: they wait to be written."""

    kind: ClassVar[str] = "sheet.confirmed"
    sheet_import: str


@dataclass(frozen=True, slots=True)
class SheetImported(Fact):
    """All goods of a sheet are written; what else its file holds, pictures, may be fetched now."""

    kind: ClassVar[str] = "sheet.imported"
    sheet_import: str


@dataclass(frozen=True, slots=True)
class ListingSubmitted(Fact):
    """A listing waits for an operator."""

    kind: ClassVar[str] = "listing.submitted"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingWithdrawn(Fact):
    """A factory took goods back that waited for an operator: they are a draft again."""

    kind: ClassVar[str] = "listing.withdrawn"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingPublished(Fact):
    """An operator approved a listing; it may be sold."""

    kind: ClassVar[str] = "listing.published"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingLapsed(Fact):
    """A certificate that a listing on sale needs has run out; it is on sale no more until there is another."""

    kind: ClassVar[str] = "listing.lapsed"
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
class ListingsLoaded(Fact):
    """Goods of a catalogue are on sale, or are others than before: one fact for all of one transaction."""

    kind: ClassVar[str] = "listings.loaded"
    listings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListingRenamed(Fact):
    """A listing has another title; `before` is the one it had."""

    kind: ClassVar[str] = "listing.renamed"
    listing: str
    before: str


@dataclass(frozen=True, slots=True)
class EditAsked(Fact):
    """A change of goods on sale waits for an operator; they sell on as they are."""

    kind: ClassVar[str] = "edit.asked"
    edit: str


@dataclass(frozen=True, slots=True)
class EditWithdrawn(Fact):
    """A change that waited was taken back, or another took its place."""

    kind: ClassVar[str] = "edit.withdrawn"
    edit: str


@dataclass(frozen=True, slots=True)
class ListingArchived(Fact):
    """A factory took a listing off sale."""

    kind: ClassVar[str] = "listing.archived"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingRelisted(Fact):
    """A factory put goods on sale again that it took off itself, as an operator saw them last."""

    kind: ClassVar[str] = "listing.relisted"
    listing: str


@dataclass(frozen=True, slots=True)
class ListingTakenDown(Fact):
    """An operator took a listing off sale; what it is held against stands in the newest of its take-downs."""

    kind: ClassVar[str] = "listing.taken_down"
    listing: str


@dataclass(frozen=True, slots=True)
class TakedownAppealed(Fact):
    """A factory asks for a take-down to be looked at again, by somebody else."""

    kind: ClassVar[str] = "takedown.appealed"
    takedown: str
    listing: str


@dataclass(frozen=True, slots=True)
class MendingBack(Fact):
    """Goods that their factory was asked to mend are to be looked at again: it says that it did, or had its time."""

    kind: ClassVar[str] = "mending.back"
    listing: str
