"""Goods an owner describes in a sentence: read at once, kept and imported as a price sheet of so many lines is."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError
from kernel.ids import public_id
from kernel.permissions import Permission
from onboarding.listings.imports import stored
from onboarding.listings.matrix import SKUS_MOST, check_options, options_of
from onboarding.listings.models import SheetImport
from onboarding.listings.queries import known_codes
from onboarding.listings.rules import PICTURES_CAP, code_of
from onboarding.listings.sentences.reader import SentenceReading, read_sentence
from onboarding.listings.sheets.reading import Problem, SheetReading, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.enclosed import Handed
    from onboarding.listings.sheets.reading import SheetListing

MAX_LINES: Final = 20
_NAME_CHARS: Final = 40


@operation("sheet.dictate")
def read_sentences(*, actor: Actor, text: str, photos: Sequence[Handed], file_key: str, now: datetime) -> SheetImport:
    """Keep what sentences say, one goods a line, ready to be looked through; the text itself lies under `file_key`.

    The photos are all of the one goods, or of one goods each in the order of the lines; they wait in the private files
    until the goods are there. Refuses the field `sentences`: nothing in it, too many lines, or why the first line
    names no goods; and `photos` when nobody could say which is of which.
    """
    factory = actor.membership(Permission.LISTING_GOODS_EDIT)
    lines = lines_of(text)
    of_rows = _of_rows(photos, len(lines))
    reading = reading_of(lines, of_rows)
    if not reading.listings:
        problem = next(one for one in reading.problems if one.gravity == "left_out")
        raise InvalidInputError({"sentences": (f"sheet.{problem.code}", dict(problem.params))})
    told = {**stored(reading), "said": text, "photos": _stored_photos(of_rows)}
    return _kept(factory.organisation_id, told, file_key=file_key, now=now)


@operation("sheet.describe")
def describe(*, actor: Actor, goods: SheetListing, file_key: str, now: datetime) -> SheetImport:
    """Keep one goods that its owner filled in herself, ready to be written.

    Refuses the field `title`, or `code`, of goods that she has already; and variants as the matrix does.
    """
    factory = actor.membership(Permission.LISTING_GOODS_EDIT)
    if known_codes(factory.organisation_id, [code_of(goods.code, goods.title)]):
        raise InvalidInputError({"code" if goods.code else "title": ("listing.there", {})})
    if len(goods.skus) > SKUS_MOST:
        raise DomainError("variants.too_many", count=len(goods.skus), limit=SKUS_MOST)
    check_options(options_of(sku.options for sku in goods.skus))
    reading = SheetReading((Table("", (), {}),), (goods,), (), ())
    return _kept(factory.organisation_id, stored(reading), file_key=file_key, now=now)


def lines_of(text: str) -> list[str]:
    """The lines in which something is written; refuses the field `sentences` for none and for too many."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise InvalidInputError({"sentences": ("sentence.missing", {})})
    if len(lines) > MAX_LINES:
        raise InvalidInputError({"sentences": ("sentence.too_many", {"limit": MAX_LINES})})
    return lines


def reading_of(lines: Sequence[str], photos: Mapping[int, Sequence[Handed]]) -> SheetReading:
    """The sentences as one sheet, with photos by row; a second line of the same goods is left out, as in a sheet."""
    found = [read_sentence(line, row) for row, line in enumerate(lines, 1)]
    rows: dict[str, int] = {}
    checked = [_once(one, rows) for one in found]
    listings = tuple(_pictured(one.listing, photos) for one in checked if one.listing.title)
    problems = tuple(problem for one in checked for problem in one.problems)
    return SheetReading((Table("", (), {}),), listings, problems, ())


def _kept(organisation_id: int, reading: dict[str, Any], *, file_key: str, now: datetime) -> SheetImport:
    sheet = SheetImport(
        public_id=public_id("imp"),
        organisation_id=organisation_id,
        filename=reading["listings"][0]["title"][:_NAME_CHARS],
        file_key=file_key,
        state="read",
        reading=reading,
        result={},
        error_code="",
        error_params={},
        created_at=now,
    )
    session().add(sheet)
    note(f"sheet:{sheet.public_id}", after={"state": "read", "file_key": file_key})
    return sheet


def _of_rows(photos: Sequence[Handed], rows: int) -> dict[int, list[Handed]]:
    if rows == 1 and len(photos) > PICTURES_CAP:
        raise InvalidInputError({"photos": ("picture.too_many", {"most": PICTURES_CAP})})
    if rows == 1:
        return {1: [*photos]}
    if photos and len(photos) != rows:
        raise InvalidInputError({"photos": ("sentence.photos", {"rows": rows, "photos": len(photos)})})
    return {row: [photo] for row, photo in enumerate(photos, 1)}


def _stored_photos(of_rows: Mapping[int, Sequence[Handed]]) -> list[dict[str, Any]]:
    return [{"row": row, "handed": asdict(photo)} for row, photos in of_rows.items() for photo in photos]


def _pictured(listing: SheetListing, photos: Mapping[int, Sequence[Handed]]) -> SheetListing:
    return replace(listing, pictures=tuple(photo.picture for photo in photos.get(listing.row, ())))


def _once(reading: SentenceReading, rows: dict[str, int]) -> SentenceReading:
    listing = reading.listing
    code = code_of(listing.code, listing.title)
    first = rows.setdefault(code, listing.row)
    if first == listing.row or not listing.title:
        return reading
    problem = Problem("code_duplicate", listing.row, None, {"code": code, "first": first})
    return SentenceReading(replace(listing, title=""), (problem,))
