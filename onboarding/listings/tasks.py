"""What the worker does for goods: read an uploaded price sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.db import session
from kernel.errors import DomainError
from kernel.files import Files
from kernel.permissions import SYSTEM
from onboarding.listings.models import SheetImport
from onboarding.listings.operations import record_reading
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
    query = select(SheetImport.file_key, SheetImport.filename)
    waiting = (
        session()
        .execute(
            query.where(SheetImport.public_id == sheet_import, SheetImport.state == "waiting"),
        )
        .one_or_none()
    )
    session().rollback()
    if waiting is None:
        return
    try:
        reading = reader.read_sheet(ports.get(Files).get(waiting.file_key), waiting.filename)
    except DomainError as error:
        record_reading(actor=SYSTEM, sheet_import=sheet_import, error=error, now=now)
    else:
        record_reading(actor=SYSTEM, sheet_import=sheet_import, reading=reading, now=now)


def give_up_sheet(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Tell the owner that a sheet cannot be read, after the last attempt: nobody waits for ever."""
    error = DomainError("sheet.unreadable")
    record_reading(actor=SYSTEM, sheet_import=payload["sheet_import"], error=error, now=now)
