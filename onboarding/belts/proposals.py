"""Which belts a factory may belong to, judged by what its licence says; the owner takes one with a tap, or another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.text import lazy
from kernel.wording import Words
from onboarding.belts.divisions import Place, is_town, place_in, place_of
from onboarding.belts.trades import category_in, main, trades_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kernel.text import Message
    from onboarding.belts.models import Belt
    from onboarding.belts.trades import Spoken

MOST: Final = 3
_TOWN, _COUNTY, _CITY, _PROVINCE = 70, 60, 30, 10
_MOST_OF_TRADE: Final = 9  # so that two words more never weigh more than the place
_REGION: Final = slice(2, 8)  # of a credit code

_ADDRESS = lazy("地址在%(place)s")
_SAME_CITY = lazy("同在%(place)s")
_SAME_PROVINCE = lazy("同在%(place)s")
_CODE = lazy("信用代码是%(place)s发的")
_NAME = lazy("名称里有“%(word)s”")
_SCOPE = lazy("经营范围有“%(word)s”")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A belt, and why it is proposed in a few words for the owner."""

    belt: Belt
    reasons: tuple[Words, ...]


def propose(*, address: str, name: str, scope: str, uscc: str, belts: Sequence[Belt]) -> list[Proposal]:
    """The belts that fit, best first, at most three; empty when none does.

    A belt fits when the factory lies in its city or province and its trade is a main one, and in its county when the
    trade is spoken of at all or nothing is known of any trade.
    """
    place = place_in(address, region=uscc[_REGION])
    told = _ADDRESS if place else _CODE
    place = place or place_of(uscc[_REGION])
    if place is None:
        return []
    spoken = trades_in(name, scope)
    weighed = [(_weight(belt, place, address, spoken), belt) for belt in belts]
    fitting = sorted(((weight, belt) for weight, belt in weighed if weight), key=lambda pair: (-pair[0], pair[1].slug))
    return [Proposal(belt, _reasons(belt, place, address, spoken, told)) for _weighs, belt in fitting[:MOST]]


def propose_category(*, name: str, scope: str) -> str:
    """The category of goods, one of the belts file, that a company speaks of; empty when none."""
    return category_in(name, scope)


def _weight(belt: Belt, place: Place, address: str, spoken: dict[str, Spoken]) -> int:
    near = _nearness(belt, place, address)
    trade = (spoken if near >= _COUNTY else main(spoken)).get(belt.trade)
    if trade is None:
        return near if near >= _COUNTY and not spoken else 0
    return near + min(trade.weight, _MOST_OF_TRADE) if near else 0


def _nearness(belt: Belt, place: Place, address: str) -> int:
    if place.province != belt.province:
        return 0
    if place.city != belt.city:
        return _PROVINCE
    if place.county == belt.county:
        return _COUNTY
    # 中山 has no counties: its belt names a town, which addresses name as well.
    return _TOWN if is_town(belt.county) and belt.county in address else _CITY


def _reasons(belt: Belt, place: Place, address: str, spoken: dict[str, Spoken], told: Message) -> tuple[Words, ...]:
    near = _nearness(belt, place, address)
    where = {_TOWN: belt.county, _COUNTY: belt.county, _CITY: belt.city, _PROVINCE: belt.province}[near]
    text = told if near >= _COUNTY or told is _CODE else _SAME_CITY if near == _CITY else _SAME_PROVINCE
    reasons = [Words(text, {"place": where})]
    if trade := spoken.get(belt.trade):
        reasons += [Words(_NAME, {"word": trade.in_name[0]})] if trade.in_name else []
        reasons += [Words(_SCOPE, {"word": trade.in_scope[0]})] if trade.in_scope else []
    return tuple(reasons)
