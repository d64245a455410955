"""A factory edits the variants of its goods: ids, stock and prices survive renaming, new ones wait for an operator."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.decisions import apply_edit
from onboarding.listings.matrix import Option, Value
from onboarding.listings.models import Listing, ListingEdit, Sku
from onboarding.listings.operations import edit_listing
from onboarding.listings.shaping import Changes, Shaped, set_variants, shape_variants
from onboarding.listings.stock import COUNTED, reserve
from onboarding.offers.models import Offer
from onboarding.offers.operations import open_own_offers
from onboarding.offers.queries import offers_of_listing
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, make_listing, signed_in
from tests.support.statements import statements

BOTH = (Value("颜色0", "颜色0"), Value("颜色1", "颜色1"))


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def goods(wei: Actor) -> Listing:
    """On sale, in two colours, seven and three pieces."""
    listing = make_listing(wei, stock=(7, 3))
    open_own_offers(actor=wei, listing=listing.public_id, now=NOW)
    return listing


def shape(actor: Actor, listing: Listing, *values: Value, agreed: int = 0, name: str = "颜色") -> Shaped:
    options = [Option(name, values, "颜色")] if values else []
    told = {"options": options, "fill": False, "agreed": agreed}
    return shape_variants(actor=actor, listing=listing.public_id, now=NOW, **told)


def change(actor: Actor, listing: Listing, **told: object) -> int:
    nothing: dict[str, object] = {name: {} for name in ("prices", "supply", "stock", "shown", "off", "grams")}
    changes = Changes(**{**nothing, "why": COUNTED, **told})
    return set_variants(actor=actor, listing=listing.public_id, changes=changes, now=NOW)


def skus(listing: Listing) -> list[tuple[str, dict[str, str], int, int, bool]]:
    session().rollback()
    query = select(Sku.public_id, Sku.options, Sku.on_hand, Sku.retail_price_fen, Sku.off).order_by(Sku.id)
    return [tuple(row) for row in session().execute(query.where(Sku.listing_id == listing.id))]


def buyable(listing: Listing) -> list[str]:
    session().rollback()
    return ["/".join(one.options.values()) for one in offers_of_listing(listing.public_id)]


def test_a_renamed_variant_is_the_same_one(wei: Actor) -> None:
    draft = make_listing(wei, state="draft", stock=(7, 3))
    before = skus(draft)
    shape(wei, draft, Value("颜色1", "颜色0"), Value("颜色0", "颜色1"), name="花色")
    assert [(row[0], row[2:]) for row in skus(draft)] == [(row[0], row[2:]) for row in before]
    assert [row[1] for row in skus(draft)] == [{"花色": "颜色1"}, {"花色": "颜色0"}]


def test_what_goes_is_told_first(wei: Actor, goods: Listing) -> None:
    with pytest.raises(DomainError, match=r"variants\.takes_away\(count=1, pieces=3\)"):
        shape(wei, goods, BOTH[0])
    assert shape(wei, goods, BOTH[0], agreed=1) == Shaped(0, 1, wait=False)


def test_of_goods_on_sale_it_is_switched_off_and_comes_back(wei: Actor, goods: Listing) -> None:
    gone = skus(goods)[1]
    shape(wei, goods, BOTH[0], agreed=1)
    assert (skus(goods)[1], buyable(goods)) == ((*gone[:4], True), ["颜色0"])
    shape(wei, goods, BOTH[0], Value("颜色1"))
    assert (skus(goods)[1], buyable(goods)) == (gone, ["颜色0", "颜色1"])


def test_what_is_off_makes_way_for_its_name(wei: Actor, goods: Listing) -> None:
    shape(wei, goods, BOTH[0], agreed=1)
    assert shape(wei, goods, Value("颜色1", "颜色0")) == Shaped(0, 0, wait=False, renamed=1)
    apply_edit(actor=SYSTEM, edit=session().scalars(select(ListingEdit.public_id)).one(), now=NOW)
    assert [(row[1], row[4]) for row in skus(goods)] == [({"颜色": "颜色1"}, False), ({"颜色": "颜色1"}, True)]


def test_of_a_draft_it_goes_with_its_stock_unless_held(wei: Actor) -> None:
    draft = make_listing(wei, state="draft", stock=(7, 3, 2))
    with transaction():
        reserve({draft.skus[2].id: 1}, holder="grp_1", buyer="usr_1", expires_at=NOW, now=NOW)
    shape(wei, draft, BOTH[0], agreed=2)
    assert [(row[1]["颜色"], row[4]) for row in skus(draft)] == [("颜色0", False), ("颜色2", True)]


def test_all_values_of_a_draft_may_be_other_ones(wei: Actor) -> None:
    draft = make_listing(wei, state="draft")
    assert shape(wei, draft, Value("红"), Value("黄"), agreed=1) == Shaped(2, 1, wait=False)
    assert [(row[1]["颜色"], row[2:4]) for row in skus(draft)] == [("红", (0, 12_800)), ("黄", (0, 12_800))]


def test_a_new_variant_waits_on_with_its_other_price(wei: Actor, goods: Listing) -> None:
    shape(wei, goods, *BOTH, Value("红"))
    new = skus(goods)[2][0]
    told = {"words": {}, "prices": {new: 13_000}, "stock": {}}
    edit_listing(actor=wei, listing=goods.public_id, now=NOW, **told)
    edit = session().scalars(select(ListingEdit).where(ListingEdit.state == "waiting")).one()
    assert edit.after == {f"price.{new}": 13_000}
    apply_edit(actor=SYSTEM, edit=edit.public_id, now=NOW)
    assert (buyable(goods), skus(goods)[2][3]) == (["颜色0", "颜色1", "红"], 13_000)


def test_a_new_variant_of_goods_on_sale_is_sold_after_an_operator_saw_it(wei: Actor, goods: Listing) -> None:
    assert shape(wei, goods, *BOTH, Value("红")).wait
    new = skus(goods)[2]
    assert (new[1:4], buyable(goods)) == (({"颜色": "红"}, 0, 12_800), ["颜色0", "颜色1"])
    change(wei, goods, prices={new[0]: 99_900}, stock={new[0]: 4}, shown={new[0]: 0})
    edit = session().scalars(select(ListingEdit).where(ListingEdit.state == "waiting")).one()
    assert edit.after == {f"price.{new[0]}": 99_900}
    apply_edit(actor=SYSTEM, edit=edit.public_id, now=NOW)
    assert buyable(goods) == ["颜色0", "颜色1", "红"]


def test_a_new_variant_that_goes_again_waits_no_more(wei: Actor, goods: Listing) -> None:
    shape(wei, goods, *BOTH, Value("红"))
    shape(wei, goods, *BOTH, agreed=1)
    assert session().scalars(select(ListingEdit.state)).all() == ["withdrawn"]


def test_a_variant_is_switched_off_and_on_by_hand(wei: Actor, goods: Listing) -> None:
    sku = goods.skus[0].public_id
    change(wei, goods, off={sku: True})
    assert buyable(goods) == ["颜色1"]
    assert session().scalars(select(Offer.state).order_by(Offer.id)).all() == ["off", "on"]
    change(wei, goods, off={sku: False})
    assert buyable(goods) == ["颜色0", "颜色1"]


def test_prices_far_from_what_was_seen_wait_and_the_rest_holds(wei: Actor, goods: Listing) -> None:
    with transaction():
        session().execute(update(Sku).values(vetted_price_fen=12_800))
    first, second = (sku.public_id for sku in goods.skus)
    assert change(wei, goods, prices={first: 13_000, second: 99_000}, supply={first: 8_000}) == 1
    assert [row[3] for row in skus(goods)] == [13_000, 12_800]
    assert session().scalars(select(Sku.supply_price_fen).order_by(Sku.id)).all() == [8_000, None]


def test_stock_that_moved_since_is_refused_at_its_field_and_nothing_is_kept(wei: Actor, goods: Listing) -> None:
    first = goods.skus[0].public_id
    with pytest.raises(InvalidInputError) as refused:
        change(wei, goods, prices={first: 13_000}, stock={first: 9}, shown={first: 8})
    assert refused.value.fields == {f"stock_{first}": ("stock.moved", {"now": 7})}
    assert skus(goods)[0][2:4] == (7, 12_800)


def test_what_was_renamed_elsewhere_is_not_mixed_up(wei: Actor, goods: Listing) -> None:
    with pytest.raises(DomainError, match=r"variants\.changed"):
        shape(wei, goods, Value("红", "颜色9"))


def test_names_are_words_of_an_advertisement(wei: Actor, goods: Listing) -> None:
    with pytest.raises(DomainError, match=r"listing\.advertising"):
        shape(wei, goods, *BOTH, Value("全国第一"))


@pytest.mark.parametrize(("state", "code"), [("submitted", "listing.in_review"), ("archived", "listing.state")])
def test_an_operator_decides_about_what_she_sees(wei: Actor, state: str, code: str) -> None:
    with pytest.raises(DomainError, match=code.replace(".", r"\.")):
        shape(wei, make_listing(wei, state=state), *BOTH)


def test_a_stranger_finds_nothing(app: Flask, goods: Listing) -> None:
    with pytest.raises(NotFoundError):
        shape(make_factory(YU), goods, *BOTH)


def test_the_table_refuses_a_piece_without_weight(goods: Listing) -> None:
    with pytest.raises(IntegrityError, match=r"ck_skus_weight"), transaction():
        session().execute(update(Sku).values(weight_grams=0))


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def matrix_form(listing: Listing, **changes: str) -> dict[str, str]:
    form = {}
    for sku, _options, on_hand, *_rest in skus(listing):
        form |= {f"price_{sku}": "128.00", f"priced_{sku}": "128.00", f"supply_{sku}": "", f"supplied_{sku}": ""}
        form |= {f"stock_{sku}": str(on_hand), f"was_{sku}": str(on_hand), f"grams_{sku}": ""}
    return form | {name.replace("SKU", listing.skus[0].public_id): value for name, value in changes.items()}


def test_one_change_for_many_is_shown_before_it_is_kept(browser: FlaskClient, goods: Listing) -> None:
    bulk = {"then": "bulk", "bulk_column": "price", "bulk_way": "up", "bulk_amount": "10", "bulk_scope": "颜色=颜色1"}
    shown = browser.post(f"/factory/listings/{goods.public_id}/variants", data=matrix_form(goods, **bulk))
    first, second = (sku.public_id for sku in goods.skus)
    assert f'id="price_{second}"' in shown.text
    assert "140.80" in shown.text
    assert [row[3] for row in skus(goods)] == [12_800, 12_800]
    kept = {f"price_{second}": "140.80", "stock_SKU": "9", "reason": "other", "words": "搬仓库找到的"}
    saved = browser.post(f"/factory/listings/{goods.public_id}/variants", data=matrix_form(goods, **kept))
    assert (saved.status_code, [row[2:4] for row in skus(goods)]) == (303, [(9, 12_800), (3, 14_080)])
    assert "搬仓库找到的" in browser.get(f"/factory/listings/{goods.public_id}/movements?sku={first}").text


def test_values_are_pasted_and_taken_away_without_a_script(browser: FlaskClient, goods: Listing) -> None:
    form = {"option_0": "颜色", "was_option_0": "颜色", "paste_0": "红、黄", "drop_0_0": "yes"}
    form |= {f"{name}_0_{at}": f"颜色{at}" for name in ("value", "was") for at in (0, 1)}
    page = f"/factory/listings/{goods.public_id}/options"
    told = browser.post(page, data=form)
    assert (told.status_code, "会去掉 1 个规格，里面还有 7 件库存" in told.text) == (422, True)
    assert browser.post(page, data=form | {"agreed": "1"}).status_code == 303
    assert [(row[1]["颜色"], row[4]) for row in skus(goods)] == [
        ("颜色0", True),
        ("颜色1", False),
        ("红", False),
        ("黄", False),
    ]


def test_a_page_of_many_variants_asks_no_more(browser: FlaskClient, wei: Actor, goods: Listing) -> None:
    many = make_listing(wei, stock=(1,) * 60)
    asked = []
    for listing in (goods, many):
        with statements() as said:
            assert browser.get(f"/factory/listings/{listing.public_id}/variants").status_code == 200
        asked.append(len(said))
    assert asked[0] == asked[1] <= 12, asked
