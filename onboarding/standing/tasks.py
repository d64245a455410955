"""What the worker does for factories that stand: open the checks that are due, draw the licence that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.files import Files
from kernel.permissions import SYSTEM
from onboarding.licences.queries import photo_of
from onboarding.standing.operations import open_due_checks, show_licence
from onboarding.standing.pictures import marked
from onboarding.standing.queries import licence_to_show

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports


def open_due(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Open what is due by now; a second run finds nothing left."""
    open_due_checks(actor=SYSTEM, now=now)


def draw_licence(payload: dict[str, Any], *, ports: Ports, now: datetime, channel: str) -> None:
    """Draw the marked copy of the licence of `{"organisation": public id}`; the same again is the same file."""
    organisation: str = payload["organisation"]
    found = licence_to_show(organisation)
    if found is None:
        return
    files, licence = ports.get(Files), found.id
    try:
        jpeg = photo_of(found, files=files)
    except NotFoundError:  # a photo from before photos were kept
        return
    session().rollback()
    key = files.put(marked(jpeg, channel=channel))
    show_licence(actor=SYSTEM, organisation=organisation, licence=licence, picture_key=key, now=now)
