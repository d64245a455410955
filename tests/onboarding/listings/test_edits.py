"""Changes of goods on sale: what holds at once, what waits for an operator while they sell on."""

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import operations
from onboarding.listings.changes import changes_of, last_edit, waiting_edit
from onboarding.listings.decisions import apply_edit, refuse_edit
from onboarding.listings.edits import is_drawn
from onboarding.listings.models import Listing, ListingEdit
from onboarding.moderation.models import Case
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, make_listing


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def scarf(wei: Actor) -> Listing:
    """On sale at ¥128, as an operator saw it."""
    listing = make_listing(wei, title="羊绒围巾", state="submitted")
    return operations.publish_listing(actor=SYSTEM, listing=listing.public_id, now=NOW)


def edit(actor: Actor, listing: Listing, **changes: dict[str, object]) -> Listing:
    told = {"words": {}, "prices": {}, "stock": {}} | changes
    return operations.edit_listing(actor=actor, listing=listing.public_id, now=NOW, **told)


def waiting(listing: Listing) -> dict[str, object]:
    found = waiting_edit(listing.id)
    return found.after if found else {}


def cases() -> list[str]:
    return list(session().scalars(select(Case.state).where(Case.subject_type == "edit").order_by(Case.id)))


def agree(listing: Listing) -> None:
    apply_edit(actor=SYSTEM, edit=waiting_edit(listing.id).public_id, now=NOW)


def test_new_words_wait_and_the_goods_sell_on(wei: Actor, scarf: Listing) -> None:
    edit(wei, scarf, words={"title": "羊绒披肩"})
    assert (scarf.state, scarf.title, waiting(scarf), cases()) == (
        "published",
        "羊绒围巾",
        {"title": "羊绒披肩"},
        ["open"],
    )
    agree(scarf)
    assert (scarf.title, waiting(scarf)) == ("羊绒披肩", {})


@pytest.mark.parametrize(("fen", "waits"), [(16_640, False), (16_641, True), (8_960, False), (8_959, True)])
def test_a_price_within_the_band_holds_at_once_and_one_beyond_it_waits(
    wei: Actor, scarf: Listing, fen: int, *, waits: bool
) -> None:
    sku = scarf.skus[0]
    edit(wei, scarf, prices={sku.public_id: fen})
    assert (sku.retail_price_fen, bool(waiting(scarf))) == ((12_800, True) if waits else (fen, False))


def test_goods_that_lapsed_do_not_come_back_at_a_price_that_nobody_saw(wei: Actor, scarf: Listing) -> None:
    sku = scarf.skus[0].public_id
    with transaction():
        session().execute(update(Listing).values(state="lapsed"))
    edit(wei, scarf, prices={sku: 99_900})
    assert (scarf.state, scarf.skus[0].retail_price_fen, waiting(scarf)) == ("lapsed", 12_800, {f"price.{sku}": 99_900})


def test_small_steps_do_not_lead_out_of_the_band(wei: Actor, scarf: Listing) -> None:
    sku = scarf.skus[0]
    for fen in (10_000, 8_000):
        edit(wei, scarf, prices={sku.public_id: fen})
    assert sku.retail_price_fen == 10_000
    agree(scarf)
    edit(wei, scarf, prices={sku.public_id: 6_000})
    assert (sku.retail_price_fen, waiting(scarf)) == (6_000, {})


def test_a_change_takes_the_place_of_the_one_that_waited(wei: Actor, scarf: Listing) -> None:
    edit(wei, scarf, words={"title": "羊绒披肩"})
    edit(wei, scarf, words={"title": "羊绒大披肩"})
    assert (waiting(scarf), cases()) == ({"title": "羊绒大披肩"}, ["dropped", "open"])


def test_what_she_does_not_touch_waits_on(wei: Actor, scarf: Listing) -> None:
    edit(wei, scarf, words={"title": "羊绒披肩"})
    edit(wei, scarf, prices={scarf.skus[0].public_id: 99_900})
    assert waiting(scarf) == {"title": "羊绒披肩", f"price.{scarf.skus[0].public_id}": 99_900}
    edit(wei, scarf, stock={scarf.skus[0].public_id: 3})
    assert cases() == ["dropped", "open"]


