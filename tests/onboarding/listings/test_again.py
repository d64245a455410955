"""What was refused of goods on sale is not lost: its owner mends it, hands it in again, or gives it up."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import again, operations
from onboarding.listings.changes import changes_of, refused_of, waiting_edit
from onboarding.listings.decisions import apply_edit, refuse_edit
from onboarding.listings.matrix import Option, Value
from onboarding.listings.models import Listing
from onboarding.listings.shaping import shape_variants
from onboarding.moderation.models import Case
from storefront.shipments.desk import waiting_at_factory, waiting_of
from tests.cast import NOW, WEI, YU
from tests.onboarding.listings.forms import listing_form
from tests.support.goods import make_factory, make_listing, signed_in


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


@pytest.fixture
def scarf(wei: Actor) -> Listing:
    """On sale in one colour; a new name and a second colour wait."""
    listing = make_listing(wei, title="羊绒围巾", state="submitted")
    operations.publish_listing(actor=SYSTEM, listing=listing.public_id, now=NOW)
    operations.edit_listing(
        actor=wei, listing=listing.public_id, words={"title": "羊绒披肩"}, prices={}, stock={}, now=NOW
    )
    options = [Option("颜色", (Value("颜色0", "颜色0"), Value("红")), "颜色")]
    shape_variants(actor=wei, listing=listing.public_id, options=options, fill=False, agreed=0, now=NOW)
    return listing


def refuse(listing: Listing, reason: str = "图文不符") -> None:
    refuse_edit(actor=SYSTEM, edit=waiting_edit(listing.id).public_id, reason=reason, now=NOW)


def ask(actor: Actor, listing: Listing, *, whole: bool = True) -> int:
    return again.ask_again(actor=actor, listing=listing.public_id, whole=whole, now=NOW)


def stands(listing: Listing) -> list[str]:
    session().expire_all()
    return [*again.stands_of_new(listing).values()]


def open_cases() -> int:
    return len(session().scalars(select(Case.id).where(Case.subject_type == "edit", Case.state == "open")).all())


def test_a_new_variant_stands_as_its_change_does(wei: Actor, scarf: Listing) -> None:
    assert stands(scarf) == ["waiting"]
    refuse(scarf)
    assert stands(scarf) == ["refused"]
    ask(wei, scarf)
    assert stands(scarf) == ["waiting"]
    apply_edit(actor=SYSTEM, edit=waiting_edit(scarf.id).public_id, now=NOW)
    assert stands(scarf) == []


def test_what_was_refused_is_handed_in_again_as_it_was(wei: Actor, scarf: Listing) -> None:
    before = waiting_edit(scarf.id).after
    refuse(scarf)
    cases = open_cases()
    assert (ask(wei, scarf), waiting_edit(scarf.id).after, open_cases() - cases) == (2, before, 1)
    assert refused_of(scarf) is None


def test_new_variants_taken_back_are_handed_in_by_themselves(wei: Actor, scarf: Listing) -> None:
    operations.withdraw_edit(actor=wei, listing=scarf.public_id, now=NOW)
    assert (stands(scarf), open_cases()) == (["unsent"], 0)
    ask(wei, scarf, whole=False)
    [field] = waiting_edit(scarf.id).after
    assert (field.partition(".")[0], stands(scarf), open_cases()) == ("price", ["waiting"], 1)


def test_asking_for_a_part_keeps_the_rest_of_what_was_refused(wei: Actor, scarf: Listing) -> None:
    refuse(scarf)
    ask(wei, scarf, whole=False)
    left = refused_of(scarf)
    assert (left.after, left.reason) == ({"title": "羊绒披肩"}, "图文不符")


def test_a_new_variant_is_told_as_new_and_not_as_a_price_that_stays(scarf: Listing) -> None:
    told = [(str(one.label), one.before, one.after) for one in changes_of(waiting_edit(scarf.id))]
    assert told == [("品名", "羊绒围巾", "羊绒披肩"), ("新规格", 0, 12_800)]


def test_today_tells_of_it_until_she_decides(wei: Actor, scarf: Listing) -> None:
    assert waiting_of(wei).edits_refused == 0
    refuse(scarf)
    assert (waiting_of(wei).edits_refused, waiting_of(wei).edit_refused_of) == (1, scarf.public_id)
    assert waiting_at_factory(wei)["listings"] == 1
    again.give_up(actor=wei, listing=scarf.public_id, edit=refused_of(scarf).edit, now=NOW)
    assert (waiting_of(wei).edits_refused, refused_of(scarf), stands(scarf)) == (0, None, ["unsent"])


def test_what_waits_is_not_given_up_and_nobody_else_decides(wei: Actor, scarf: Listing) -> None:
    again.give_up(actor=wei, listing=scarf.public_id, edit=waiting_edit(scarf.id).public_id, now=NOW)
    assert waiting_edit(scarf.id) is not None
    refuse(scarf)
    with pytest.raises(NotFoundError):
        ask(make_factory(YU), scarf)
    operations.archive_listing(actor=wei, listing=scarf.public_id, now=NOW)
    with pytest.raises(DomainError, match=r"listing\.state"):
        ask(wei, scarf)


def test_her_page_keeps_what_was_refused_and_fills_it_in(wei: Actor, scarf: Listing, browser: FlaskClient) -> None:
    refuse(scarf)
    place = f"/factory/listings/{scarf.public_id}"
    shown, filled = browser.get(place).text, browser.get(f"{place}?again=1").text
    assert ("<del>围巾</del><ins>披肩</ins>" in shown, 'value="羊绒披肩"' in shown) == (True, False)
    assert ('value="羊绒披肩"' in filled, "还没有保存" in filled) == (True, True)
    browser.post(place, data=listing_form(scarf, title="羊绒大披肩"))
    assert waiting_edit(scarf.id).after == {"title": "羊绒大披肩"}


def test_her_buttons_hand_in_again_and_give_up(scarf: Listing, browser: FlaskClient) -> None:
    place = f"/factory/listings/{scarf.public_id}"
    refuse(scarf)
    assert "已再次提交审核" in browser.post(f"{place}/edit-again", follow_redirects=True).text
    refuse(scarf, "还是不符")
    assert "改动没通过" in browser.get("/factory").text
    edit = refused_of(scarf).edit
    browser.post(f"{place}/edit-dismissal", data={"edit": edit})
    assert "个新规格没有提交审核" in browser.get(place).text


def test_the_matrix_says_how_new_variants_stand_and_hands_them_in(scarf: Listing, browser: FlaskClient) -> None:
    place = f"/factory/listings/{scarf.public_id}/variants"
    assert "审核后开卖" in browser.get(place).text
    refuse(scarf)
    shown = browser.get(place).text
    assert ("没通过" in shown, "图文不符" in shown, "再提交新规格" in shown) == (True, True, True)
    form = {f"{name}_{sku.public_id}": "128" for sku in scarf.skus for name in ("price", "priced")}
    form |= {f"{name}_{sku.public_id}": str(sku.on_hand) for sku in scarf.skus for name in ("stock", "was")}
    form |= {f"{name}_{sku.public_id}": "" for sku in scarf.skus for name in ("supply", "supplied", "grams")}
    assert "新规格已提交审核" in browser.post(place, data=form | {"then": "again"}, follow_redirects=True).text
    assert stands(scarf) == ["waiting"]
