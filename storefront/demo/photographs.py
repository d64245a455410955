"""Photographs of some goods of the demo, drawn like the rest: on show, one made by AI, one that waits."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kernel.files import Files
from onboarding.listings.queries import listing_rows
from onboarding.pictures.intake import take_in
from onboarding.pictures.operations import show_waiting
from onboarding.pictures.queries import pictures_of
from storefront.demo.days import Calendar, Event, Stage
from storefront.demo.people import TAN, WEI, acting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

PICTURES: Final = Path(__file__).parents[1] / "data" / "pictures"
_DAY: Final = 6
_SHOWN: Final = {"QH2601": ("1", "2"), "QH2604": ("1", "2"), "QH2605": ("1",)}
_WAITING: Final = {"QH2605": ("2",)}
_BY_AI: Final = {("QH2604", "2")}


def photographs(calendar: Calendar, stage: Stage) -> list[Event]:
    """Wei hands in pictures of goods on sale, an operator looks at them, later Wei adds one; each once."""
    return [
        Event(calendar.at(_DAY, 15), partial(_hand_in, _SHOWN, stage, shown=True)),
        Event(calendar.at(88, 15), partial(_hand_in, _WAITING, stage, shown=False)),
    ]


def _hand_in(wanted: Mapping[str, Sequence[str]], stage: Stage, *, shown: bool, now: datetime) -> None:
    owner = acting(WEI)
    rows = {row.code: row for row in listing_rows(owner.memberships[0].organisation_id, limit=200)}
    for code, numbers in wanted.items():
        held = len(pictures_of(rows[code].listing_id))
        before = 0 if shown else len(_SHOWN[code])
        for number in numbers[max(0, held - before) :]:
            data, by_ai = (PICTURES / f"{code}_{number}.webp").read_bytes(), (code, number) in _BY_AI
            taken: dict[str, Any] = {"actor": owner, "listing": rows[code].listing, "files": stage.ports.get(Files)}
            take_in(data, filename="", by_ai=by_ai, **taken, now=now)
    stage.work_at(now)
    for code in wanted if shown else ():
        if any(one.state == "shown" for one in pictures_of(rows[code].listing_id)):
            continue  # a load that was interrupted later on: what waits by now goes on waiting
        show_waiting(actor=acting(TAN), listing=rows[code].listing, now=now)
