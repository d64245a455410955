"""What can be done with licences: hand in a photograph, keep what was read in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from kernel.audit import note, operation
from kernel.db import session
from kernel.ids import public_id
from kernel.outbox import publish
from onboarding.licences.facts import LicenceRead, LicenceUploaded
from onboarding.licences.models import Licence
from onboarding.licences.queries import licence_for, organisation_for
from onboarding.licences.rules import READ, UNREADABLE, WAITING

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.licences.ocr.reading import LicenceReading


@operation("licence.upload")
def upload_licence(*, actor: Actor, organisation: str, photo_key: str, now: datetime) -> Licence:
    """Take note of a photograph of an organisation's (public id) licence; the worker reads it."""
    licence = Licence(
        public_id=public_id("lic"),
        organisation_id=organisation_for(actor, organisation),
        photo_key=photo_key,
        state=WAITING,
        reading={},
        uploaded_at=now,
        read_at=None,
    )
    session().add(licence)
    session().flush()
    note(f"licence:{licence.public_id}", after={"organisation": organisation, "photo_key": photo_key})
    publish(LicenceUploaded(licence.public_id), actor=actor, now=now)
    return licence


@operation("licence.throw_away")
def throw_away(*, actor: Actor, organisation: str, now: datetime) -> list[str]:  # noqa: ARG001  audited
    """Forget every photograph of a factory that never handed in; the keys of the files that nobody else's row names."""
    home = organisation_for(actor, organisation)
    gone = session().scalars(delete(Licence).where(Licence.organisation_id == home).returning(Licence.photo_key)).all()
    kept = set(session().scalars(select(Licence.photo_key).where(Licence.photo_key.in_(gone))))
    note(f"organisation:{organisation}", after={"licences": "thrown away"})
    return sorted(set(gone) - kept)


@operation("licence.read")
def record_reading(*, actor: Actor, licence: str, reading: LicenceReading | None, now: datetime) -> None:
    """Keep what a waiting photograph says, None when nothing can be read; a second reading of it changes nothing."""
    found = licence_for(actor, licence, lock=True)
    if found.state != WAITING:
        return
    found.state, found.read_at = (UNREADABLE if reading is None else READ), now
    found.reading = {} if reading is None else stored(reading)
    session().flush()
    told = {"state": found.state} | ({} if reading is None else {"is_licence": reading.is_licence})
    note(f"licence:{licence}", before={"state": WAITING}, after=told)
    publish(LicenceRead(licence), actor=actor, now=now)


def stored(reading: LicenceReading) -> dict[str, Any]:
    """A reading as the row keeps it: the public values, and where each stands."""
    fields = {
        name: {"value": one.value, "confidence": one.confidence, "box": None if one.box is None else list(one.box)}
        for name, one in reading.fields.items()
    }
    warnings = list(reading.warnings)
    return {"is_licence": reading.is_licence, "fields": fields, "warnings": warnings, "turned": reading.turned}
