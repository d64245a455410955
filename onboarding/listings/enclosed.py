"""What lies in a price sheet beside its words: the pictures on the rows of each goods, as they lie there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.db import session
from onboarding.listings.models import Listing, SheetImport
from onboarding.listings.rules import code_of
from onboarding.listings.sheets import reader
from onboarding.listings.sheets.archive import read_media

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kernel.files import Files

_PREPARED = ("draft", "refused")


@dataclass(frozen=True, slots=True)
class Handed:
    """A picture file in hand: the id it will have, the hash of its bytes, what it is called, whether AI made it."""

    picture: str
    source: str
    filename: str
    by_ai: bool


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A picture file of a sheet and the listing (id, public id) on whose rows it lies."""

    listing_id: int
    listing: str
    media: str
    data: bytes


def enclosed_in(sheet_import: str, *, files: Files) -> Iterator[Enclosed]:
    """The pictures of a sheet (public id) whose goods were never on sale and are nobody's to look at now.

    Outside any transaction: the sheet is read once more, for its reading keeps how many pictures there are, not where.
    """
    query = select(SheetImport).where(SheetImport.public_id == sheet_import, SheetImport.state == "imported")
    sheet = session().scalar(query)
    if sheet is None or "said" in sheet.reading or not any(one.get("pictures") for one in sheet.reading["listings"]):
        session().rollback()
        return
    key, name, drafts = sheet.file_key, sheet.filename, _drafts(sheet.organisation_id)
    session().rollback()
    data = files.get(key)
    owners: dict[str, list[tuple[int, str]]] = {}
    for goods in reader.read_sheet(data, name).listings:
        draft = drafts.get(code_of(goods.code, goods.title))
        if draft is not None:
            for media in goods.pictures:
                owners.setdefault(media, []).append(draft)
    for media, content in read_media(data, owners):
        for listing_id, listing in owners[media]:
            yield Enclosed(listing_id, listing, media, content)


def handed_with(sheet_import: str) -> list[tuple[int, str, Handed]]:
    """Photos that came with the sentences of a sheet (public id), each with the listing (id, public id) it is of."""
    query = select(SheetImport).where(SheetImport.public_id == sheet_import, SheetImport.state == "imported")
    sheet = session().scalar(query)
    if sheet is None or not sheet.reading.get("photos"):
        session().rollback()
        return []
    codes = {goods["row"]: code_of(goods["code"], goods["title"]) for goods in sheet.reading["listings"]}
    mine = (Listing.organisation_id == sheet.organisation_id) & Listing.code.in_(codes.values())
    known = {
        row.code: row for row in session().execute(select(Listing.code, Listing.id, Listing.public_id).where(mine))
    }
    photos = [(known.get(codes.get(one["row"], "")), Handed(**one["handed"])) for one in sheet.reading["photos"]]
    session().rollback()
    return [(of.id, of.public_id, handed) for of, handed in photos if of]


def _drafts(organisation_id: int) -> dict[str, tuple[int, str]]:
    """Code → id and public id of a factory's goods that a sheet may still change the words of."""
    prepared = Listing.published_at.is_(None) & Listing.state.in_(_PREPARED)
    query = select(Listing.code, Listing.id, Listing.public_id)
    rows = session().execute(query.where(Listing.organisation_id == organisation_id, prepared))
    return {row[0]: (row[1], row[2]) for row in rows}
