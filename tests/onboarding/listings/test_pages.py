"""The pages of a factory's goods, without JavaScript, for the owner and for a stranger."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import operations
from onboarding.listings.models import Listing, SheetImport
from onboarding.listings.tasks import read_sheet
from tests.cast import NOW, WEI, YU
from tests.onboarding.listings.forms import listing_form
from tests.support.goods import make_factory, make_listing, price_sheet, send_sheet, signed_in, write_sheets
from tests.support.statements import statements

SHEET = price_sheet("A1,羊绒围巾,驼色,68.00,,960,2", "A2,羊绒帽,黑/白,25.50,,40,5", "A3,手套,灰,abc,59,10,1")


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def work(app: Flask) -> None:
    for sheet in session().scalars(select(SheetImport.public_id)).all():
        read_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    write_sheets(app)


def handed_in(app: Flask, browser: FlaskClient, data: bytes = SHEET) -> str:
    place: str = send_sheet(browser, data).headers["Location"]
    work(app)
    return place


def test_a_sheet_waits_is_read_and_becomes_drafts(app: Flask, browser: FlaskClient) -> None:
    place = send_sheet(browser, SHEET).headers["Location"]
    waiting = browser.get(place)
    assert ('http-equiv="refresh" content="2"' in waiting.text, "正在识别" in waiting.text) == (True, True)
    assert "<progress" in waiting.text
    work(app)
    shown = browser.get(place).text
    assert "每个规格各 40 件" in shown
    assert "所有规格一共 40 件" in shown
    assert "第 4 行 D 列" in shown
    assert browser.post(f"{place}/listings", data={"stock_meaning": "total", "markup_percent": "50"}).status_code == 303
    assert 'max="2" value="0"' in browser.get(place).text
    work(app)
    assert "新增 2 款商品草稿（3 个规格）。" in browser.get(place).text


def test_what_is_to_be_looked_at_stands_above_the_button(app: Flask, browser: FlaskClient) -> None:
    rows = ("A1,羊绒围巾,驼色,68.00,99.00,9,2", "以上价格不含税,,,,,,", "A3,手套,灰,abc,59,10,1")
    page = browser.get(handed_in(app, browser, price_sheet(*rows))).text
    places = [page.index(part) for part in ("以上价格不含税", "确认后生成草稿", "这些行没有读入")]
    assert places == sorted(places)


def test_the_form_sent_twice_makes_goods_once(app: Flask, browser: FlaskClient) -> None:
    place = handed_in(app, browser)
    for _ in range(2):
        answers = {"stock_meaning": "total", "markup_percent": "50"}
        assert browser.post(f"{place}/listings", data=answers).status_code == 303
        work(app)
    assert len(session().scalars(select(Listing)).all()) == 2


@pytest.mark.parametrize(
    "answers",
    [
        {"markup_percent": "50"},
        {"stock_meaning": "total"},
        {"stock_meaning": "each", "markup_percent": "50"},
        {"stock_meaning": "total", "markup_percent": "-3"},
        {"stock_meaning": "total", "markup_percent": "1001"},
        {"stock_meaning": "total", "markup_percent": "五十"},
        {"stock_meaning": "total", "markup_percent": "50", "state": "published"},
    ],
)
def test_wrong_answers_are_asked_again(app: Flask, browser: FlaskClient, answers: dict[str, str]) -> None:
    shown = browser.post(f"{handed_in(app, browser)}/listings", data=answers)
    assert (shown.status_code, "生成商品草稿" in shown.text) == (422, True)
    assert session().scalars(select(Listing)).all() == []


def test_nothing_chosen_is_told(browser: FlaskClient) -> None:
    assert browser.post("/factory/sheets", data={}).status_code == 422
    assert "没有收到文件" in send_sheet(browser, b"").text


def test_a_listing_is_changed_and_submitted(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, state="draft")
    place, sku = f"/factory/listings/{listing.public_id}", listing.skus[0]
    form = listing_form(listing, title="羊绒披肩", price_SKU="99.5", stock_SKU="12")
    assert browser.post(place, data=form).status_code == 303
    session().expire_all()
    assert (listing.title, sku.retail_price_fen, sku.on_hand) == ("羊绒披肩", 9_950, 12)
    assert browser.post(f"{place}/submission").status_code == 303
    assert "审核中" in browser.get(place).text


def test_a_listing_is_saved_and_handed_in_with_one_press(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, state="draft")
    form = listing_form(listing, title="羊绒披肩") | {"then": "submit"}
    assert browser.post(f"/factory/listings/{listing.public_id}", data=form).status_code == 303
    session().expire_all()
    assert (listing.title, listing.state) == ("羊绒披肩", "submitted")


def test_words_are_remarked_on_and_nothing_is_saved(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, title="羊绒围巾", state="draft")
    place = f"/factory/listings/{listing.public_id}"
    assert "用词提醒" not in browser.get(place).text
    shown = browser.post(place, data=listing_form(listing, title="全网第①围巾") | {"then": "check"})
    assert (shown.status_code, "全网第①</strong>" in shown.text) == (200, True)
    session().expire_all()
    assert listing.title == "羊绒围巾"


def test_a_draft_with_forbidden_words_is_kept_and_not_handed_in(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, state="draft")
    place = f"/factory/listings/{listing.public_id}"
    shown = browser.post(place, data=listing_form(listing, title="永不褪色围巾") | {"then": "submit"})
    assert (shown.status_code, "“永不褪色”要改：" in shown.text) == (422, True)
    session().expire_all()
    assert (listing.title, listing.state) == ("永不褪色围巾", "draft")


@pytest.mark.parametrize("price", ["-3", "abc", "1000000000", "0", "1.234", "十二", "1,00", "", "NaN", "1e3"])
def test_a_senseless_price_is_kept_in_the_form_and_told(browser: FlaskClient, wei: Actor, price: str) -> None:
    listing = make_listing(wei, state="draft")
    place = f"/factory/listings/{listing.public_id}"
    shown = browser.post(place, data=listing_form(listing, price_SKU=price))
    assert (shown.status_code, "价格请写成数字" in shown.text) == (422, True)


def test_an_unknown_field_is_refused(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, state="draft")
    shown = browser.post(f"/factory/listings/{listing.public_id}", data=listing_form(listing, state="published"))
    assert (shown.status_code, listing.state) == (422, "draft")


def test_a_page_opened_before_a_sale_does_not_bring_pieces_back(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei)
    operations.edit_listing(
        actor=wei, listing=listing.public_id, words={}, prices={}, stock={listing.skus[0].public_id: 4}, now=NOW
    )
    browser.post(f"/factory/listings/{listing.public_id}", data=listing_form(listing))
    session().expire_all()
    assert listing.skus[0].on_hand == 4


def test_the_reason_stands_on_top(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, state="submitted")
    operations.refuse_listing(actor=SYSTEM, listing=listing.public_id, reason="图片和品名不符", now=NOW)
    for place in ("/factory/listings", f"/factory/listings/{listing.public_id}"):
        assert "图片和品名不符" in browser.get(place).text


def test_the_list_counts_states_and_submits_all_drafts(browser: FlaskClient, wei: Actor) -> None:
    for title in ("围巾", "帽子"):
        make_listing(wei, title=title, state="draft")
    assert "提交全部 2 款草稿" in browser.get("/factory/listings").text
    assert browser.post("/factory/listings/submissions").status_code == 303
    assert "已提交 2 款商品" in browser.get("/factory/listings").text
    assert "提交全部" not in browser.get("/factory/listings?state=submitted").text


def count_form(listing: Listing, pieces: str, *, was: str = "10", back: str = "") -> dict[str, str]:
    sku = listing.skus[0].public_id
    return {f"stock_{sku}": pieces, f"was_{sku}": was, "back": back}


def test_stock_is_counted_again_in_the_list(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei)
    place = f"/factory/listings/{listing.public_id}/stock"
    answer = browser.post(place, data=count_form(listing, "7", back="/factory/listings?state=published"))
    assert answer.location == f"/factory/listings?state=published#{listing.public_id}"
    session().expire_all()
    assert (listing.skus[0].on_hand, listing.state) == (7, "published")
    away = browser.post(place, data=count_form(listing, "8", was="7", back="//elsewhere.example"))
    assert away.location.startswith("/factory/listings#")


@pytest.mark.parametrize("pieces", ["-1", "x", "", "1.5", "99999999999"])
def test_a_senseless_count_is_kept_and_told(browser: FlaskClient, wei: Actor, pieces: str) -> None:
    listing = make_listing(wei)
    shown = browser.post(f"/factory/listings/{listing.public_id}/stock", data=count_form(listing, pieces))
    assert (shown.status_code, f'value="{pieces}"' in shown.text) == (422, True)
    session().expire_all()
    assert listing.skus[0].on_hand == 10


def test_a_count_left_as_it_was_brings_no_pieces_back(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei)
    known = {"actor": wei, "listing": listing.public_id, "words": {}, "prices": {}, "now": NOW}
    operations.edit_listing(stock={listing.skus[0].public_id: 4}, **known)
    browser.post(f"/factory/listings/{listing.public_id}/stock", data=count_form(listing, "10"))
    session().expire_all()
    assert listing.skus[0].on_hand == 4


def test_a_page_opened_before_a_new_price_does_not_bring_the_old_one_back(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei)
    sku, place = listing.skus[0].public_id, f"/factory/listings/{listing.public_id}"
    shown = re.search(rf'name="priced_{sku}" value="([^"]*)"', browser.get(place).text)
    form = listing_form(listing, price_SKU="128.00", priced_SKU=shown[1] if shown else "", stock_SKU="9")
    operations.edit_listing(actor=wei, listing=listing.public_id, words={}, prices={sku: 15_800}, stock={}, now=NOW)
    assert browser.post(place, data=form).status_code == 303
    session().expire_all()
    assert (listing.skus[0].retail_price_fen, listing.skus[0].on_hand) == (15_800, 9)


@pytest.mark.parametrize("page", ["", "/stock"])
def test_pieces_that_moved_since_the_page_was_opened_are_counted_again(
    browser: FlaskClient, wei: Actor, page: str
) -> None:
    listing = make_listing(wei)
    sku, place = listing.skus[0].public_id, f"/factory/listings/{listing.public_id}{page}"
    known = {"actor": wei, "listing": listing.public_id, "words": {}, "prices": {}, "now": NOW}
    operations.edit_listing(stock={sku: 7}, **known)
    form = count_form(listing, "12") if page else listing_form(listing, stock_SKU="12")
    told = browser.post(place, data=form)
    session().expire_all()
    assert (told.status_code, listing.skus[0].on_hand, "刚刚变成 7 件" in told.text) == (422, 7, True)
    assert f'name="was_{sku}" value="7"' in told.text
    assert browser.post(place, data=form | {f"was_{sku}": "7"}).status_code == 303
    session().expire_all()
    assert listing.skus[0].on_hand == 12


def test_what_is_nearly_sold_out_has_a_list_of_its_own(browser: FlaskClient, wei: Actor) -> None:
    make_listing(wei, title="围巾", stock=(10, 5))
    make_listing(wei, title="帽子", stock=(6,))
    make_listing(wei, title="手套", stock=(0,), state="draft")
    shown = browser.get("/factory/listings?state=scarce").text
    assert [title in shown for title in ("围巾", "帽子", "手套")] == [True, False, False]


@pytest.mark.parametrize("address", ["/factory/listings", "/factory/listings?state=scarce", "LISTING"])
def test_pages_of_goods_ask_few_questions(browser: FlaskClient, wei: Actor, address: str) -> None:
    counts = []
    for _more in range(3):
        listing = make_listing(wei, stock=(1, 2, 3))
        with statements() as asked:
            assert browser.get(address.replace("LISTING", f"/factory/listings/{listing.public_id}")).status_code == 200
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 10, asked


PLACES: list[Callable[[FlaskClient, str, str], int]] = [
    lambda browser, sheet, _listing: browser.get(sheet).status_code,
    lambda browser, sheet, _listing: browser.post(f"{sheet}/listings").status_code,
    lambda browser, _sheet, listing: browser.get(listing).status_code,
    lambda browser, _sheet, listing: browser.post(listing).status_code,
    lambda browser, _sheet, listing: browser.post(f"{listing}/submission").status_code,
    lambda browser, _sheet, listing: browser.post(f"{listing}/archiving").status_code,
    lambda browser, _sheet, listing: browser.post(f"{listing}/relisting").status_code,
    lambda browser, _sheet, listing: browser.post(f"{listing}/stock").status_code,
]


def test_a_stranger_sees_nothing(app: Flask, browser: FlaskClient, wei: Actor) -> None:
    sheet = handed_in(app, browser)
    listing = f"/factory/listings/{make_listing(wei).public_id}"
    stranger = signed_in(app, make_factory(YU))
    assert {ask(stranger, sheet, listing) for ask in PLACES} == {404}
    assert listing not in stranger.get("/factory/listings").text
    assert sheet not in stranger.get("/factory/sheets").text


SAID = {
    "zh": ("上传价目表", "生成商品草稿", "按状态看", "零售价和库存"),
    "en": ("Upload a price sheet", "Make draft listings", "By state", "Retail prices and stock"),
}


@pytest.mark.parametrize("language", SAID)
def test_every_page_speaks_both_languages(app: Flask, browser: FlaskClient, wei: Actor, language: str) -> None:
    with browser.session_transaction() as kept:
        kept["locale"] = language
    sheet, listing = handed_in(app, browser), f"/factory/listings/{make_listing(wei).public_id}"
    pages = [browser.get(place) for place in ("/factory/sheets", sheet, "/factory/listings", listing)]
    assert [page.status_code for page in pages] == [200] * 4
    assert all(word in page.text for word, page in zip(SAID[language], pages, strict=True))
