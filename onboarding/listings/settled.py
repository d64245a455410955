"""What is settled when an owner asks for the goods of a sheet, and what these goods would change before she does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from kernel.db import session
from kernel.i18n import locale
from kernel.permissions import Permission
from onboarding.listings.imports import hold_house, is_imported, recounts
from onboarding.listings.known import codes_of, known_listings
from onboarding.listings.models import SheetImport, SheetProgress
from onboarding.listings.plan import foresee, plan
from onboarding.listings.queries import keep_on_sale, place_of
from onboarding.listings.revisions import KEPT, changes_of, leaves_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kernel.permissions import Actor
    from onboarding.listings.known import KnownListing
    from onboarding.listings.plan import Plan, StockMeaning
    from onboarding.listings.revisions import Change

STOPPED: Final = "sheet.stopped"
_AT_ONCE: Final = 500
_OTHERWISE: Final = "日用百货"
_DECIDE: Final = ("stock", "markup_bp", "category")


@dataclass(slots=True)
class Difference:
    """A sheet beside the factory's goods: how many are new, changed and as before, some of the changes, and the rest.

    `missing` are goods of the factory that the sheet does not name; nothing happens to them. Of `waiting` an operator
    looks at prices that the sheet leaves alone. `once_sold` says that
    some of the changed were on sale at any time.
    """

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    waiting: int = 0
    once_sold: bool = False
    shown: list[tuple[KnownListing, list[Change]]] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def settle_answers(
    actor: Actor, sheet: SheetImport, *, stock: StockMeaning | None, markup_bp: int | None
) -> dict[str, Any]:
    """All that decides what is written, so that nothing that happens meanwhile changes it; `sheet` is locked.

    Who only prepares goods is refused with `listing.on_sale` when the sheet changes any that were ever on sale.
    """
    hold_house(sheet.organisation_id)
    answers = {
        "stock": stock,
        "markup_bp": markup_bp,
        "category": place_of(sheet.organisation_id)[2] or _OTHERWISE,
        "recount": not is_imported(sheet),
        "counted": _counted(sheet),
        "on_sale": actor.may(Permission.LISTING_SALE_CHANGE, organisation_id=sheet.organisation_id),
        "language": locale(),
        "by": actor.user_id,
    }
    if not answers["on_sale"] and difference(sheet, answers).once_sold:
        keep_on_sale(actor, sheet.organisation_id)
    return answers


def settle_again(sheet: SheetImport) -> None:
    """Before a stopped sheet goes on: what its file has counted meanwhile, handed in again, is not counted anew."""
    hold_house(sheet.organisation_id)
    progress = session().scalars(select(SheetProgress).where(SheetProgress.sheet_import_id == sheet.id)).one()
    recount = progress.answers["recount"] and not is_imported(sheet)
    progress.answers = progress.answers | {"recount": recount, "counted": _counted(sheet)}


def _counted(sheet: SheetImport) -> list[str]:
    """Codes of goods that imports of the same file wrote before they were stopped: their stock was counted then."""
    same = (SheetImport.organisation_id == sheet.organisation_id) & (SheetImport.file_key == sheet.file_key)
    stopped = (SheetImport.state == "failed") & (SheetImport.error_code == STOPPED) & (SheetImport.id != sheet.id)
    query = select(SheetImport, SheetProgress).join(SheetProgress, SheetProgress.sheet_import_id == SheetImport.id)
    found = session().execute(query.where(same, stopped, SheetProgress.done > 0)).all()
    written = ((planned(one, progress.answers).listings, progress.done) for one, progress in found)
    return sorted({listing.code for listings, done in written for listing in listings[:done]})


def progress_of(sheet: SheetImport, answers: dict[str, Any]) -> SheetProgress:
    """Nothing of a sheet is written yet."""
    begun: dict[str, Any] = dict.fromkeys(("created", "updated", "unchanged", "skus"), 0)
    begun |= {"kept_stock": [], "left_out": [], "waiting": []}
    total = len(sheet.reading["listings"])
    return SheetProgress(sheet_import_id=sheet.id, answers=answers, result=begun, done=0, total=total)


def planned(sheet: SheetImport, answers: dict[str, Any]) -> Plan:
    """The plan of a sheet with its answers: the same one each time it is asked for."""
    return plan(sheet.reading, **{name: answers[name] for name in _DECIDE})


def is_stopped(sheet: SheetImport) -> bool:
    """Whether its goods were asked for and the worker gave up writing them: they may be asked for again."""
    return sheet.state == "failed" and sheet.error_code == STOPPED


def foreseen(sheet: SheetImport, *, stock: StockMeaning | None, markup_bp: int | None, limit: int) -> Difference:
    """What a read sheet would do with these answers; the changes of some listings are told one by one."""
    category = place_of(sheet.organisation_id)[2] or _OTHERWISE
    answers: dict[str, Any] = {
        "stock": stock,
        "markup_bp": markup_bp,
        "category": category,
        "recount": not is_imported(sheet),
    }
    answers["counted"] = _counted(sheet)
    return difference(sheet, answers, limit=limit)


def difference(sheet: SheetImport, answers: dict[str, Any], *, limit: int = 0) -> Difference:
    """The plan of a sheet beside the goods as they stand."""
    found, told = Difference(), set[str]()
    for known, changes, code in _compared(sheet, answers):
        told.add(code)
        found.waiting += known is not None and leaves_waiting(known, changes)
        if known is None:
            found.new += 1
        elif any(one.name not in KEPT for one in changes):
            found.changed += 1
            found.once_sold |= known.published_at is not None
            if len(found.shown) < limit:
                found.shown.append((known, changes))
        else:
            found.unchanged += 1
    found.missing = {code: title for code, title in codes_of(sheet.organisation_id).items() if code not in told}
    return found


def _compared(sheet: SheetImport, answers: dict[str, Any]) -> Iterator[tuple[KnownListing | None, list[Change], str]]:
    listings = foresee(sheet.reading, **{name: answers[name] for name in _DECIDE}).listings
    for start in range(0, len(listings), _AT_ONCE):
        some = listings[start : start + _AT_ONCE]
        known = known_listings(sheet.organisation_id, [one.code for one in some])
        for one in some:
            old = known.get(one.code)
            yield old, changes_of(old, one, recount=recounts(answers, one)) if old else [], one.code
