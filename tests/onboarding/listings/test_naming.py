"""Variants of goods on sale take other names once an operator saw them, and no two for sale have the same one."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import operations
from onboarding.listings.changes import changes_of, waiting_edit
from onboarding.listings.decisions import apply_edit, refuse_edit
from onboarding.listings.matrix import Option, Value
from onboarding.listings.models import Listing, Sku
from onboarding.listings.shaping import Changes, Shaped, set_variants, shape_variants
from onboarding.listings.stock import COUNTED
from onboarding.moderation.models import Case
from onboarding.offers.operations import open_own_offers
from onboarding.offers.queries import offers_of_listing
from tests.cast import NOW, WEI
from tests.support.goods import make_factory, make_listing, signed_in

SWAPPED = (Value("颜色1", "颜色0"), Value("颜色0", "颜色1"))


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def goods(wei: Actor) -> Listing:
    """On sale, in two colours."""
    listing = make_listing(wei, stock=(7, 3))
    open_own_offers(actor=wei, listing=listing.public_id, now=NOW)
    return listing


def shape(actor: Actor, listing: Listing, *values: Value, agreed: int = 0) -> Shaped:
    told = {"options": [Option("颜色", values, "颜色")], "fill": False, "agreed": agreed}
    return shape_variants(actor=actor, listing=listing.public_id, now=NOW, **told)


def switch(actor: Actor, listing: Listing, sku: str, *, off: bool) -> None:
    nothing: dict[str, object] = {name: {} for name in ("prices", "supply", "stock", "shown", "grams")}
    changes = Changes(**nothing, off={sku: off}, why=COUNTED)  # type: ignore[arg-type]
    set_variants(actor=actor, listing=listing.public_id, changes=changes, now=NOW)


def names(listing: Listing) -> list[str]:
    """What buyers read of each variant for sale."""
    session().rollback()
    return ["/".join(one.options.values()) for one in offers_of_listing(listing.public_id)]


def waiting(listing: Listing) -> dict[str, object]:
    session().rollback()
    found = waiting_edit(listing.id)
    return found.after if found else {}


def agree(listing: Listing) -> None:
    apply_edit(actor=SYSTEM, edit=waiting_edit(listing.id).public_id, now=NOW)


def test_other_names_of_goods_on_sale_wait_and_hold_as_they_were_seen(wei: Actor, goods: Listing) -> None:
    first, second = (sku.public_id for sku in goods.skus)
    assert shape(wei, goods, *SWAPPED) == Shaped(0, 0, wait=False, renamed=2)
    assert names(goods) == ["颜色0", "颜色1"]
    assert waiting(goods) == {f"options.{first}": {"颜色": "颜色1"}, f"options.{second}": {"颜色": "颜色0"}}
    told = [(one.before, one.after) for one in changes_of(waiting_edit(goods.id))]
    assert told == [("颜色：颜色0", "颜色：颜色1"), ("颜色：颜色1", "颜色：颜色0")]
    agree(goods)
    assert (names(goods), waiting(goods)) == (["颜色1", "颜色0"], {})


def test_names_that_are_refused_are_dropped(wei: Actor, goods: Listing) -> None:
    shape(wei, goods, *SWAPPED)
    refuse_edit(actor=SYSTEM, edit=waiting_edit(goods.id).public_id, reason="对不上图片", now=NOW)
    assert (names(goods), waiting(goods)) == (["颜色0", "颜色1"], {})


def test_names_that_wait_are_laid_out_with_the_rest(wei: Actor, goods: Listing) -> None:
    shape(wei, goods, Value("红", "颜色0"), Value("颜色1", "颜色1"))
    shape(wei, goods, Value("红", "红"), Value("颜色1", "颜色1"), Value("颜色0"))
    old, new = goods.skus[0].public_id, session().scalars(select(Sku.public_id).order_by(Sku.id)).all()[2]
    assert waiting(goods) == {f"options.{old}": {"颜色": "红"}, f"price.{new}": 12_800}
    agree(goods)
    assert names(goods) == ["红", "颜色1", "颜色0"]
    assert session().scalars(select(Sku.options_key).order_by(Sku.id)).all() == ["颜色=红", "颜色=颜色1", "颜色=颜色0"]


def test_a_name_taken_back_waits_no_more(wei: Actor, goods: Listing) -> None:
    shape(wei, goods, *SWAPPED)
    shape(wei, goods, *SWAPPED)
    assert (names(goods), waiting(goods)) == (["颜色0", "颜色1"], {})


def test_a_variant_switched_off_takes_its_other_name_along(wei: Actor, goods: Listing) -> None:
    sku = goods.skus[0].public_id
    shape(wei, goods, Value("红", "颜色0"), Value("颜色1", "颜色1"))
    switch(wei, goods, sku, off=True)
    assert waiting(goods) == {}
    shape(wei, goods, Value("蓝", "颜色1"))
    shape(wei, goods, Value("颜色1", "蓝"), Value("颜色0"))
    assert (names(goods), waiting(goods)) == (["颜色0", "颜色1"], {})


@pytest.mark.parametrize("state", ["lapsed", "taken_down"])
def test_goods_come_back_under_the_names_that_were_seen(wei: Actor, goods: Listing, state: str) -> None:
    shape(wei, goods, *SWAPPED)
    reason = "换图" if state == "taken_down" else ""
    with transaction():
        session().execute(update(Listing).values(state=state, reason=reason))
    with pytest.raises(DomainError, match=r"listing\.state"):
        shape(wei, goods, Value("红", "颜色0"), Value("颜色1", "颜色1"))
    with transaction():
        session().execute(update(Listing).values(state="published", reason=""))
    assert (names(goods), len(waiting(goods))) == (["颜色0", "颜色1"], 2)


def test_goods_handed_in_anew_are_looked_at_with_their_other_names(wei: Actor, goods: Listing) -> None:
    shape(wei, goods, *SWAPPED)
    with transaction():
        session().execute(update(Listing).values(state="lapsed"))
    words = {"description": "证书快到期了，换一份说明。"}
    operations.edit_listing(actor=wei, listing=goods.public_id, words=words, prices={}, stock={}, now=NOW)
    session().rollback()
    listing = session().get_one(Listing, goods.id)
    assert (listing.state, waiting(goods), [sku.options["颜色"] for sku in listing.skus]) == (
        "submitted",
        {},
        ["颜色1", "颜色0"],
    )


def test_a_new_variant_is_sold_under_the_name_that_was_seen(wei: Actor, goods: Listing) -> None:
    both = (Value("颜色0", "颜色0"), Value("颜色1", "颜色1"))
    shape(wei, goods, *both, Value("红"))
    shape(wei, goods, *both, Value("正品", "红"))
    states = session().scalars(select(Case.state).where(Case.subject_type == "edit").order_by(Case.id)).all()
    assert states == ["dropped", "open"]
    assert "颜色：正品" in [one.after for one in changes_of(waiting_edit(goods.id))]


def test_two_of_one_name_are_not_for_sale(wei: Actor, goods: Listing) -> None:
    old = goods.skus[1].public_id
    switch(wei, goods, old, off=True)
    shape(wei, goods, Value("颜色1", "颜色0"))
    agree(goods)
    with pytest.raises(DomainError, match=r"variants\.twice"):
        switch(wei, goods, old, off=False)
    assert names(goods) == ["颜色1"]


def test_a_name_that_is_taken_by_now_is_not_agreed_to(wei: Actor, goods: Listing) -> None:
    old = goods.skus[1].public_id
    switch(wei, goods, old, off=True)
    shape(wei, goods, Value("颜色1", "颜色0"))
    switch(wei, goods, old, off=False)
    with pytest.raises(DomainError, match=r"variants\.twice"):
        agree(goods)
    assert names(goods) == ["颜色0", "颜色1"]


def test_a_draft_has_no_two_of_one_name_either(wei: Actor) -> None:
    draft = make_listing(wei, state="draft", stock=(7, 3))
    old = draft.skus[1].public_id
    switch(wei, draft, old, off=True)
    shape(wei, draft, Value("颜色1", "颜色0"))
    with pytest.raises(DomainError, match=r"variants\.twice"):
        switch(wei, draft, old, off=False)


def test_the_page_tells_the_owner_that_names_wait(app: Flask, wei: Actor, goods: Listing) -> None:
    browser, page = signed_in(app, wei), f"/factory/listings/{goods.public_id}/variants"
    form = {"option_0": "颜色", "was_option_0": "颜色", "value_0_0": "红", "value_0_1": "颜色1"}
    form |= {f"was_0_{at}": f"颜色{at}" for at in (0, 1)}
    said = browser.post(f"/factory/listings/{goods.public_id}/options", data=form, follow_redirects=True).text
    assert "改的名字和新加的规格审核通过后才生效" in said
    shown = browser.get(page).text
    assert ("改名等审核" in shown, 'name="was_0_0" value="红"' in shown, "颜色：红" in shown) == (True, True, True)
