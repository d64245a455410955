"""The cart: what goes in, what is refused, what changed since."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer
from onboarding.offers.queries import offers_of_listing
from storefront.cart.models import CartRow
from storefront.cart.operations import add_line, change_line, remove_line
from storefront.cart.queries import cart_of, pieces_in
from storefront.cart.rules import MOST_PIECES, LineState
from storefront.catalogue.asked import MOST
from tests.cast import FANG, NOW, YU
from tests.storefront.shop import Shop, make_person
from tests.support.goods import make_factory

WRONG = ["0", "-1", "1000000000", "10000", "1.5", "１２", "٣", "NaN", "1e3", "+1", "0x1", "", " ", "1 2", "one"]


def set_offer(offer: str, **values: object) -> None:
    with transaction():
        found = session().scalars(select(Offer).where(Offer.public_id == offer)).one()
        for name, value in values.items():
            setattr(found, name, value)


@pytest.mark.parametrize("quantity", WRONG)
def test_a_wrong_quantity_is_refused_beside_its_field(browser: FlaskClient, shop: Shop, quantity: str) -> None:
    answer = browser.post("/cart/lines", data={"offer": shop.offers[0], "quantity": quantity})
    assert (answer.status_code, answer.location) == (303, offers_of_listing(shop.listing.public_id)[0].page)
    page = browser.get(answer.location, follow_redirects=True).text
    assert "数量请填 1 到 9999 之间的整数。</output>" in page
    assert session().scalars(select(func.count()).select_from(CartRow)).one() == 0


@pytest.mark.parametrize("quantity", ["1", "10"])
def test_a_plain_quantity_goes_in(browser: FlaskClient, shop: Shop, quantity: str) -> None:
    answer = browser.post("/cart/lines", data={"offer": shop.offers[0], "quantity": quantity})
    assert (answer.status_code, answer.location) == (303, "/cart")
    assert "羊绒围巾" in browser.get("/cart").text


def test_hidden_prices_have_no_place_in_the_form(browser: FlaskClient, shop: Shop) -> None:
    line = {"offer": shop.offers[0], "quantity": "1", "price_fen": "1"}
    assert browser.post("/cart/lines", data=line).status_code == 422


def test_the_same_offer_again_is_more_of_it(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 2})
    assert add_line(cart=cart, offer=shop.offers[0], quantity=3, actor=shop.buyer, now=NOW) == cart
    [line] = cart_of(cart).lines
    assert (line.quantity, line.amount_fen, pieces_in(cart)) == (5, 64_000, 5)


def test_more_than_there_are_is_refused_with_what_is_left(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 8})
    with pytest.raises(InvalidInputError) as refusal:
        add_line(cart=cart, offer=shop.offers[0], quantity=3, actor=shop.buyer, now=NOW)
    assert refusal.value.fields == {"quantity": ("field.quantity_above_rest", {"left": 10, "held": 8, "more": 2})}


def test_a_number_above_stock_leads_back_to_the_goods_with_what_was_typed(browser: FlaskClient, shop: Shop) -> None:
    second = offers_of_listing(shop.listing.public_id)[1]
    answer = browser.post("/cart/lines", data={"offer": second.offer, "quantity": "9998"})
    assert (answer.status_code, answer.location) == (303, second.page)
    first = browser.get(offers_of_listing(shop.listing.public_id)[0].page, follow_redirects=True).text
    assert 'value="9998"' not in first  # it tells of the goods that were refused, and once
    browser.post("/cart/lines", data={"offer": second.offer, "quantity": "9998"})
    page = " ".join(browser.get(answer.location, follow_redirects=True).text.split())
    assert f"只剩 {second.left} 件了，请填 {second.left} 或更少。</output>" in page
    assert f'value="9998" min="1" max="{second.left}"' in page
    assert 'aria-describedby="sum" aria-invalid="true" autofocus' in page
    assert f'name="offer" value="{second.offer}"' in page
    assert 'value="9998"' not in browser.get(answer.location, follow_redirects=True).text


@pytest.mark.parametrize("offer", ["off_\0", "\0", "x" * 9_999])
def test_a_wrong_number_of_no_offer_shows_the_cart(browser: FlaskClient, offer: str) -> None:
    assert browser.post("/cart/lines", data={"offer": offer, "quantity": "x"}).status_code == 422


def test_the_field_of_goods_takes_as_many_as_a_cart() -> None:
    assert MOST == MOST_PIECES


def test_fewer_than_the_minimum_are_refused(shop: Shop) -> None:
    set_offer(shop.offers[0], min_quantity=3)
    with pytest.raises(InvalidInputError) as refusal:
        shop.fill({shop.offers[0]: 2})
    assert refusal.value.fields == {"quantity": ("field.quantity_below_minimum", {"minimum": 3})}


def test_every_change_makes_a_new_form_token(shop: Shop) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    tokens = [cart_of(cart).form_token]
    change_line(cart=cart, offer=shop.offers[0], quantity=2, actor=shop.buyer, now=NOW)
    tokens.append(cart_of(cart).form_token)
    remove_line(cart=cart, offer=shop.offers[0], actor=shop.buyer, now=NOW)
    tokens.append(cart_of(cart).form_token)
    assert len(set(tokens)) == 3
    assert cart_of(cart).lines == ()


def test_goods_taken_down_stay_in_sight_but_cannot_be_ordered(browser: FlaskClient, shop: Shop) -> None:
    browser.post("/cart/lines", data={"offer": shop.offers[0], "quantity": "1"})
    with transaction():
        session().get_one(Listing, shop.listing.id).state = "archived"
    shown = browser.get("/cart").text
    assert "已经买不到的" in shown
    assert "有 1 款买不到了，没有算进合计。" in shown
    assert "去结算" not in shown
    assert browser.get("/checkout").location == "/cart"
    with pytest.raises(DomainError, match=r"cart\.gone"):
        shop.fill({shop.offers[0]: 1})


def with_dead(browser: FlaskClient, shop: Shop) -> tuple[str, str]:
    """A cart with goods off sale and others; the offers of both, the dead one first."""
    dead = shop.put_on_sale(make_factory(YU))
    offers = (offers_of_listing(dead.public_id)[0].offer, shop.offers[0])
    for offer in offers:
        browser.post("/cart/lines", data={"offer": offer, "quantity": "1"})
    with transaction():
        session().get_one(Listing, dead.id).state = "archived"
    return offers


def test_one_button_takes_out_what_is_dead_and_goes_on(browser: FlaskClient, shop: Shop) -> None:
    dead, _living = with_dead(browser, shop)
    shown = browser.get("/cart").text
    assert all(words in shown for words in ("有 1 款买不到了，没有算进合计。移除后结算剩下的。", "移除并去结算"))
    assert f'name="offers" value="{dead}"' in shown
    assert 'action="/cart/lines/removals" data-leaves' in " ".join(shown.split())  # to another page: nothing to swap
    answer = browser.post("/cart/lines/removals", data={"offers": dead})
    assert (answer.status_code, answer.location) == (303, "/checkout")
    shown = browser.get("/checkout").text
    assert all(words in shown for words in ("买不到的 1 款移除了。", "¥128.00"))


def test_what_is_sold_out_is_dead_and_counts_for_nothing(browser: FlaskClient, shop: Shop) -> None:
    for offer in shop.offers:
        browser.post("/cart/lines", data={"offer": offer, "quantity": "1"})
    shop.order({shop.offers[1]: 10}, buyer=make_person(FANG))
    with browser.session_transaction() as kept:
        found = cart_of(kept["cart"])
    assert ([line.offer_id for line in found.dead], found.living.total_fen) == ([shop.offers[1]], 12_800)
    assert browser.post("/cart/lines/removals", data={"offers": shop.offers[1]}).location == "/checkout"


def test_nothing_else_is_taken_out_with_it(browser: FlaskClient, shop: Shop) -> None:
    dead, living = with_dead(browser, shop)
    with browser.session_transaction() as kept:
        cart = kept["cart"]
    assert browser.post("/cart/lines/removals", data={"offers": living}).location == "/cart"  # she was told of others
    assert [line.offer_id for line in cart_of(cart).lines] == [dead, living]
    assert shop.app.test_client().post("/cart/lines/removals", data={"offers": dead}).status_code == 404
    assert [line.offer_id for line in cart_of(cart).lines] == [dead, living]


def test_a_changed_price_is_said(browser: FlaskClient, shop: Shop) -> None:
    browser.post("/cart/lines", data={"offer": shop.offers[0], "quantity": "1"})
    set_offer(shop.offers[0], price_fen=13_800)
    shown = browser.get("/cart").text
    assert "放进来时 ¥128.00，现在 ¥138.00" in shown


def test_stock_that_ran_low_is_said(browser: FlaskClient, shop: Shop) -> None:
    browser.post("/cart/lines", data={"offer": shop.offers[0], "quantity": "8"})
    shop.order({shop.offers[0]: 5})
    assert "只剩 5 件，请改数量" in browser.get("/cart").text


def test_a_visitor_needs_no_account_and_keeps_the_cart_after_signing_in(shop: Shop) -> None:
    visitor = shop.app.test_client()
    visitor.post("/cart/lines", data={"offer": shop.offers[0], "quantity": "2"})
    with visitor.session_transaction() as kept:
        token = kept["cart"]
    assert cart_of(token).lines[0].state is LineState.FINE
    assert visitor.get("/checkout").location == "/sign-in?next=/checkout"


def test_nobody_elses_cart_is_reached(browser: FlaskClient, shop: Shop) -> None:
    shop.fill({shop.offers[0]: 1})
    assert browser.post(f"/cart/lines/{shop.offers[0]}", data={"quantity": "2"}).status_code == 404
    assert browser.post(f"/cart/lines/{shop.offers[0]}/removal").status_code == 404


def test_lines_are_grouped_by_seller(shop: Shop) -> None:
    found = cart_of(shop.fill(dict.fromkeys(shop.offers, 1)))
    [group] = found.groups
    assert (group.seller_name, len(group.lines), group.goods_fen) == ("魏国强羊绒厂", 2, found.total_fen)
