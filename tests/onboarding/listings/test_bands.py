"""Terms of goods on sale: what must be paid moves at once within a band, beyond it an operator looks."""

from dataclasses import replace

import pytest
from flask import Flask

from kernel.db import session
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import operations, queries
from onboarding.listings.changes import changes_of, waiting_edit
from onboarding.listings.decisions import apply_edit, refuse_edit
from onboarding.listings.models import Listing
from onboarding.listings.rules import Lot
from onboarding.listings.shaping import Changes, set_variants
from onboarding.listings.stock import COUNTED
from onboarding.listings.terms import set_terms, terms_as_they_are
from tests.cast import NOW, WEI
from tests.support.goods import make_factory, make_listing, signed_in

LADDER = ((10, 4_800), (100, 4_000))


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def scarf(wei: Actor) -> Listing:
    """On sale from one piece at ¥128, to merchants at ¥50, as an operator saw it."""
    listing = make_listing(wei, state="draft", supply_fen=5_000)
    say(wei, listing, tiers=LADDER)
    operations.submit_listing(actor=wei, listing=listing.public_id, now=NOW)
    return operations.publish_listing(actor=SYSTEM, listing=listing.public_id, now=NOW)


def say(actor: Actor, listing: Listing, **told: object) -> None:
    known = terms_as_they_are(fresh(listing))
    set_terms(actor=actor, listing=listing.public_id, terms=replace(known, **told), now=NOW)  # type: ignore[arg-type]


def supply(actor: Actor, listing: Listing, fen: int | None, *, is_open: bool = True) -> None:
    told = {"drop_ship_price_fen": fen, "open_to_merchants": is_open}
    operations.set_supply(actor=actor, listing=listing.public_id, now=NOW, **told)


def own_price(actor: Actor, listing: Listing, fen: int) -> int:
    nothing: dict[str, object] = {name: {} for name in ("prices", "off", "stock", "shown", "grams")}
    changes = Changes(**nothing, supply={listing.skus[0].public_id: fen}, why=COUNTED)  # type: ignore[arg-type]
    return set_variants(actor=actor, listing=listing.public_id, changes=changes, now=NOW)


def fresh(listing: Listing) -> Listing:
    session().rollback()
    session().expire_all()
    return session().get_one(Listing, listing.id)


def waiting(listing: Listing) -> dict[str, object]:
    found = waiting_edit(fresh(listing).id)
    return found.after if found else {}


def agree(listing: Listing) -> None:
    apply_edit(actor=SYSTEM, edit=waiting_edit(listing.id).public_id, now=NOW)


def least(listing: Listing) -> int:
    return queries.direct_terms(listing.public_id).lot.least


def single(listing: Listing) -> int:
    session().rollback()
    return queries.supply_terms([listing.id])[listing.id].prices[listing.skus[0].id]


def test_more_at_least_than_the_band_waits_and_holds_once_seen(wei: Actor, scarf: Listing) -> None:
    say(wei, scarf, direct=Lot(1, 900))
    assert (least(scarf), waiting(scarf)) == (1, {"terms.direct": [1, 900]})
    assert [(one.before, one.after) for one in changes_of(waiting_edit(scarf.id))] == [("1 × 1", "1 × 900")]
    agree(scarf)
    say(wei, scarf, direct=Lot(1_100))
    assert (least(scarf), waiting(scarf)) == (1_100, {})


def test_fewer_at_least_hold_at_once(wei: Actor, scarf: Listing) -> None:
    say(wei, scarf, direct=Lot(100))
    agree(scarf)
    say(wei, scarf, direct=Lot(1))
    assert (least(scarf), waiting(scarf)) == (1, {})


@pytest.mark.parametrize(
    ("fen", "waits"), [(6_500, False), (6_501, True), (3_500, False), (3_499, True), (None, False)]
)
def test_the_price_of_a_single_piece_moves_within_the_band(
    wei: Actor, scarf: Listing, fen: int | None, *, waits: bool
) -> None:
    supply(wei, scarf, fen)
    assert (single(scarf), bool(waiting(scarf))) == ((5_000, True) if waits else (fen or 4_800, False))


def test_small_steps_do_not_lead_out_of_the_band(wei: Actor, scarf: Listing) -> None:
    for fen in (6_000, 7_000):
        supply(wei, scarf, fen)
    assert (single(scarf), waiting(scarf)) == (6_000, {"terms.drop_ship": 7_000})
    agree(scarf)
    supply(wei, scarf, 9_000)
    assert (single(scarf), waiting(scarf)) == (9_000, {})


def test_a_refusal_leaves_the_price_as_it_was(wei: Actor, scarf: Listing) -> None:
    supply(wei, scarf, 9_999_900)
    refuse_edit(actor=SYSTEM, edit=waiting_edit(scarf.id).public_id, reason="价格不对", now=NOW)
    assert (single(scarf), waiting(scarf)) == (5_000, {})


def test_a_ladder_beyond_the_band_waits_as_a_whole(wei: Actor, scarf: Listing) -> None:
    say(wei, scarf, tiers=((10, 4_800), (100, 4_100)))
    assert (terms_as_they_are(fresh(scarf)).tiers, waiting(scarf)) == (((10, 4_800), (100, 4_100)), {})
    far = ((10, 9_900), (100, 4_000))
    say(wei, scarf, tiers=far)
    assert waiting(scarf) == {"terms.tiers": [[10, 9_900], [100, 4_000]]}
    agree(scarf)
    assert terms_as_they_are(fresh(scarf)).tiers == far


def test_a_variants_own_price_waits_with_the_others(wei: Actor, scarf: Listing) -> None:
    assert (own_price(wei, scarf, 5_500), own_price(wei, scarf, 9_900)) == (0, 1)
    assert (waiting(scarf), scarf.skus[0].supply_price_fen) == ({f"supply.{scarf.skus[0].public_id}": 9_900}, 5_500)
    agree(scarf)
    assert fresh(scarf).skus[0].supply_price_fen == 9_900


def test_first_prices_for_merchants_hold_at_once_and_later_ones_keep_near_them(wei: Actor) -> None:
    listing = make_listing(wei, state="draft")
    operations.submit_listing(actor=wei, listing=listing.public_id, now=NOW)
    listing = operations.publish_listing(actor=SYSTEM, listing=listing.public_id, now=NOW)
    for fen in (5_000, 6_000, 7_000):
        supply(wei, listing, fen)
    assert (single(listing), waiting(listing)) == (6_000, {"terms.drop_ship": 7_000})


def test_goods_that_are_prepared_wait_for_nothing(wei: Actor) -> None:
    draft = make_listing(wei, state="draft", supply_fen=5_000)
    supply(wei, draft, 99_900)
    say(wei, draft, direct=Lot(500))
    assert (least(draft), single(draft), waiting(draft)) == (500, 99_900, {})


def test_the_pages_tell_what_waits(app: Flask, wei: Actor, scarf: Listing) -> None:
    browser, page = signed_in(app, wei), f"/factory/listings/{scarf.public_id}"
    said = browser.post(f"{page}/supply", data={"drop_ship_price": "99", "supply": "open"}, follow_redirects=True).text
    assert ("代发价改动较大" in said, 'value="99.00"' in said) == (True, True)
    say(wei, scarf, direct=Lot(500))
    shown = browser.get(f"{page}/terms").text
    assert ("有改动在等审核" in shown, 'value="500"' in shown) == (True, True)
    assert {*waiting(scarf)} == {"terms.drop_ship", "terms.direct"}
