"""While a factory rests nothing of it is sold, here or behind a merchant's shop; what was paid for goes on."""

from datetime import timedelta

import pytest

from kernel import notify
from kernel.clock import business_date, start_of
from kernel.errors import DomainError
from onboarding.closings.operations import reopen, rest
from onboarding.offers.tasks import tell_merchants_reopened, tell_merchants_rests
from storefront.cart.operations import change_line
from storefront.cart.queries import cart_of
from storefront.search.queries import cards
from storefront.shipments.operations import ship
from tests.cast import NOW
from tests.storefront.shop import Shop

DAY = business_date(NOW) + timedelta(days=3)


def close(shop: Shop) -> None:
    rest(actor=shop.wei, organisation=shop.wei.memberships[0].organisation, until=DAY, words="放假", now=NOW)


def test_nothing_of_it_is_placed_until_the_very_moment(shop: Shop) -> None:
    bo = shop.merchant()
    resold = shop.resell(bo, shop.listing)[0]
    for offer in (shop.offers[0], resold):
        cart = shop.fill({offer: 1})
        close(shop)
        for moment in (NOW, start_of(DAY) - timedelta(microseconds=1)):
            with pytest.raises(DomainError, match=r"cart\.rests") as refused:
                shop.place(cart, now=moment)
            assert refused.value.params["day"] == DAY.isoformat()
        assert not cart_of(cart).can_be_ordered(NOW)
        shop.place(cart, now=start_of(DAY))
        reopen(actor=shop.wei, organisation=shop.wei.memberships[0].organisation, now=NOW)


def test_opened_by_hand_it_sells_at_once(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    close(shop)
    reopen(actor=shop.wei, organisation=shop.wei.memberships[0].organisation, now=NOW)
    assert cart_of(cart).can_be_ordered(NOW)
    shop.place(cart)


def test_a_cart_takes_nothing_in_and_lets_go(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 2})
    close(shop)
    with pytest.raises(DomainError, match=r"cart\.rests"):
        shop.fill({shop.offers[1]: 1})
    with pytest.raises(DomainError, match=r"cart\.rests"):
        change_line(cart=cart, offer=shop.offers[0], quantity=1, actor=shop.buyer, now=NOW)


def test_what_was_paid_for_is_shipped(shop: Shop) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    close(shop)
    ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)


def test_it_is_found_and_marked(shop: Shop) -> None:
    close(shop)
    card = cards([shop.listing.public_id])[shop.listing.public_id]
    assert card.reopens_at == start_of(DAY)


def test_merchants_are_told_when_it_rests_and_opens_early(shop: Shop) -> None:
    bo = shop.merchant()
    shop.resell(bo, shop.listing)
    home = shop.wei.memberships[0].organisation
    for task, said in ((tell_merchants_rests, DAY.isoformat()), (tell_merchants_reopened, "提前恢复营业")):
        task({"organisation": home, "until": DAY.isoformat()}, ports=shop.ports, now=NOW)
        assert said in notify.latest()[0].text
