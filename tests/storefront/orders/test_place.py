"""Placing: the server counts, stock is held, the same form is the same order."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.money import Money
from kernel.permissions import Actor
from onboarding.listings.models import Listing
from onboarding.listings.stock import holding
from onboarding.offers.models import Offer
from onboarding.offers.queries import offers_of_listing
from storefront.cart.operations import add_line, change_line
from storefront.cart.queries import cart_of
from storefront.orders.models import Order, OrderGroup, OrderLine
from storefront.orders.operations import place
from storefront.orders.queries import checkout_of
from storefront.orders.rules import pieces_by_sku
from tests.cast import NOW, yuan
from tests.storefront.shop import HOME, Shop
from tests.support.crowd import crowd
from tests.support.goods import stock_of


def count(model: type) -> int:
    session().rollback()
    return session().scalars(select(func.count()).select_from(model)).one()


def test_an_order_remembers_what_was_shown(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 2, shop.offers[1]: 1})
    found = checkout_of(shop.buyer, payment)
    [order] = found.orders
    assert (found.payment.amount, order.total_fen) == (Money(yuan("384.00")), yuan("384.00"))
    assert [(line.title, line.quantity, line.unit_price_fen) for line in order.lines] == [
        ("羊绒围巾", 2, 12_800),
        ("羊绒围巾", 1, 12_800),
    ]
    assert [stock_of(sku) for sku in shop.skus] == [(10, 2), (10, 1)]


def test_the_same_form_twice_is_one_order_and_one_page(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    token = cart_of(cart).form_token
    first = shop.place(cart)
    found = cart_of(cart)
    again = place(actor=shop.buyer, cart=cart, address=HOME, form_token=token, total=Money(found.total_fen), now=NOW)
    assert (first, count(OrderGroup)) == (again, 1)


def test_many_clicks_at_once_are_one_order(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    found = cart_of(cart)

    def click() -> str:
        return place(
            actor=shop.buyer,
            cart=cart,
            address=HOME,
            form_token=found.form_token,
            total=Money(found.total_fen),
            now=NOW,
        )

    assert len(set(crowd(shop.app, [click] * 8))) == 1
    assert (count(OrderGroup), count(Order), count(OrderLine)) == (1, 1, 1)
    assert stock_of(shop.skus[0]) == (10, 1)


def test_a_stranger_with_the_form_token_gets_nothing(shop: Shop, yu: Actor) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    token = cart_of(cart).form_token
    shop.place(cart)
    with pytest.raises(DomainError, match=r"order\.cart_changed"):
        shop.place(cart, buyer=yu, form_token=token)


def test_a_page_opened_before_the_cart_changed_orders_nothing(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    old = cart_of(cart).form_token
    change_line(cart=cart, offer=shop.offers[0], quantity=2, actor=shop.buyer, now=NOW)
    with pytest.raises(DomainError, match=r"order\.cart_changed"):
        shop.place(cart, form_token=old)
    assert count(OrderGroup) == 0


@pytest.mark.parametrize("seen", [1, 12_799, 12_801])
def test_a_total_other_than_the_servers_is_asked_again(shop: Shop, seen: int) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    token = cart_of(cart).form_token
    with pytest.raises(DomainError, match=r"order\.total_changed"):
        place(actor=shop.buyer, cart=cart, address=HOME, form_token=token, total=Money(seen), now=NOW)
    assert stock_of(shop.skus[0]) == (10, 0)


def test_a_price_that_changed_between_the_steps_is_asked_again(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    seen = cart_of(cart)
    with transaction():
        offer = session().scalars(select(Offer).where(Offer.public_id == shop.offers[0])).one()
        offer.price_fen = 13_800
    with pytest.raises(DomainError, match=r"order\.total_changed"):
        place(
            actor=shop.buyer,
            cart=cart,
            address=HOME,
            form_token=seen.form_token,
            total=Money(seen.total_fen),
            now=NOW,
        )
    [line] = cart_of(cart).lines
    assert line.price_changed


def test_goods_taken_down_between_the_steps_are_not_sold(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    with transaction():
        session().get_one(Listing, shop.listing.id).state = "archived"
    with pytest.raises(DomainError, match=r"order\.not_for_sale"):
        shop.place(cart)


def test_two_lines_of_one_sku_are_summed_before_the_check(shop: Shop) -> None:
    cart = cart_of(shop.fill({shop.offers[0]: 4}))
    [line] = cart.lines
    twice = replace(cart, lines=(line, replace(line, quantity=5)))
    assert pieces_by_sku(twice) == {shop.skus[0]: 9}


def test_the_last_piece_in_two_carts_goes_to_one(shop: Shop, yu: Actor) -> None:
    last = shop.put_on_sale(shop.wei, stock=(1,))
    [(offer, sku)] = [(found.offer, found.sku_id) for found in offers_of_listing(last.public_id)]
    mine, hers = shop.fill({offer: 1}), shop.fill({offer: 1}, yu)

    def buy(cart: str, buyer: Actor) -> str:
        try:
            return shop.place(cart, buyer=buyer)
        except DomainError as refusal:
            return refusal.code

    results = crowd(shop.app, [lambda: buy(mine, shop.buyer), lambda: buy(hers, yu)])
    assert len([result for result in results if result.startswith("pay_")]) == 1
    assert {"order.not_for_sale", "stock.short"} & set(results)
    assert stock_of(sku) == (1, 1)


def test_an_order_that_cannot_be_held_leaves_nothing_behind(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 9, shop.offers[1]: 9})
    other = add_line(cart="", offer=shop.offers[1], quantity=9, actor=shop.buyer, now=NOW)
    shop.place(other)
    with pytest.raises(DomainError):
        shop.place(cart)
    assert count(OrderGroup) == 1
    assert stock_of(shop.skus[0]) == (10, 0)
    assert len(cart_of(cart).lines) == 2


def test_the_address_is_ciphertext_on_disk(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 1})
    group = checkout_of(shop.buyer, payment).group
    assert holding(group.public_id) == "held"
    stored = session().execute(text("select address from order_groups")).scalar_one()
    assert "林晓" not in stored
    assert "文三路" not in stored
    assert "13800138001" not in stored
    assert "林晓" in group.address
