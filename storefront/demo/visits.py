"""Who was visited in the demo, and who asks for it; the pictures are drawn, no place of such a look is meant."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from kernel.clock import business_date
from kernel.files import Files
from onboarding.tiers.operations import ask_visit, record_inspection
from onboarding.tiers.queries import inspections_of, known_of, open_request
from onboarding.tiers.rules import FINDINGS, Seen, may_ask, profile_mark
from onboarding.verification.queries import told_by
from storefront.demo.days import Calendar, Event, Stage
from storefront.demo.factories import FACTORIES
from storefront.demo.people import DAN, HAI, HUA, Person, acting

if TYPE_CHECKING:
    from datetime import datetime

_SU: Final = next(one.owner for one in FACTORIES if one.belt == "dehua-porcelain")
_SIZE: Final = (960, 720)
_SKY, _WALL, _ROOF, _DOOR, _GROUND = "#dfe8ee", "#c9c2b6", "#8d8478", "#5f6b73", "#b7b09f"


def visits(calendar: Calendar, stage: Stage) -> list[Event]:
    """Two factories are visited, a third asks for it; each does nothing when it was done before."""
    return [
        Event(calendar.at(60, 16), partial(_visit, HAI, "两条缝制线在开，面料仓和成品仓分开。", stage)),
        Event(calendar.at(72, 11), partial(_visit, _SU, "窑在烧，釉料间有通风，成品按单码放。", stage)),
        Event(calendar.at(88, 10), partial(_ask, DAN)),
    ]


def _visit(owner: Person, words: str, stage: Stage, *, now: datetime) -> None:
    home = acting(owner).memberships[0]
    if inspections_of(home.organisation_id):
        return
    files = stage.ports.get(Files)
    keys = tuple(files.put(_picture(doors)) for doors in (1, 3))
    found = dict.fromkeys(FINDINGS, True)
    profile = profile_mark(told_by(home.organisation_id))
    seen = Seen(visited_on=business_date(now), found=found, note=words, pictures=keys, profile=profile)
    record_inspection(actor=acting(HUA), organisation=home.organisation, seen=seen, now=now)


def _ask(owner: Person, *, now: datetime) -> None:
    home = acting(owner).memberships[0].organisation_id
    if open_request(home) is None and may_ask(known_of(home, now=now), now):
        ask_visit(actor=acting(owner), now=now)


def _picture(doors: int) -> bytes:
    """A hall with some doors, as a JPEG."""
    picture = Image.new("RGB", _SIZE, _SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 560, 960, 720), fill=_GROUND)
    pen.rectangle((120, 280, 840, 600), fill=_WALL)
    pen.polygon(((90, 290), (300, 180), (480, 280), (660, 180), (870, 290)), fill=_ROOF)
    for door in range(doors):
        left = 180 + door * 210
        pen.rectangle((left, 420, left + 130, 600), fill=_DOOR)
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()
