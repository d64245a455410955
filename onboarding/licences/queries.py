"""What can be asked of licences: by those who may edit the organisation; others decide above with what they know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from onboarding.accounts.models import Organisation
from onboarding.licences import pictures
from onboarding.licences.models import Licence
from onboarding.licences.rules import READ

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from kernel.files import Files
    from kernel.permissions import Actor

_EDIT = Permission.SELLER_PAPERS_EDIT


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field as read: dates as ISO text, confidence 0 to 1, the size in px of a crop of it to compare with, if any."""

    value: str
    confidence: float
    crop: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """A licence photograph and what it says; `fields` by name, empty until it is read."""

    id: int
    licence: str
    state: str
    is_licence: bool
    fields: Mapping[str, FieldLine]
    warnings: tuple[str, ...]
    uploaded_at: datetime


def newest_licence(organisation_id: int) -> LicenceLine | None:
    """The photograph that an organisation sent last."""
    mine = select(Licence).where(Licence.organisation_id == organisation_id)
    found = session().scalar(mine.order_by(Licence.id.desc()).limit(1))
    return None if found is None else line_of(found)


def line_of(found: Licence) -> LicenceLine:
    """A licence with its fields."""
    read = found.reading.get("fields", {})
    fields = {name: FieldLine(one["value"], one["confidence"], crop_size(one)) for name, one in read.items()}
    return LicenceLine(
        id=found.id,
        licence=found.public_id,
        state=found.state,
        is_licence=bool(found.reading.get("is_licence")),
        fields=fields,
        warnings=tuple(found.reading.get("warnings", ())),
        uploaded_at=found.uploaded_at,
    )


def crop_size(read: Mapping[str, Any]) -> tuple[int, int] | None:
    """Width and height in px of the crop of a field as its reading is kept; None when there is no crop."""
    return pictures.crop_size(read["box"]) if read["box"] else None


def licence_for(actor: Actor, licence: str, *, lock: bool = False) -> Licence:
    """A licence (public id) of an organisation that the actor may edit; NotFoundError for everybody else."""
    may_edit: Callable[[int], bool] = lambda owner: actor.may(_EDIT, organisation_id=owner)  # noqa: E731
    return licence_if(licence, may_edit, lock=lock)


def licence_if(licence: str, allowed: Callable[[int], bool], *, lock: bool = False) -> Licence:
    """A licence whose organisation (id) passes a check of the caller, who knows of regions and belts; NotFoundError."""
    query = select(Licence).where(Licence.public_id == licence)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None or not allowed(found.organisation_id):
        raise NotFoundError
    return found


def organisation_for(actor: Actor, organisation: str) -> int:
    """The id of an organisation (public id) that the actor may edit; NotFoundError."""
    found = session().scalar(select(Organisation.id).where(Organisation.public_id == organisation))
    if found is None or not actor.may(_EDIT, organisation_id=found):
        raise NotFoundError
    return found


def photo_of(found: Licence, *, files: Files) -> bytes:
    """The photograph as JPEG, upright once it is known how it has to be turned."""
    return pictures.upright(files.get(found.photo_key), found.reading.get("turned", 0))


def crop_of(found: Licence, field: str, *, files: Files) -> bytes:
    """The part of the photograph in which a field was read, as JPEG; NotFoundError when there is none."""
    box = found.reading.get("fields", {}).get(field, {}).get("box")
    if found.state != READ or box is None:
        raise NotFoundError
    return pictures.crop(files.get(found.photo_key), found.reading["turned"], box)
