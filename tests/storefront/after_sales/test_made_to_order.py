"""What was sold as made to order comes back for a reason alone: as was said at the sale, whatever is said now."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.money import Money
from onboarding.listings.models import Sku
from onboarding.offers.queries import sellable
from onboarding.terms.models import ShopTerms
from storefront.after_sales.operations import ask_refund
from storefront.after_sales.queries import factory_refunds
from storefront.after_sales.rules import WHY, WITHOUT_REASON, may_return_freely
from storefront.cart.queries import cart_of
from storefront.orders.models import OrderLine
from storefront.orders.operations import place
from storefront.shipments.operations import ship
from tests.cast import BO, NOW
from tests.storefront.after_sales.desk import ask, lines_of
from tests.storefront.conftest import browser_of
from tests.storefront.shop import HOME, Shop

PARCEL = {"carrier": "sf", "tracking": "SF1234567890123"}
SAID = "接单后定做，不能无理由退货"
ZH = {"Accept-Language": "zh"}


def says(shop: Shop, returns: str, *, to_order: bool = True) -> None:
    """What the factory promises from now on, and whether its goods are made to order."""
    with transaction():
        house = shop.wei.memberships[0].organisation_id
        terms = session().scalar(select(ShopTerms).where(ShopTerms.organisation_id == house))
        terms = terms or ShopTerms(organisation_id=house, lead_days=7, free_shipping=True, said_at=NOW)
        terms.returns = returns
        session().add(terms)
        session().execute(update(Sku).values(made_to_order=to_order))


def sent(shop: Shop) -> str:
    """An order on its way."""
    [order] = shop.bought({shop.offers[0]: 1})
    ship(actor=shop.wei, order=order, now=NOW, **PARCEL)
    return order


def frozen() -> list[bool]:
    session().rollback()
    return list(session().scalars(select(OrderLine.made_to_order).order_by(OrderLine.id)))


@pytest.mark.parametrize(
    ("returns", "to_order", "is_frozen"),
    [("made_to_order", True, True), ("made_to_order", False, False), ("seven_days", True, False)],
)
def test_it_is_frozen_when_it_is_and_its_maker_says_so(
    shop: Shop,
    returns: str,
    to_order: bool,  # noqa: FBT001  a case
    is_frozen: bool,  # noqa: FBT001
) -> None:
    says(shop, returns, to_order=to_order)
    sent(shop)
    assert frozen() == [is_frozen]


@pytest.mark.parametrize("why", sorted(WHY))
def test_what_was_sold_so_comes_back_for_a_reason_alone(shop: Shop, why: str) -> None:
    says(shop, "made_to_order")
    order = sent(shop)
    says(shop, "seven_days", to_order=False)
    if why in WITHOUT_REASON:
        with pytest.raises(DomainError, match=r"refund\.made_to_order"):
            ask(shop, order, why=why)
    else:
        assert ask(shop, order, why=why)


def test_what_was_sold_otherwise_comes_back_whatever_is_said_later(shop: Shop) -> None:
    order = sent(shop)
    says(shop, "made_to_order")
    assert ask(shop, order)
    assert [one.free_to_return for one in factory_refunds(shop.wei)] == [True]


def test_before_it_is_sent_one_may_ask(shop: Shop) -> None:
    says(shop, "made_to_order")
    [order] = shop.bought({shop.offers[0]: 1})
    assert ask(shop, order)
    assert [one.free_to_return for one in factory_refunds(shop.wei)] == [False]
    assert "下单时写明是定做的" in browser_of(shop.app, shop.wei).get(f"/factory/orders/{order}", headers=ZH).text


def test_goods_from_stock_in_the_same_parcel_come_back(shop: Shop) -> None:
    says(shop, "made_to_order")
    with transaction():
        session().execute(update(Sku).where(Sku.id == shop.skus[1]).values(made_to_order=False))
    [order] = shop.bought({shop.offers[0]: 1, shop.offers[1]: 1})
    ship(actor=shop.wei, order=order, now=NOW, **PARCEL)
    first, second = lines_of(shop, order)
    asked = {"actor": shop.buyer, "order": order, "why": "unwanted", "words": "", "now": NOW}
    with pytest.raises(DomainError, match=r"refund\.made_to_order"):
        ask_refund(pieces={first: 1, second: 1}, **asked)
    assert ask_refund(pieces={second: 1}, **asked)


def test_every_page_says_it_before_it_is_bought(shop: Shop, browser: FlaskClient) -> None:
    bo = shop.merchant(BO)
    [resold, _other] = shop.resell(bo, shop.listing)
    own, hers = f"/goods/{shop.listing.public_id}", page_of(resold)
    for returns, said in (("seven_days", False), ("made_to_order", True)):
        says(shop, returns)
        pages = [browser.get(url, headers=ZH, follow_redirects=True).text for url in (own, hers)]
        assert [SAID in page for page in pages] == [said, said]
        assert ["签收后 7 天可退" in page for page in pages] == [not said, not said]


def page_of(offer: str) -> str:
    [found] = sellable([offer])
    return found.page


def test_a_buyer_agrees_to_what_she_was_shown(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    seen = cart_of(cart)
    says(shop, "made_to_order")
    form = {"actor": shop.buyer, "cart": cart, "address": HOME, "form_token": seen.form_token, "now": NOW}
    total = Money(seen.total_fen)
    with pytest.raises(DomainError, match=r"order\.terms_changed"):
        place(total=total, to_order=seen.to_order, **form)
    assert place(total=total, to_order=cart_of(cart).to_order, **form)
    assert frozen() == [True]


def test_the_law_gives_back_what_was_not_made_to_order() -> None:
    assert may_return_freely(NOW, NOW, made_to_order=False)
    assert not may_return_freely(NOW, NOW, made_to_order=True)
