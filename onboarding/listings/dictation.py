"""Goods an owner describes in a sentence: read at once, kept and imported as a price sheet of so many lines is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import InvalidInputError
from kernel.ids import public_id
from kernel.permissions import Permission
from onboarding.listings.imports import stored
from onboarding.listings.models import SheetImport
from onboarding.listings.rules import code_of
from onboarding.listings.sentences.reader import SentenceReading, read_sentence
from onboarding.listings.sheets.reading import Problem, SheetReading, Table

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor

MAX_LINES: Final = 20
_NAME_CHARS: Final = 40


@operation("sheet.dictate")
def read_sentences(*, actor: Actor, text: str, file_key: str, now: datetime) -> SheetImport:
    """Keep what sentences say, one goods a line, ready to be looked through; the text itself lies under `file_key`.

    Refuses the field `sentences`: nothing in it, too many lines, or why the first line names no goods.
    """
    factory = actor.membership(Permission.LISTING_GOODS_EDIT)
    reading = reading_of(text)
    if not reading.listings:
        problem = next(one for one in reading.problems if one.gravity == "left_out")
        raise InvalidInputError({"sentences": (f"sheet.{problem.code}", dict(problem.params))})
    sheet = SheetImport(
        public_id=public_id("imp"),
        organisation_id=factory.organisation_id,
        filename=reading.listings[0].title[:_NAME_CHARS],
        file_key=file_key,
        state="read",
        reading={**stored(reading), "said": text},
        result={},
        error_code="",
        error_params={},
        created_at=now,
    )
    session().add(sheet)
    note(f"sheet:{sheet.public_id}", after={"state": "read", "file_key": file_key})
    return sheet


def reading_of(text: str) -> SheetReading:
    """The sentences of a text as one sheet; a second line of the same goods is left out, as in a sheet."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise InvalidInputError({"sentences": ("sentence.missing", {})})
    if len(lines) > MAX_LINES:
        raise InvalidInputError({"sentences": ("sentence.too_many", {"limit": MAX_LINES})})
    found = [read_sentence(line, row) for row, line in enumerate(lines, 1)]
    rows: dict[str, int] = {}
    checked = [_once(one, rows) for one in found]
    listings = tuple(one.listing for one in checked if one.listing.title)
    problems = tuple(problem for one in checked for problem in one.problems)
    return SheetReading((Table("", (), {}),), listings, problems, ())


def _once(reading: SentenceReading, rows: dict[str, int]) -> SentenceReading:
    listing = reading.listing
    code = code_of(listing.code, listing.title)
    first = rows.setdefault(code, listing.row)
    if first == listing.row or not listing.title:
        return reading
    problem = Problem("code_duplicate", listing.row, None, {"code": code, "first": first})
    return SentenceReading(replace(listing, title=""), (problem,))
