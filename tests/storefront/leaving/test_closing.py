"""Who closes her shop sells nothing from that moment, and is closed once nothing is open; till then she may stay."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from commission.settlement.tasks import settle_due
from kernel import notify
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import Actor, Role
from kernel.work import drain
from onboarding.accounts.models import MembershipRow, Organisation
from onboarding.accounts.queries import actor_of
from onboarding.departures.queries import leaving_of
from onboarding.licences.models import Licence
from onboarding.moderation.operations import close_factory, suspend_factory
from onboarding.offers.queries import sellable
from onboarding.verification.models import Application
from onboarding.verification.operations import begin
from onboarding.verification.queries import application_of
from storefront.after_sales.rules import ASK_WITHIN
from storefront.after_sales.unfinished import open_matters
from storefront.cart.queries import cart_of
from storefront.jobs import PLAN
from storefront.leaving.operations import close_shop, stay, throw_away
from storefront.leaving.queries import going
from storefront.leaving.tasks import close_due
from storefront.orders.models import Order
from storefront.orders.operations import receive
from storefront.orders.queries import checkout_of, is_stopped
from storefront.orders.tasks import complete_all
from storefront.search.queries import cards_of_factory, newest_cards
from storefront.search.tasks import ensure_index
from storefront.shipments.operations import ship
from tests.attacks.town import staff
from tests.cast import NOW, TAN, YU
from tests.storefront.leaving.conftest import Proof, home
from tests.storefront.shop import Shop
from tests.support.goods import make_factory
from tests.support.licences import read_licence_of

Leave = Callable[[Actor], None]
OVER = NOW + timedelta(days=32)


def keys(actor: Actor, now: datetime) -> set[str]:
    session().rollback()
    return {one.key for one in open_matters(actor.memberships[0].organisation_id, home(actor), now=now)}


def state(actor: Actor) -> str:
    session().rollback()
    found = application_of(actor.memberships[0].organisation_id)
    return found.state if found else ""


def standing(actor: Actor) -> str:
    session().rollback()
    found = leaving_of(actor.memberships[0].organisation_id)
    return found.state if found else ""


def test_nothing_of_it_is_sold_by_itself_or_by_merchants(shop: Shop, resale: list[str], leave: Leave) -> None:
    own = shop.offers
    cart = shop.fill({own[0]: 1})
    seen = cart_of(cart)
    leave(shop.wei)
    assert sellable([*own, *resale]) == []
    assert cards_of_factory(home(shop.wei), limit=9) == newest_cards(limit=9) == []
    with pytest.raises(DomainError):
        shop.place(cart, form_token=seen.form_token)
    stay(actor=shop.wei, organisation=home(shop.wei), now=NOW)
    assert {offer.offer for offer in sellable([*own, *resale])} == {*own, *resale}


def test_a_merchant_who_leaves_sells_nothing_and_her_factory_goes_on(
    shop: Shop, bo: Actor, resale: list[str], leave: Leave
) -> None:
    leave(bo)
    assert {offer.offer for offer in sellable([*shop.offers, *resale])} == set(shop.offers)
    close_due({}, ports=shop.ports, now=OVER)
    assert standing(bo) == "closed"
    assert state(shop.wei) == "approved"


def test_its_page_says_so_and_its_goods_are_gone(shop: Shop, leave: Leave, client: FlaskClient) -> None:
    slug = session().scalars(select(Organisation.slug).where(Organisation.kind == "factory")).one()
    ensure_index({}, ports=shop.ports, now=NOW)
    assert "本店将关闭" not in client.get(f"/f/{slug}").text
    leave(shop.wei)
    shown = client.get(f"/f/{slug}")
    assert "本店将关闭，最早2026年4月2日" in shown.text
    assert client.get(f"/goods/{shop.listing.public_id}", follow_redirects=True).status_code == 404
    assert shop.listing.public_id not in client.get("/factory-goods?q=羊绒围巾").text
    assert client.get(f"/f/{slug}/licence").status_code == 200
    close_due({}, ports=shop.ports, now=OVER)
    assert client.get(f"/f/{slug}").status_code == 404


def test_what_was_bought_goes_on_to_the_payout(shop: Shop, leave: Leave) -> None:
    payment = shop.order({shop.offers[0]: 1})
    leave(shop.wei)
    assert not is_stopped(checkout_of(shop.buyer, payment).orders)
    shop.pay(payment)
    [order] = shop.orders(payment)
    assert keys(shop.wei, NOW) == {"orders", "held"}
    ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)
    receive(actor=shop.buyer, order=order, now=NOW)
    close_due({}, ports=shop.ports, now=OVER)
    assert standing(shop.wei) == "announced"
    complete_all(day=business_date(OVER), now=OVER)
    assert session().scalars(select(Order.state)).one() == "completed"
    settle_due({}, ports=shop.ports, now=OVER)
    assert keys(shop.wei, OVER) == {"window", "payable"}
    late = NOW + ASK_WITHIN + timedelta(days=1)
    assert keys(shop.wei, late) == {"payable"}
    close_due({}, ports=shop.ports, now=late)
    assert (standing(shop.wei), state(shop.wei)) == ("announced", "approved")


def test_it_is_closed_when_the_notice_is_over_and_nothing_is_open(shop: Shop, leave: Leave) -> None:
    leave(shop.wei)
    close_due({}, ports=shop.ports, now=NOW + timedelta(days=30))
    assert (standing(shop.wei), state(shop.wei)) == ("announced", "approved")
    for _twice in range(2):
        close_due({}, ports=shop.ports, now=OVER)
        assert (standing(shop.wei), state(shop.wei)) == ("closed", "closed")
    assert "已关店" in notify.latest()[0].text
    with pytest.raises(DomainError, match=r"departure\.state"):
        stay(actor=shop.wei, organisation=home(shop.wei), now=OVER)


def test_who_is_suspended_does_not_slip_back(shop: Shop, leave: Leave) -> None:
    leave(shop.wei)
    suspend_factory(actor=staff(TAN, Role.OPERATOR), organisation=home(shop.wei), reason="执照被吊销", now=NOW)
    stay(actor=shop.wei, organisation=home(shop.wei), now=NOW)
    assert state(shop.wei) == "suspended"
    assert sellable(shop.offers) == []
    leave(shop.wei)
    close_due({}, ports=shop.ports, now=OVER)
    assert state(shop.wei) == "closed"


def test_what_an_operator_closed_meanwhile_is_closed(shop: Shop, leave: Leave) -> None:
    leave(shop.wei)
    said = {"actor": staff(TAN, Role.OPERATOR), "organisation": home(shop.wei), "reason": "执照被吊销", "now": NOW}
    suspend_factory(**said)
    close_factory(**said)
    close_due({}, ports=shop.ports, now=OVER)
    assert (standing(shop.wei), state(shop.wei)) == ("closed", "closed")


def test_merchants_and_owners_are_told(shop: Shop, bo: Actor, resale: list[str], leave: Leave) -> None:
    leave(shop.wei)
    drain(PLAN, ports=shop.ports)
    texts = [one.text for one in notify.latest()]
    assert any("准备关店，您店里它的商品" in text for text in texts)
    assert any("开始关店公示" in text and "2026-04-02" in text for text in texts)
    stay(actor=shop.wei, organisation=home(shop.wei), now=NOW)
    drain(PLAN, ports=shop.ports)
    assert any("不关店了" in one.text for one in notify.latest())


def test_it_asks_for_the_name_and_a_proof_and_only_of_its_owner(shop: Shop, proof: Proof) -> None:
    sid, mine = proof(shop.wei), shop.wei.memberships[0]
    said = {"organisation": mine.organisation, "now": NOW}
    with pytest.raises(InvalidInputError):
        close_shop(actor=shop.wei, sid=sid, name=f"{mine.name}了", **said)
    with pytest.raises(DomainError, match=r"proof\.needed"):
        close_shop(actor=shop.wei, sid="another", name=mine.name, **said)
    yu = make_factory(YU)
    with pytest.raises(NotFoundError):
        close_shop(actor=yu, sid=proof(yu), name=mine.name, **said)
    close_shop(actor=shop.wei, sid=sid, name=f" {mine.name}", **said)
    with pytest.raises(DomainError, match=r"departure\.announced"):
        close_shop(actor=shop.wei, sid=sid, name=mine.name, **said)


def test_a_draft_has_nothing_to_close(shop: Shop, proof: Proof) -> None:
    yu = make_factory(YU, state="submitted")
    with pytest.raises(DomainError, match=r"departure\.not_trading"):
        close_shop(actor=yu, sid=proof(yu), organisation=home(yu), name=yu.memberships[0].name, now=NOW)


def test_operators_see_who_leaves_from_their_own_desk(shop: Shop, bo: Actor, leave: Leave) -> None:
    leave(shop.wei)
    leave(bo)
    assert {one.organisation for one in going(staff(TAN, Role.OPERATOR))} == {home(shop.wei), home(bo)}


def test_a_draft_is_thrown_away_at_once_and_nothing_else_is(app: Flask, shop: Shop) -> None:
    yu = make_factory(YU)
    with pytest.raises(DomainError, match=r"factory\.handed_in"):
        throw_away(actor=yu, organisation=home(yu), now=NOW)
    with pytest.raises(NotFoundError):
        throw_away(actor=shop.wei, organisation=home(yu), now=NOW)
    house = yu.memberships[0].organisation_id
    with transaction():
        session().execute(delete(Application).where(Application.organisation_id == house))
        session().execute(delete(MembershipRow).where(MembershipRow.organisation_id == house))
    begin(actor=actor_of(yu.user), now=NOW)
    yu = actor_of(yu.user)
    licence = read_licence_of(app, yu)
    key = session().scalars(select(Licence.photo_key).where(Licence.public_id == licence)).one()
    assert throw_away(actor=yu, organisation=home(yu), now=NOW) == [key]
    session().rollback()
    assert session().scalars(select(Licence.id)).all() == []
    assert application_of(yu.memberships[0].organisation_id) is None
    assert actor_of(yu.user).memberships == ()