def test_a_change_taken_back_leaves_nothing_to_decide(wei: Actor, scarf: Listing) -> None:
    edit(wei, scarf, words={"title": "羊绒披肩"})
    for _twice in range(2):
        operations.withdraw_edit(actor=wei, listing=scarf.public_id, now=NOW)
    assert (scarf.title, waiting(scarf), cases()) == ("羊绒围巾", {}, ["dropped"])


def test_a_refusal_leaves_the_goods_as_they_are_and_says_why(wei: Actor, scarf: Listing) -> None:
    edit(wei, scarf, words={"title": "羊绒披肩"})
    name = waiting_edit(scarf.id).public_id
    refuse_edit(actor=SYSTEM, edit=name, reason="图文不符", now=NOW)
    assert (scarf.title, last_edit(scarf.id).reason) == ("羊绒围巾", "图文不符")
    with pytest.raises(DomainError, match="edit"):
        apply_edit(actor=SYSTEM, edit=name, now=NOW)


def test_goods_taken_down_leave_no_change_behind(wei: Actor, scarf: Listing) -> None:
    edit(wei, scarf, words={"title": "羊绒披肩"})
    operations.archive_listing(actor=wei, listing=scarf.public_id, now=NOW)
    assert (waiting(scarf), cases()) == ({}, ["dropped"])


def test_nobody_else_changes_or_takes_back(wei: Actor, scarf: Listing) -> None:
    edit(wei, scarf, words={"title": "羊绒披肩"})
    with pytest.raises(NotFoundError):
        operations.withdraw_edit(actor=make_factory(YU), listing=scarf.public_id, now=NOW)
    with pytest.raises(NotFoundError):
        apply_edit(actor=wei, edit=waiting_edit(scarf.id).public_id, now=NOW)


def test_goods_have_one_change_that_waits(wei: Actor, scarf: Listing) -> None:
    edit(wei, scarf, words={"title": "羊绒披肩"})
    row = {name: getattr(waiting_edit(scarf.id), name) for name in ("listing_id", "organisation_id", "before", "after")}
    with pytest.raises(IntegrityError), transaction():
        session().execute(
            insert(ListingEdit).values(**row, public_id="edt_2", state="waiting", reason="", asked_at=NOW)
        )


def test_a_change_is_told_field_by_field(wei: Actor, scarf: Listing) -> None:
    sku = scarf.skus[0]
    words = {"title": "羊绒披肩", "attributes": {**scarf.attributes, "材质": "纯羊绒"}}
    edit(wei, scarf, words=words, prices={sku.public_id: 25_600})
    title, answer, price = changes_of(waiting_edit(scarf.id))
    assert title.parts == [("same", "羊绒"), ("gone", "围巾"), ("new", "披肩")]
    assert (answer.option, answer.after, price.moved_bp) == ("材质", "纯羊绒", 10_000)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every small change is looked at."""
    monkeypatch.setattr("onboarding.listings.edits.SAMPLED_BP", 10_000)


def sampled() -> str:
    return session().scalars(select(ListingEdit.public_id).where(ListingEdit.state == "sampled")).one()


@pytest.mark.usefixtures("drawn")
def test_a_small_change_that_was_drawn_holds_and_is_looked_at_afterwards(wei: Actor, scarf: Listing) -> None:
    sku = scarf.skus[0]
    edit(wei, scarf, prices={sku.public_id: 10_000})
    assert (sku.retail_price_fen, waiting(scarf), cases()) == (10_000, {}, ["open"])
    apply_edit(actor=SYSTEM, edit=sampled(), now=NOW)
    assert (sku.retail_price_fen, sku.vetted_price_fen) == (10_000, 10_000)


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize(("later", "left"), [({}, 12_800), ({"prices": 11_000}, 11_000)])
def test_a_price_that_was_not_agreed_to_goes_back_unless_it_moved_on(
    wei: Actor, scarf: Listing, monkeypatch: pytest.MonkeyPatch, later: dict[str, int], left: int
) -> None:
    sku = scarf.skus[0]
    edit(wei, scarf, prices={sku.public_id: 10_000})
    monkeypatch.setattr("onboarding.listings.edits.SAMPLED_BP", 0)
    for fen in later.values():
        edit(wei, scarf, prices={sku.public_id: fen})
    refuse_edit(actor=SYSTEM, edit=sampled(), reason="低于成本", now=NOW)
    assert sku.retail_price_fen == left


def test_few_small_changes_are_drawn() -> None:
    assert 300 < sum(is_drawn(f"edt_{number}") for number in range(10_000)) < 700
