"""What shoppers find and put in their carts: known factories more often, and in each a few bestsellers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from onboarding.listings.queries import listing_rows
from onboarding.offers.queries import offers_of_listing
from storefront.demo.factories import FACTORIES, Factory
from storefront.demo.people import acting

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from kernel.permissions import Actor
    from onboarding.offers.queries import SellableOffer
    from storefront.demo.days import Calendar

Line = tuple[str, int]
"""An offer (public id) and how many pieces of it."""

_LINES: Final = ((1, 2, 3), (70, 22, 8))
_PIECES: Final = ((1, 2, 3, 6), (64, 22, 10, 4))
_MANY: Final = (5, 10, 20)
_CHEAP_FEN: Final = 2_500
_SAME_SHOP: Final = 0.6
_BESTSELLERS: Final = 1.8  # the power by which the first goods of a list are bought more than the last
_MOST: Final = 200


class Shelf:
    """The goods on sale, factory by factory, as far as the demo has come."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._goods: dict[str, list[str]] = {}
        self._owners: dict[str, Actor] = {}

    def choose(self, dice: Random, *, now: datetime) -> list[Line]:
        """One to three lines, mostly from one factory; things of a few yuan are taken by the dozen."""
        lines: dict[str, int] = {}
        factory = self._factory(dice, now)
        for _ in range(dice.choices(*_LINES)[0]):
            offer = self._offer(factory, dice)
            if offer is not None:
                lines[offer.offer] = min(self._pieces(offer, dice), offer.left)
            factory = factory if dice.random() < _SAME_SHOP else self._factory(dice, now)
        return list(lines.items())

    def owner_of(self, organisation: str) -> Actor:
        """Who ships for a factory (public id)."""
        if organisation not in self._owners:
            owners = [acting(factory.owner) for factory in FACTORIES]
            self._owners = {one.organisation: owner for owner in owners for one in owner.memberships}
        return self._owners[organisation]

    def _factory(self, dice: Random, now: datetime) -> Factory:
        open_ones = [factory for factory in FACTORIES if self._codes(factory, now)]
        return dice.choices(open_ones, [factory.weight for factory in open_ones])[0]

    def _codes(self, factory: Factory, now: datetime) -> list[str]:
        """The published goods (public ids) of a factory that has opened, in the order of its codes."""
        if factory.name not in self._goods:
            if not factory.sheet or self._calendar.at(factory.joined + 1, 0) > now:
                return []
            owner = acting(factory.owner).memberships[0].organisation_id
            rows = sorted(listing_rows(owner, state="published", limit=_MOST), key=lambda row: row.code)
            if not rows:
                return []
            self._goods[factory.name] = [row.listing for row in rows]
        return self._goods[factory.name]

    def _offer(self, factory: Factory, dice: Random) -> SellableOffer | None:
        goods = self._goods[factory.name]
        listing = goods[int(len(goods) * dice.random() ** _BESTSELLERS)]
        left = [offer for offer in offers_of_listing(listing) if offer.left]
        return dice.choice(left) if left else None

    def _pieces(self, offer: SellableOffer, dice: Random) -> int:
        return dice.choice(_MANY) if offer.price_fen < _CHEAP_FEN else dice.choices(*_PIECES)[0]
