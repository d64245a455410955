"""What the worker does for goods: read an uploaded price sheet, write the goods of one that was looked through."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.db import session
from kernel.errors import DomainError
from kernel.files import Files, key_of
from kernel.permissions import SYSTEM
from onboarding.listings import lapses, mendings, writing
from onboarding.listings.boasts import boasts
from onboarding.listings.columns import chosen_for
from onboarding.listings.leftovers import refusals_of, write_leftovers
from onboarding.listings.models import SheetImport, SheetProgress
from onboarding.listings.operations import record_reading
from onboarding.listings.settled import planned
from onboarding.listings.sheets import reader

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from kernel.ports import Ports


def read_sheet(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Read the sheet of `{"sheet_import": public id}` outside any transaction and keep what it says.

    A second run finds nothing waiting; a run killed half-way has kept nothing.
    """
    sheet_import: str = payload["sheet_import"]
    query = select(SheetImport).where(SheetImport.public_id == sheet_import, SheetImport.state == "waiting")
    waiting = session().scalar(query)
    if waiting is None:
        session().rollback()
        return
    file_key, filename, chosen = waiting.file_key, waiting.filename, chosen_for(waiting)
    session().rollback()
    try:
        reading = reader.read_sheet(ports.get(Files).get(file_key), filename, chosen=chosen, asking=True)
    except DomainError as error:
        record_reading(actor=SYSTEM, sheet_import=sheet_import, error=error, now=now)
    else:
        reading = replace(reading, problems=(*boasts(reading), *reading.problems))
        record_reading(actor=SYSTEM, sheet_import=sheet_import, reading=reading, now=now)


def give_up_sheet(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Tell the owner that a sheet cannot be read, after the last attempt: nobody waits for ever."""
    error = DomainError("sheet.unreadable")
    record_reading(actor=SYSTEM, sheet_import=payload["sheet_import"], error=error, now=now)


def write_sheet(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Write the goods of `{"sheet_import": public id}`, some hundred in a transaction, then say that they are there.

    A run that was killed left whole transactions: the next one goes on after the last of them.
    """
    sheet_import: str = payload["sheet_import"]
    query = select(SheetImport, SheetProgress.answers)
    asked = query.join(SheetProgress, SheetProgress.sheet_import_id == SheetImport.id)
    waiting = asked.where(SheetImport.public_id == sheet_import, SheetImport.state == "importing")
    found = session().execute(waiting).one_or_none()
    if found is None:
        session().rollback()
        return
    sheet, answers = found
    plan = planned(sheet, answers)
    refusals = refusals_of(sheet.reading, plan, language=answers["language"])
    file_key, chosen = sheet.file_key, chosen_for(sheet)
    session().rollback()
    session().expunge_all()  # nobody holds on to the reading
    while writing.write_some(actor=SYSTEM, sheet_import=sheet_import, plan=plan, now=now):
        pass
    key = key_of(f"{sheet_import}:refused") if refusals.reasons else ""
    if key:  # a second run writes it in the place of the first
        files = ports.get(Files)
        files.write(lambda file: write_leftovers(file, files.get(file_key), chosen, refusals), key=key)
    writing.finish(actor=SYSTEM, sheet_import=sheet_import, plan=plan, refused_key=key, now=now)


def stop_sheet(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Tell the owner how far it came, after the last attempt: nobody waits for ever."""
    writing.stop(actor=SYSTEM, sheet_import=payload["sheet_import"], now=now)


def bring_back(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Lay goods before operators that nobody mended in time; a second run finds nothing left."""
    mendings.bring_back(actor=SYSTEM, now=now)


def let_begin(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Put back on sale what waits for a certificate that is valid from today on; a second run finds nothing left."""
    lapses.restore_begun(actor=SYSTEM, now=now)
