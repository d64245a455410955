"""Goods that a notice keeps down: no rewriting, no certificate and no operator bring them back before it ends."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import Actor
from onboarding.listings import lapses, takedowns
from onboarding.listings.measures import hold
from onboarding.listings.models import Listing, Takedown
from onboarding.listings.operations import edit_listing, publish_listing, submit_listing
from onboarding.moderation.operations import approve_case
from onboarding.notices.operations import withdraw
from onboarding.offers.models import Offer
from tests.cast import BO, HUA, NOW
from tests.onboarding.notices.rights import in_force, on_sale, texts
from tests.onboarding.people import operator, waiting
from tests.support.goods import make_merchant, make_resale, signed_in

OPERATORS = {"reason_code": "words", "told": "标题会让人误解", "internal": ""}


@pytest.fixture
def scarf(scarf: Listing) -> Listing:
    """Goods on sale that fit for handing in again."""
    with transaction():
        values = {"category": "服饰针织/围巾披肩", "attributes": {"材质": "羊绒"}}
        session().execute(update(Listing).where(Listing.id == scarf.id).values(**values))
    return scarf


def state(listing: Listing) -> tuple[str, str]:
    session().rollback()
    found = session().get_one(Listing, listing.id, populate_existing=True)
    return found.state, found.reason


def test_a_notice_takes_goods_down_like_an_operator(lin: Actor, tan: Actor, scarf: Listing) -> None:
    make_resale(make_merchant(BO), scarf)
    notice = in_force(lin, tan, scarf)
    copies = select(Offer.state, Offer.held_reason).where(Offer.listing_id == scarf.id, Offer.kind == "resale")
    assert state(scarf) == ("taken_down", "知识产权通知")
    assert {tuple(row) for row in session().execute(copies)} == {("held", "taken_down")}
    withdraw(actor=lin, notice=notice, now=NOW)
    session().rollback()
    assert "taken_down" not in {row.held_reason for row in session().execute(copies)}


def test_a_seller_rewrites_hidden_goods_in_vain(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    in_force(lin, tan, scarf)
    edit_listing(actor=wei, listing=scarf.public_id, words={"title": "纯色羊绒围巾"}, prices={}, stock={}, now=NOW)
    with pytest.raises(DomainError, match=r"listing\.under_notice"):
        submit_listing(actor=wei, listing=scarf.public_id, now=NOW)
    assert state(scarf)[0] == "taken_down"


def test_goods_before_an_operator_are_not_published_while_a_notice_stands(
    lin: Actor, tan: Actor, scarf: Listing
) -> None:
    in_force(lin, tan, scarf)
    with transaction():
        session().execute(update(Listing).where(Listing.id == scarf.id).values(state="submitted", reason=""))
    with pytest.raises(DomainError, match=r"listing\.under_notice"):
        publish_listing(actor=tan, listing=scarf.public_id, now=NOW)


def test_a_confirmed_certificate_brings_nothing_back_that_a_notice_hides(
    lin: Actor, tan: Actor, scarf: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = in_force(lin, tan, scarf)
    monkeypatch.setattr(lapses, "_needing", lambda _certificate, wanted: _in_state(scarf, wanted))
    lapses.restore(actor=operator(HUA), certificate="cer_any", now=NOW)
    assert state(scarf)[0] == "taken_down"
    lapsed(scarf)  # as goods were hidden before they had a state of their own
    lapses.restore(actor=operator(HUA), certificate="cer_any", now=NOW)
    assert state(scarf)[0] == "lapsed"
    withdraw(actor=lin, notice=notice, now=NOW)
    assert on_sale(scarf)


def lapsed(listing: Listing) -> None:
    with transaction():
        session().execute(update(Listing).where(Listing.id == listing.id).values(state="lapsed", reason=""))


def _in_state(listing: Listing, wanted: str) -> list[Listing]:
    return list(session().scalars(select(Listing).where(Listing.id == listing.id, Listing.state == wanted)))


@pytest.mark.parametrize("first", ["notice", "operator"])
def test_goods_hidden_by_two_causes_come_back_when_both_are_gone(
    lin: Actor, tan: Actor, scarf: Listing, first: str
) -> None:
    notice = in_force(lin, tan, scarf)
    takedowns.take_down(actor=tan, listing=scarf.public_id, **OPERATORS, now=NOW)
    assert state(scarf) == ("taken_down", "标题会让人误解")
    ends = [
        lambda: withdraw(actor=lin, notice=notice, now=NOW),
        lambda: takedowns.restore(actor=tan, listing=scarf.public_id, note="", now=NOW),
    ]
    one, other = ends if first == "notice" else reversed(ends)
    one()
    assert state(scarf) == ("taken_down", "标题会让人误解" if first == "notice" else "知识产权通知")
    other()
    assert on_sale(scarf)


def test_an_appeal_that_is_granted_ends_the_operators_cause_alone(
    lin: Actor, tan: Actor, wei: Actor, scarf: Listing
) -> None:
    takedowns.take_down(actor=operator(HUA), listing=scarf.public_id, **OPERATORS, now=NOW)
    held_too(lin, tan, scarf)
    takedowns.appeal(actor=wei, listing=scarf.public_id, words="标题没有说错", now=NOW)
    approve_case(actor=tan, case=waiting(tan, "takedown")[0].public_id, now=NOW)
    assert session().scalars(select(Takedown.ending)).one() == "granted"
    assert state(scarf) == ("taken_down", "知识产权通知")
    assert any("还因知识产权通知停售" in text for _number, text in texts())


def held_too(holder: Actor, tan: Actor, listing: Listing) -> None:
    """A notice against goods that an operator has taken down meanwhile."""
    with transaction():
        hold(actor=tan, listings=[listing.public_id], cause="ntc_any", now=NOW)


def test_her_page_says_that_a_notice_keeps_goods_down_and_what_to_do(
    app: Flask, lin: Actor, tan: Actor, wei: Actor, scarf: Listing
) -> None:
    in_force(lin, tan, scarf)
    shown = signed_in(app, replace(wei, roles=frozenset())).get(f"/factory/listings/{scarf.public_id}").text
    assert ("收到知识产权通知" in shown, 'href="/factory/notices"' in shown, "觉得不对" in shown) == (True, True, False)


def test_an_operator_can_take_down_besides_and_not_put_back(app: Flask, lin: Actor, tan: Actor, scarf: Listing) -> None:
    in_force(lin, tan, scarf)
    place = f"/ops/goods/{scarf.public_id}"
    shown = signed_in(app, tan).get(place).text
    assert ("因知识产权通知停售" in shown, f"{place}/takedown" in shown, f"{place}/restoration" in shown) == (
        True,
        True,
        False,
    )
    takedowns.take_down(actor=tan, listing=scarf.public_id, **OPERATORS, now=NOW)
    shown = signed_in(app, tan).get(place).text
    assert (f"{place}/takedown" in shown, f"{place}/restoration" in shown) == (False, True)
    done = signed_in(app, tan).post(f"{place}/restoration", data={"note": ""}, follow_redirects=True)
    assert "知识产权通知还没结束" in done.text


def test_what_is_down_for_both_causes_is_not_taken_down_a_third_time(lin: Actor, tan: Actor, scarf: Listing) -> None:
    in_force(lin, tan, scarf)
    for _time in range(2):
        again = takedowns.take_down_sharing(actor=tan, listing=scarf.public_id, by="factory", **OPERATORS, now=NOW)
    assert again.skipped[scarf.public_id].code == "listing.state"
