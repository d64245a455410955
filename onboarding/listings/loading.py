"""Loads whole catalogues: some hundred goods in one transaction, on sale as those who run the channel vouch for them.

The same lines a second time change nothing, so a load that was killed is run again and goes on. Goods that are loaded
are not asked for certificates, nor are their words looked at: whoever loads them has done so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kernel.audit import note, operation
from kernel.errors import DomainError, InvalidInputError
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import lazy
from onboarding.belts.queries import all_belts
from onboarding.listings.facts import ListingsLoaded
from onboarding.listings.known import known_pairs
from onboarding.listings.rules import LISTING
from onboarding.listings.shelving import Difference, bring_up_to_date, check_prices, differences, make
from onboarding.verification.vouching import houses_named, vouch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kernel.errors import Param
    from kernel.permissions import Actor
    from onboarding.belts.models import Belt
    from onboarding.listings.catalogue import Goods
    from onboarding.listings.known import KnownListing
    from onboarding.listings.plan import PlannedListing

AT_ONCE: Final = 1_000
"""Lines in one transaction: a page that writes meanwhile waits no longer than these take."""
UNNAMED: Final = lazy("{belt}联营工厂")
"""The factory of goods whose line names none: one for each belt."""
_ON_SALE: Final = "published"


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands in where lines say nothing: a belt (slug), the factory, and the markup on a mere trade price."""

    belt: str
    factory: str = ""
    markup_bp: int = 0


class Refused(NamedTuple):
    """Why a line, or a field of it, was not taken."""

    line: int
    field: str
    code: str
    params: dict[str, Param]


class Line(NamedTuple):
    """Goods of a line, their factory (id), and the listing that they become."""

    goods: Goods
    house: int
    planned: PlannedListing


@dataclass
class Outcome:
    """What became of some lines: how many goods were made, changed and left, and what of them was refused.

    `touched` are the ids of all listings that the lines were about.
    """

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)

    def refuse(self, line: int, why: DomainError, place: str = "line") -> None:
        """Take note of a refusal, field by field if it says so."""
        told = why.fields if isinstance(why, InvalidInputError) else {place: (why.code, dict(why.params))}
        self.refused += [Refused(line, name, code, dict(params)) for name, (code, params) in told.items()]


class Seen:
    """Which listings (ids) earlier lines were about: one bit each, so that a million take no room."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def __contains__(self, listing: int) -> bool:
        place, bit = divmod(listing, 8)
        return place < len(self._bits) and bool(self._bits[place] >> bit & 1)

    def add(self, listings: Sequence[int]) -> None:
        """Remember listings."""
        if listings:
            self._bits.extend(bytes(max(max(listings) // 8 + 1 - len(self._bits), 0)))
        for listing in listings:
            self._bits[listing // 8] |= 1 << listing % 8


@operation("listing.load")
def load_goods(*, actor: Actor, some: Sequence[Goods], terms: Terms, seen: Seen, source: str, now: datetime) -> Outcome:
    """Put the goods of some lines on sale, or bring those that are up to date; `source` is a word for the whole load.

    Factories that nobody knows yet are made with them, approved. `seen` are goods of lines before: those are refused.
    """
    actor.require(Permission.OPS_CASES_DECIDE)
    outcome = Outcome()
    lines = _lines(some, terms, outcome, actor=actor, now=now)
    known = known_pairs(list(lines))
    new = [line for key, line in lines.items() if key not in known]
    differing = _differing(lines, known, seen, outcome)
    made = make([(line.house, line.planned) for line in new], source=source, now=now)
    kept = bring_up_to_date(differing, source=source, now=now)
    for one in kept:
        outcome.refuse(lines[one.house, one.known.code].goods.line, one.why, "stock")
    outcome.made, outcome.changed = len(made), len(differing)
    outcome.touched += [listing for listing, _public in made]
    counts = {"made": outcome.made, "changed": outcome.changed, "refused": len(outcome.refused)}
    note(f"load:{source}", after=counts | {"lines": [one.line for one in (*some[:1], *some[-1:])]})
    if made or differing:
        shown = (*(public for _listing, public in made), *(one.known.public_id for one in differing))
        publish(ListingsLoaded(shown), actor=actor, now=now)
    return outcome


def _lines(
    some: Sequence[Goods], terms: Terms, outcome: Outcome, *, actor: Actor, now: datetime
) -> dict[tuple[int, str], Line]:
    """What can be taken, by factory and code."""
    placed = _placed(some, terms, outcome)
    wanted = {name: belt.id for _goods, belt, name in reversed(placed)}  # of two belts the first line's
    houses = houses_named(list(wanted))
    if missing := {name: belt for name, belt in wanted.items() if name not in houses}:
        houses |= vouch(actor=actor, factories=missing, now=now)
    lines: dict[tuple[int, str], Line] = {}
    for goods, belt, name in placed:
        house = houses[name]
        try:
            planned = goods.planned(markup_bp=terms.markup_bp, category=belt.category)
        except DomainError as why:
            outcome.refuse(goods.line, why)
            continue
        if not house.trades:
            outcome.refuse(goods.line, DomainError("line.house", factory=name), "factory")
        elif (house.id, planned.code) in lines:
            outcome.refuse(goods.line, DomainError("line.repeated", goods=planned.code), "code")
        else:
            lines[house.id, planned.code] = Line(goods, house.id, planned)
    return lines


def _placed(some: Sequence[Goods], terms: Terms, outcome: Outcome) -> list[tuple[Goods, Belt, str]]:
    """Each line with its belt and the name of its factory; a belt that there is none of is refused."""
    belts = {name: belt for belt in all_belts() for name in (belt.slug, belt.name_zh)}
    placed = []
    for goods in some:
        belt = belts.get(goods.belt or terms.belt)
        if belt is None:
            outcome.refuse(goods.line, DomainError("line.belt", belt=goods.belt), "belt")
        else:
            named = goods.factory or terms.factory or UNNAMED.format(belt=belt.name_zh)
            placed.append((goods, belt, named))
    return placed


def _differing(
    lines: dict[tuple[int, str], Line], known: dict[tuple[int, str], KnownListing], seen: Seen, outcome: Outcome
) -> list[Difference]:
    """What lines change about goods that stand; those that are not on sale stay as they are."""
    found = []
    for key, listing in known.items():
        line = lines[key]
        why = _refusal(line, listing, seen)
        if why is not None:
            outcome.refuse(line.goods.line, why, "code")
            continue
        outcome.touched.append(listing.id)
        one = differences(line.house, listing, line.planned, line.goods.told)
        if one is None:
            outcome.unchanged += 1
        else:
            found.append(one)
    return found


def _refusal(line: Line, known: KnownListing, seen: Seen) -> DomainError | None:
    told: dict[str, Any] = {"goods": known.code}
    if known.id in seen:
        return DomainError("line.repeated", **told)
    if known.state != _ON_SALE:
        return DomainError("line.state", state=lazy(LISTING.labels[known.state]), **told)
    if "skus" not in line.goods.told and len(known.skus) > 1:
        return DomainError("line.variants", **told)
    try:
        check_prices(known, line.planned, line.goods.told)
    except DomainError as why:
        return why
    return None
