"""Where the money of every invented factory and merchant goes; the numbers are as invented as they are."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from commission.payees.operations import give_account
from commission.payees.queries import registered, with_account
from commission.payees.rules import BANKS, OTHER, Details
from storefront.demo.days import Calendar, Event
from storefront.demo.factories import FACTORIES
from storefront.demo.merchants import MERCHANTS
from storefront.demo.people import Person, acting

if TYPE_CHECKING:
    from datetime import datetime

_BANKS = tuple(bank for bank in BANKS if bank != OTHER)
_SOON: Final = timedelta(hours=1)  # the first factory may apply late in the evening: when the demo was loaded


def purses(calendar: Calendar) -> list[Event]:
    """Everybody fills in an account on the day of joining, or the next one; it does nothing when it was done before."""
    joined = [(one.owner, one.joined) for one in (*FACTORIES, *MERCHANTS)]
    return [
        Event(max(calendar.at(day, 17.6), calendar.began + _SOON), partial(_fill_in, owner, place))
        for place, (owner, day) in enumerate(joined)
    ]


def _fill_in(owner: Person, place: int, *, now: datetime) -> None:
    actor = acting(owner)
    party = actor.memberships[0].organisation
    if with_account([party]):
        return
    bank, number = _BANKS[place % len(_BANKS)], f"10{place:04d}{7_204_618_355 + 7_919 * place:010d}"
    details = Details(personal=False, holder=registered(party).name, bank=bank, number=number)
    give_account(party=party, details=details, consent=True, actor=actor, now=now)
