"""What is sold only in whole cartons or from so many on: refused in the cart or at the checkout, with what to do."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError
from onboarding.listings.models import Listing
from onboarding.listings.rules import Lot
from onboarding.listings.terms import set_terms, terms_as_they_are
from onboarding.offers.models import Offer
from storefront.cart.queries import cart_of
from storefront.orders.models import OrderLine
from tests.cast import NOW
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop


def sold_in(shop: Shop, lot: Lot, listing: Listing | None = None) -> None:
    """The factory says how many at once; its offers follow."""
    chosen = session().get_one(Listing, (listing or shop.listing).id)
    known = terms_as_they_are(chosen)
    told = {name: getattr(known, name) for name in known.__slots__} | {"direct": lot}
    set_terms(actor=shop.wei, listing=chosen.public_id, terms=type(known)(**told), now=NOW)


def refused(shop: Shop, quantity: int) -> tuple[str, dict[str, object]]:
    with pytest.raises(InvalidInputError) as error:
        shop.fill({shop.offers[0]: quantity})
    return error.value.fields["quantity"]


def test_a_minimum_is_asked_in_whole_cartons(shop: Shop) -> None:
    sold_in(shop, Lot(4, 3))
    assert refused(shop, 4) == ("field.quantity_below_minimum", {"minimum": 6})
    assert refused(shop, 7) == ("field.quantity_pack", {"pack": 3, "below": 6, "above": 9})
    payment = shop.order({shop.offers[0]: 9})
    assert shop.pay(payment) == "ok"
    assert session().scalars(select(OrderLine.pack_size)).all() == [3]


@pytest.mark.parametrize(("mix", "wanted"), [("listing", (2, 3)), ("factory", (1, 4))])
def test_a_mixed_lot_is_put_in_line_by_line_and_ordered_when_it_is_full(
    shop: Shop, mix: str, wanted: tuple[int, int]
) -> None:
    sold_in(shop, Lot(5, 1, mix))
    first, second = wanted
    cart = shop.fill({shop.offers[0]: first})
    with pytest.raises(DomainError, match=rf"cart\.lot_short\(title=羊绒围巾, more={second}, least=5\)"):
        shop.place(cart)
    assert shop.order({shop.offers[0]: first, shop.offers[1]: second})


def test_each_variant_by_itself_counts_for_itself(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 2, shop.offers[1]: 9})
    sold_in(shop, Lot(5))
    with pytest.raises(DomainError, match=r"cart\.lot_short\(title=羊绒围巾, more=3, least=5\)"):
        shop.place(cart)


def test_other_goods_of_the_factory_count_where_it_says_so(shop: Shop) -> None:
    other = shop.put_on_sale(shop.wei, stock=(10,))
    offer = session().scalars(select(Offer.public_id).where(Offer.listing_id == other.id)).one()
    for mix, counts in (("listing", False), ("factory", True)):
        sold_in(shop, Lot(5, 1, mix))
        cart = cart_of(shop.fill({shop.offers[0]: 1, offer: 4}))
        assert cart.can_be_ordered(NOW) == counts


def test_a_carton_that_grew_is_seen_before_the_order(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 4})
    sold_in(shop, Lot(1, 6))
    with pytest.raises(DomainError, match=r"cart\.pack\(title=羊绒围巾, pack=6\)"):
        shop.place(cart)


def test_the_cart_says_how_many_are_missing(app: Flask, shop: Shop) -> None:
    sold_in(shop, Lot(10, 1, "listing"))
    browser = browser_of(app, shop.buyer)
    shown = browser.post("/cart/lines", data={"offer": shop.offers[0], "quantity": "8"}, follow_redirects=True).text
    assert "这款各规格合起来再加 2 件，满 10 件起批。" in shown
    assert "各规格合计 10 件起" in browser.get(f"/goods/{shop.listing.public_id}", follow_redirects=True).text


def test_the_table_keeps_open_cartons_out_of_orders(shop: Shop) -> None:
    shop.bought({shop.offers[0]: 3})
    with pytest.raises(IntegrityError, match="ck_order_lines_whole_packs"), transaction():
        session().execute(update(OrderLine).values(pack_size=2))


@pytest.mark.parametrize(("column", "value"), [("pack_size", 0), ("pack_size", 1_001), ("mix", "all")])
def test_the_tables_refuse_lots_that_are_none(shop: Shop, column: str, value: object) -> None:
    with pytest.raises(IntegrityError, match=f"ck_offers_{column}"), transaction():
        session().execute(update(Offer).values({column: value}))
