"""Goods of a sheet are written by the worker: some at once, each time with how far it came, until all are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.outbox import publish
from kernel.permissions import Permission
from onboarding.listings.facts import ListingChanged, SheetImported
from onboarding.listings.imports import Outcome, left_out, write
from onboarding.listings.models import SheetImport, SheetProgress
from onboarding.listings.settled import STOPPED

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.plan import Plan

AT_ONCE: Final = 250
"""Listings in one transaction: a page that writes meanwhile waits no longer than these take."""


@operation("sheet.write")
def write_some(*, actor: Actor, sheet_import: str, plan: Plan, now: datetime) -> bool:
    """Write the next listings of a sheet's plan and how far it came, both or neither; whether any are left.

    Whoever comes second, after a worker that was killed or beside one that is slow, goes on where the first stands.
    """
    sheet, progress = _locked(actor, sheet_import)
    some = plan.listings[progress.done : progress.done + AT_ONCE]
    if sheet.state != "importing" or not some:
        return False
    told: dict[str, Any] = {
        "actor": actor,
        "organisation_id": sheet.organisation_id,
        "source": sheet_import,
        "answers": progress.answers,
    }
    outcome = write(some, **told, now=now)
    progress.result = outcome.added_to(progress.result)
    progress.total, progress.done = len(plan.listings), progress.done + len(some)
    note(f"sheet:{sheet_import}", after={"done": progress.done, "total": progress.total})
    for listing in outcome.changed:
        publish(ListingChanged(listing), actor=actor, now=now)
    return progress.done < progress.total


@operation("sheet.finish")
def finish(*, actor: Actor, sheet_import: str, plan: Plan, refused_key: str, now: datetime) -> None:
    """All of a sheet is written: say so, with what was left out and the file that tells why."""
    sheet, progress = _locked(actor, sheet_import)
    if sheet.state != "importing":
        return
    outcome = Outcome(left_out=[left_out(one) for one in plan.left_out])
    sheet.state, sheet.result, sheet.refused_key = "imported", outcome.added_to(progress.result), refused_key
    counts = {name: sheet.result[name] for name in ("created", "updated", "unchanged", "skus")}
    note(f"sheet:{sheet_import}", before={"state": "importing"}, after=counts | {"state": sheet.state})
    publish(SheetImported(sheet_import), actor=actor, now=now)


@operation("sheet.stop")
def stop(*, actor: Actor, sheet_import: str, now: datetime) -> None:  # noqa: ARG001  every operation is told the time
    """The worker gives up: what is written stays, and the owner may have it go on."""
    sheet, progress = _locked(actor, sheet_import)
    if sheet.state != "importing":
        return
    far = {"done": progress.done, "total": progress.total}
    sheet.state, sheet.error_code, sheet.error_params = "failed", STOPPED, far
    note(f"sheet:{sheet_import}", before={"state": "importing"}, after={"state": "failed"} | far)


def _locked(actor: Actor, sheet_import: str) -> tuple[SheetImport, SheetProgress]:
    actor.require(Permission.SYSTEM_WORK_RUN)
    query = select(SheetImport, SheetProgress).join(SheetProgress, SheetProgress.sheet_import_id == SheetImport.id)
    locked = query.where(SheetImport.public_id == sheet_import).with_for_update()
    found = session().execute(locked, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFoundError
    return found[0], found[1]
