"""A price sheet is no way around the rules of edits: what the form holds back of goods on sale, a sheet holds, too."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import edits, operations
from onboarding.listings.changes import waiting_edit
from onboarding.listings.decisions import apply_edit
from onboarding.listings.models import Listing, ListingEdit, Sku
from onboarding.moderation.models import Case
from tests.cast import NOW
from tests.onboarding.listings.test_difference import handed_in
from tests.onboarding.listings.test_import import bring_in, listing
from tests.support.goods import make_factory, price_sheet, signed_in

ROW = "A1,羊绒围巾,驼色,50,{price},30,2"


@pytest.fixture(autouse=True)
def none_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "is_drawn", lambda _edit: False)


@pytest.fixture
def wei(app: Flask) -> Actor:
    """A factory with a scarf on sale at ¥100, as an operator saw it."""
    wei = make_factory()
    bring_in(app, wei, price_sheet(ROW.format(price=100)))
    with transaction():
        session().execute(update(Listing).values(state="submitted"))
    operations.publish_listing(actor=SYSTEM, listing=listing("A1").public_id, now=NOW)
    return wei


def asked() -> dict[str, int]:
    """What waits, by the value of the variant."""
    found = waiting_edit(listing("A1").id)
    names = {f"price.{sku.public_id}": "".join(sku.options.values()) for sku in listing("A1").skus}
    return {names[field]: fen for field, fen in found.after.items()} if found else {}


def prices() -> list[int]:
    return [sku.retail_price_fen for sku in listing("A1").skus if sku.for_sale]


def open_cases() -> int:
    return len(session().scalars(select(Case.id).where(Case.subject_type == "edit", Case.state == "open")).all())


def test_under_review_a_sheet_counts_and_says_that_it_changed_nothing_else(app: Flask, wei: Actor) -> None:
    with transaction():
        session().execute(update(Listing).values(state="submitted"))
    result = bring_in(app, wei, price_sheet(ROW.format(price=90)))
    assert (prices(), [one["code"] for one in result["left_out"]]) == ([10_000], ["listing.in_review"])


@pytest.mark.parametrize(("yuan", "waits"), [("130", False), ("130.01", True), ("70", False), ("69.99", True)])
def test_a_price_beyond_the_band_waits(app: Flask, wei: Actor, yuan: str, *, waits: bool) -> None:
    result = bring_in(app, wei, price_sheet(ROW.format(price=yuan)))
    fen = round(float(yuan) * 100)
    assert (prices(), asked()) == (([10_000], {"驼色": fen}) if waits else ([fen], {}))
    assert (result["waiting"], open_cases()) == ((["A1"], 1) if waits else ([], 0))


def test_the_same_sheet_again_asks_for_nothing_new(app: Flask, wei: Actor) -> None:
    for _twice in range(2):
        result = bring_in(app, wei, price_sheet(ROW.format(price=200)))
    assert (result["unchanged"], session().query(ListingEdit).count()) == (1, 1)


def test_what_merchants_pay_waits_beyond_the_band_like_any_price(app: Flask, wei: Actor) -> None:
    row = "A1,羊绒围巾,驼色,{trade},100,30,2"
    for _twice in range(2):
        result = bring_in(app, wei, price_sheet(row.format(trade=90)))
    [(field, asked_for)] = waiting_edit(listing("A1").id).after.items()
    assert (field.partition(".")[0], result["unchanged"], open_cases()) == ("terms", 1, 1)
    assert (asked_for, [tier.unit_price_fen for tier in listing("A1").tiers]) == ([[2, 9_000]], [5_000])
    apply_edit(actor=SYSTEM, edit=waiting_edit(listing("A1").id).public_id, now=NOW)
    bring_in(app, wei, price_sheet(row.format(trade=100)))
    assert [tier.unit_price_fen for tier in listing("A1").tiers] == [10_000]


def test_a_later_sheet_takes_the_place_of_what_waited(app: Flask, wei: Actor) -> None:
    for yuan in (200, 300):
        bring_in(app, wei, price_sheet(ROW.format(price=yuan)))
    assert (asked(), open_cases()) == ({"驼色": 30_000}, 1)
    bring_in(app, wei, price_sheet(ROW.format(price=110)))
    assert (asked(), prices(), open_cases()) == ({}, [11_000], 0)


def test_a_row_as_it_is_on_sale_leaves_what_waits_alone(app: Flask, wei: Actor) -> None:
    bring_in(app, wei, price_sheet(ROW.format(price=200)))
    waits = waiting_edit(listing("A1").id).public_id
    browser = signed_in(app, wei)
    shown = browser.get(handed_in(browser, ROW.format(price=100))).text
    assert ("照旧等审核" in shown, "等运营审核" in shown) == (True, False)
    result = bring_in(app, wei, price_sheet(ROW.format(price=100)))
    assert (result["unchanged"], result["waiting"], asked(), prices()) == (1, [], {"驼色": 20_000}, [10_000])
    assert (waiting_edit(listing("A1").id).public_id, open_cases()) == (waits, 1)


def test_a_ladder_as_it_holds_leaves_the_one_that_waits_alone(app: Flask, wei: Actor) -> None:
    row = "A1,羊绒围巾,驼色,{trade},100,30,2"
    for trade in (90, 50):
        result = bring_in(app, wei, price_sheet(row.format(trade=trade)))
    assert (result["unchanged"], [*waiting_edit(listing("A1").id).after.values()]) == (1, [[[2, 9_000]]])


def test_new_variants_wait_with_their_prices(app: Flask, wei: Actor) -> None:
    bring_in(app, wei, price_sheet("A1,羊绒围巾,驼色/红色,50,110,30,2"))
    assert (prices(), asked()) == ([11_000], {"红色": 11_000})
    bring_in(app, wei, price_sheet("A1,羊绒围巾,驼色/红色,50,115,30,2"))
    assert asked() == {"红色": 11_500}
    apply_edit(actor=SYSTEM, edit=waiting_edit(listing("A1").id).public_id, now=NOW)
    assert prices() == [11_500, 11_500]


def test_goods_that_lapsed_come_back_as_they_were_seen(app: Flask, wei: Actor) -> None:
    with transaction():
        session().execute(update(Listing).values(state="lapsed"))
    bring_in(app, wei, price_sheet("A1,羊绒围巾,驼色/红色,50,200,30,2"))
    assert (prices(), asked()) == ([10_000], {"驼色": 20_000, "红色": 20_000})


def test_a_price_for_which_goods_were_taken_down_is_mended_when_they_are_handed_in(app: Flask, wei: Actor) -> None:
    with transaction():
        session().execute(update(Listing).values(state="taken_down", reason="价格不对"))
    bring_in(app, wei, price_sheet("A1,羊绒围巾,驼色/红色,50,200,30,2"))
    assert (prices(), asked()) == ([10_000], {"驼色": 20_000, "红色": 20_000})
    with transaction():
        edits.take_in(listing("A1"), actor=wei, now=NOW)
    assert (prices(), asked()) == ([20_000], {})


def test_goods_that_nobody_has_seen_follow_the_sheet(app: Flask, wei: Actor) -> None:
    with transaction():
        session().execute(update(Listing).values(state="draft", published_at=None))
        session().execute(update(Sku).values(vetted_price_fen=None))
    bring_in(app, wei, price_sheet("A1,羊绒围巾,驼色/红色,50,900,30,2"))
    assert (prices(), asked()) == ([90_000, 90_000], {})


def test_some_prices_that_moved_at_once_are_looked_at_after(
    app: Flask, wei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edits, "is_drawn", lambda _edit: True)
    bring_in(app, wei, price_sheet(ROW.format(price=120)))
    [edit] = session().scalars(select(ListingEdit)).all()
    assert (edit.state, [*edit.before.values()], [*edit.after.values()]) == ("sampled", [10_000], [12_000])


def test_the_page_says_what_will_wait(app: Flask, wei: Actor) -> None:
    browser = signed_in(app, wei)
    within = browser.get(handed_in(browser, ROW.format(price=120))).text
    beyond = browser.get(handed_in(browser, "A1,羊绒围巾,驼色/红色,50,200,30,2")).text
    assert (within.count("等运营审核"), beyond.count("等运营审核")) == (0, 2)
