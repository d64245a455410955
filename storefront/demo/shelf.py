"""What shoppers find and put in their carts: known sellers more often, and at each a few bestsellers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from kernel.db import session
from onboarding.listings.models import Listing
from onboarding.listings.queries import listing_rows
from onboarding.offers.models import PickUp
from onboarding.offers.queries import offers_of_listing
from storefront.demo.factories import FACTORIES
from storefront.demo.merchants import MERCHANTS
from storefront.demo.people import acting, of_phone

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from kernel.permissions import Actor, Membership
    from onboarding.offers.queries import SellableOffer
    from storefront.demo.days import Calendar
    from storefront.demo.trade import Purchase

_LINES: Final = ((1, 2, 3), (70, 22, 8))
_PIECES: Final = ((1, 2, 3, 6), (64, 22, 10, 4))
_MANY: Final = (5, 10, 20)
_CHEAP_FEN: Final = 2_500
_SAME_SHOP: Final = 0.6
_BESTSELLERS: Final = 1.8  # the power by which the first goods of a list are bought more than the last
_MOST: Final = 200
_PATIENCE: Final = 10_000  # so often one looks in vain only where nothing is to be had


class Shelf:
    """The goods on sale, seller by seller, as far as the demo has come."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._made: dict[str, list[str]] = {}
        self._owners: dict[str, Actor] = {}

    def choose(self, purchase: Purchase, *, now: datetime) -> list[tuple[str, int]]:
        """One to three offers (public ids) and how many pieces of each, mostly from one seller."""
        dice = purchase.dice
        lines: dict[str, int] = {}
        shop = purchase.shop or self._factory(dice, now)
        wanted, looks = dice.choices(*_LINES)[0], 0
        while looks < wanted or not lines:
            looks += 1
            if looks > _PATIENCE:
                raise LookupError(shop)
            offer = self._offer(shop, dice)
            if offer is not None:
                lines[offer.offer] = min(_pieces(offer, dice), offer.left)
            shop = shop if purchase.shop or dice.random() < _SAME_SHOP else self._factory(dice, now)
        return list(lines.items())

    def owner_of(self, organisation: str) -> Actor:
        """Who acts for a factory or a merchant (public id)."""
        if organisation not in self._owners:
            owners = [acting(one.owner) for one in (*FACTORIES, *MERCHANTS)]
            self._owners = {one.organisation: owner for owner in owners for one in owner.memberships}
        return self._owners[organisation]

    def _factory(self, dice: Random, now: datetime) -> str:
        """The phone of a factory that has opened; a great one comes up more often."""
        found = [one for one in FACTORIES if one.sheet and self._calendar.at(one.joined + 1, 0) <= now]
        return dice.choices(found, [one.weight for one in found])[0].owner.phone

    def _offer(self, shop: str, dice: Random) -> SellableOffer | None:
        """Something of a seller that is to be had; nothing when what was looked at has sold out."""
        seller = of_phone(shop).memberships[0]
        goods = self._picked(seller.organisation_id) if seller.kind == "merchant" else self._goods(shop, seller)
        listing = goods[int(len(goods) * dice.random() ** _BESTSELLERS)]
        hers = [one for one in offers_of_listing(listing) if one.left and one.seller == seller.organisation]
        return dice.choice(hers) if hers else None

    def _goods(self, shop: str, seller: Membership) -> list[str]:
        """A factory's published goods (public ids) by code; they are the same from its opening on."""
        if shop not in self._made:
            rows = listing_rows(seller.organisation_id, state="published", limit=_MOST)
            self._made[shop] = [row.listing for row in sorted(rows, key=lambda row: row.code)]
        return self._made[shop]

    def _picked(self, merchant: int) -> list[str]:
        """What a merchant has picked up so far (public ids of the listings), in the order in which she did."""
        hers = (PickUp.organisation_id == merchant) & (PickUp.state == "on")
        query = select(Listing.public_id).join(PickUp, PickUp.listing_id == Listing.id).where(hers)
        return list(session().scalars(query.order_by(PickUp.id)))


def _pieces(offer: SellableOffer, dice: Random) -> int:
    return dice.choice(_MANY) if offer.price_fen < _CHEAP_FEN else dice.choices(*_PIECES)[0]
