"""What the worker does for licences: read a photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from structlog import get_logger

from kernel.clock import business_date
from kernel.db import session
from kernel.files import Files
from kernel.permissions import SYSTEM
from onboarding.licences.models import Licence
from onboarding.licences.operations import record_reading
from onboarding.licences.rules import WAITING

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports
    from onboarding.licences.ocr.reading import LicenceReading

_log = get_logger("licences")


def read_licence(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Read the photograph of `{"licence": public id}` outside any transaction and keep what it says.

    A second run finds nothing waiting; a run killed half-way has kept nothing. A photograph on which the reader
    fails is unreadable, and the owner is told: trying it again would fail again.
    """
    licence: str = payload["licence"]
    waiting = select(Licence.photo_key).where(Licence.public_id == licence, Licence.state == WAITING)
    photo_key = session().scalar(waiting)
    session().rollback()
    if photo_key is None:
        return
    reading = _reading(licence, photo_key, ports=ports, now=now)
    record_reading(actor=SYSTEM, licence=licence, reading=reading, now=now)


def give_up_licence(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Tell the owner that a photograph cannot be read, after the last attempt: nobody waits for ever."""
    record_reading(actor=SYSTEM, licence=payload["licence"], reading=None, now=now)


def _reading(licence: str, photo_key: str, *, ports: Ports, now: datetime) -> LicenceReading | None:
    # The reader brings half a gigabyte of models: only a worker that has a photograph to read loads it.
    from onboarding.licences.ocr import reader  # noqa: PLC0415

    jpeg = ports.get(Files).get(photo_key)
    try:
        return reader.read_licence(jpeg, today=business_date(now))
    except Exception:  # noqa: BLE001  whatever a picture does to the reader, it is a picture that cannot be read
        _log.exception("licence not readable", licence=licence)
        return None
