"""What a factory took off sale itself it puts on sale again: as it was seen, or before an operator once more."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Actor
from onboarding.certificates.models import Certificate
from onboarding.listings import operations, takedowns
from onboarding.listings.measures import hold, lift
from onboarding.listings.models import Listing, Sku, Takedown
from onboarding.listings.relisting import relist
from onboarding.listings.sharing import is_out_of_sight
from onboarding.offers.operations import let_go, set_price
from onboarding.offers.queries import offers_of_listing
from onboarding.pictures.queries import pictures_to_see
from tests.cast import NOW, TAN, WEI, YU
from tests.onboarding.listings.test_takedowns import certified, down, goods, state
from tests.onboarding.offers.resellers import Trade, offer_of, resale
from tests.onboarding.people import operator, post, waiting
from tests.support.goods import make_factory, make_listing, signed_in
from tests.support.pictures import jpeg, made


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


def off_and_on(wei: Actor, listing: str) -> str:
    operations.archive_listing(actor=wei, listing=listing, now=NOW)
    return relist(actor=wei, listing=listing, now=NOW).state


def test_goods_are_on_sale_again_at_once_and_it_is_written_down(wei: Actor) -> None:
    assert off_and_on(wei, listing := goods(wei)) == "published"
    assert [one.price_fen for one in offers_of_listing(listing)] == [12_800]
    audited = session().scalars(select(AuditRow).where(AuditRow.operation == "listing.relist")).one()
    assert f"listing:{listing}" in str(audited.changes)
    assert (waiting(SYSTEM, "listing"), "listing.relisted" in session().scalars(select(OutboxFact.kind))) == ([], True)


def test_only_goods_that_their_factory_took_off_come_back_so(wei: Actor) -> None:
    down(listing := goods(wei))
    for one in (listing, goods(wei), make_listing(wei, state="draft").public_id):
        with pytest.raises(DomainError, match=r"listing\.state"):
            relist(actor=wei, listing=one, now=NOW)
    operations.archive_listing(actor=wei, listing=listing, now=NOW)
    with pytest.raises(NotFoundError):
        relist(actor=make_factory(YU), listing=listing, now=NOW)


def test_what_waited_comes_back_neither_in_words_nor_in_price(wei: Actor) -> None:
    listing = goods(wei)
    with transaction():
        session().execute(update(Sku).values(vetted_price_fen=Sku.retail_price_fen))
    sku = session().scalars(select(Sku.public_id)).one()
    told = {"words": {"title": "羊毛围巾"}, "prices": {sku: 9_999_900}, "stock": {}}
    operations.edit_listing(actor=wei, listing=listing, now=NOW, **told)
    assert off_and_on(wei, listing) == "published"
    assert session().execute(select(Listing.title, Sku.retail_price_fen).join(Sku)).one() == ("羊绒围巾", 12_800)


def test_what_the_platform_took_down_is_looked_at_before_it_comes_back(wei: Actor) -> None:
    down(listing := goods(wei))
    assert off_and_on(wei, listing) == "submitted"
    assert session().scalars(select(Takedown.ending)).one() == "submitted"
    assert is_out_of_sight(session().scalars(select(Listing.id)).one())
    operations.publish_listing(actor=operator(TAN), listing=listing, now=NOW)
    assert off_and_on(wei, listing) == "published"


def test_a_complaint_borne_out_of_goods_off_sale_has_them_looked_at(wei: Actor) -> None:
    operations.archive_listing(actor=wei, listing=(listing := goods(wei)), now=NOW)
    takedowns.keep_down(actor=operator(TAN), listing=listing, told="图文不符", now=NOW)
    assert relist(actor=wei, listing=listing, now=NOW).state == "submitted"


def test_a_notice_keeps_them_off_until_it_ends(wei: Actor) -> None:
    operations.archive_listing(actor=wei, listing=(listing := goods(wei)), now=NOW)
    with transaction():
        hold(actor=operator(TAN), listings=[listing], cause="ntc_any", now=NOW)
    with pytest.raises(DomainError, match=r"listing\.under_notice"):
        relist(actor=wei, listing=listing, now=NOW)
    with transaction():
        lift(cause="ntc_any", now=NOW)
    assert (state(listing)[0], relist(actor=wei, listing=listing, now=NOW).state) == ("archived", "published")


@pytest.mark.parametrize("held", ["confirmed", "waiting", "missing"])
def test_a_certificate_decides_where_they_come_back(wei: Actor, held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = goods(wei)
    monkeypatch.setattr("onboarding.listings.certified.required_kinds", lambda *_: ["ccc"])
    certified(wei, *([] if held == "missing" else [listing]))
    if held == "waiting":
        operations.archive_listing(actor=wei, listing=listing, now=NOW)
        with transaction():
            session().execute(update(Certificate).values(state="waiting", decided_at=None))
        assert relist(actor=wei, listing=listing, now=NOW).state == "submitted"
    else:
        assert off_and_on(wei, listing) == {"confirmed": "published", "missing": "refused"}[held]


def test_words_that_are_forbidden_by_now_are_mended_first(wei: Actor) -> None:
    operations.archive_listing(actor=wei, listing=(listing := goods(wei)), now=NOW)
    with transaction():
        session().execute(update(Listing).values(title="全国第一的围巾"))
    assert relist(actor=wei, listing=listing, now=NOW).state == "refused"
    assert "自动检查没有通过" in state(listing)[1]
    mended = {"words": {"title": "围巾"}, "prices": {}, "stock": {}}
    operations.edit_listing(actor=wei, listing=listing, now=NOW, **mended)
    assert operations.submit_listing(actor=wei, listing=listing, now=NOW).state == "submitted"


def test_pictures_that_nobody_had_looked_at_wait_again(app: Flask, wei: Actor) -> None:
    made(app, wei, listing := goods(wei), jpeg(1))
    off_and_on(wei, listing)
    assert [case.subject for case in waiting(SYSTEM, "pictures")] == [listing]
    assert pictures_to_see(listing)


def test_merchants_sell_again_at_their_own_prices(app: Flask) -> None:
    trade = Trade()
    kept, gone = (fit(trade) for _ in range(2))
    picked = trade.pick_up(kept, gone)
    set_price(actor=trade.bo, offer=offer_of(kept), price_fen=9_900, now=NOW)
    for one in (kept, gone):
        operations.archive_listing(actor=trade.wei, listing=one.public_id, now=NOW)
    let_go(actor=trade.bo, pick_up=picked[1], now=NOW)
    for one in (kept, gone):
        relist(actor=trade.wei, listing=one.public_id, now=NOW)
    assert [resale(one) for one in (kept, gone)] == [[(9_900, 5_000, "on", "")], [(6_500, 5_000, "off", "")]]


def fit(trade: Trade) -> Listing:
    """Goods that lack nothing."""
    found = trade.goods()
    with transaction():
        values = {"category": "服饰针织/围巾披肩", "attributes": {"材质": "羊绒"}}
        session().execute(update(Listing).where(Listing.id == found.id).values(**values))
    return found


def test_one_tap_takes_them_off_and_one_puts_them_back(app: Flask, wei: Actor) -> None:
    browser, page = signed_in(app, wei), f"/factory/listings/{goods(wei)}"
    assert post(browser, f"{page}/archiving", page=page).status_code == 303
    assert all(words in browser.get(page).text for words in ("随时可以重新上架", "不用再审核", "商家跟着恢复售卖"))
    assert post(browser, f"{page}/relisting", page=page).status_code == 303
    assert "已重新上架，买家又能买了" in browser.get(page).text
    assert post(browser, f"{page}/relisting", page=page).status_code == 422
