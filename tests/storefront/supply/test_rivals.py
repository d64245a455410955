"""A factory changes goods while a merchant's shopper orders them: one waits for the other, nobody in a circle."""

from time import sleep

import pytest

from kernel.db import transaction
from kernel.errors import DomainError
from kernel.permissions import Actor
from onboarding.listings.operations import edit_listing, set_supply
from onboarding.offers.operations import pick_up
from onboarding.offers.queries import offers_of_listing
from tests.cast import NOW
from tests.storefront.shop import Shop
from tests.support.crowd import crowd
from tests.support.goods import make_listing
from tests.support.merchants import admit


@pytest.fixture
def goods(shop: Shop, bo: Actor) -> tuple[str, str]:
    """A scarf that Bo picked up at 60.00 a piece: listing and SKU, by public id."""
    listing = make_listing(shop.wei, supply_fen=6_000)
    admit(shop.wei, bo)
    pick_up(actor=bo, listings=[listing.public_id], markup_bp=5_000, now=NOW)
    return listing.public_id, listing.skus[0].public_id


def change(factory: Actor, listing: str, sku: str) -> str:
    """Count the stock anew, then change the supply price, all in one transaction, slowly."""
    with transaction():
        edit_listing(actor=factory, listing=listing, words={}, prices={}, stock={sku: 9}, now=NOW)
        sleep(0.3)
        set_supply(actor=factory, listing=listing, drop_ship_price_fen=8_000, open_to_merchants=True, now=NOW)
    return "changed"


def test_ordering_and_changing_goods_at_once_end_both(shop: Shop, goods: tuple[str, str]) -> None:
    [offer] = offers_of_listing(goods[0])
    cart = shop.fill({offer.offer: 1})

    def buy() -> str:
        sleep(0.1)
        try:
            return shop.place(cart)
        except DomainError as refusal:
            return refusal.code

    changed, bought = crowd(shop.app, [lambda: change(shop.wei, *goods), buy])
    assert changed == "changed"
    assert bought == "order.total_changed" or bought.startswith("pay_")
