"""From one sentence to a draft, without JavaScript: what was read is shown, what was not is asked, nothing is lost."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import Actor
from onboarding.listings.models import Listing, SheetImport
from onboarding.listings.tasks import read_sheet
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, price_sheet, send_sheet, signed_in, write_sheets

SCARF = "纯羊绒围巾 驼色/黑色 出厂价118 零售价199 代发价128 起批5条 现货2400"
PAGE = "/factory/sentences"


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI, state="submitted")


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def say(browser: FlaskClient, text: str) -> str:
    place: str = browser.post(PAGE, data={"sentences": text}).headers["Location"]
    return place


def drafts(browser: FlaskClient) -> list[Listing]:
    write_sheets(browser.application)
    return list(session().scalars(select(Listing).order_by(Listing.id)))


def test_a_sentence_is_shown_asked_about_and_becomes_a_draft(browser: FlaskClient) -> None:
    place = say(browser, SCARF)
    shown = browser.get(place).text
    for part in (SCARF, "颜色 驼色、黑色", "¥118.00", "¥199.00", "¥128.00", "5 件起", "每个规格各 2400 件", "服饰针织"):
        assert part in shown, part
    assert browser.post(f"{place}/listings", data={"stock_meaning": "total"}).status_code == 303
    (made,) = drafts(browser)
    assert (made.title, made.state, [sku.on_hand for sku in made.skus]) == ("纯羊绒围巾", "draft", [1200, 1200])
    assert "再写一句" in browser.get(place).text


def test_a_draft_of_a_sentence_equals_that_of_a_sheet(app: Flask, browser: FlaskClient) -> None:
    browser.post(f"{say(browser, SCARF)}/listings", data={"stock_meaning": "total"})
    other = make_factory(YU)
    table = "品名,颜色,出厂价,零售价,代发价,起订量,库存\n纯羊绒围巾,驼色/黑色,118,199,128,5,2400\n".encode()
    place = send_sheet(signed_in(app, other), table).headers["Location"]
    (sheet,) = session().scalars(select(SheetImport.public_id).where(SheetImport.state == "waiting"))
    read_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    signed_in(app, other).post(f"{place}/listings", data={"stock_meaning": "total"})
    said, tabled = (_facts(listing) for listing in drafts(browser))
    assert said == tabled


def _facts(listing: Listing) -> dict[str, object]:
    names = ("code", "title", "category", "attributes", "description", "image", "state")
    skus = [(sku.options, sku.retail_price_fen, sku.supply_price_fen, sku.on_hand) for sku in listing.skus]
    ways = sorted((way.way, way.min_quantity, way.drop_ship_price_fen) for way in listing.ways)
    tiers = [(tier.min_quantity, tier.unit_price_fen) for tier in listing.tiers]
    return {**{name: getattr(listing, name) for name in names}, "skus": skus, "ways": ways, "tiers": tiers}


def test_several_lines_are_several_goods_and_the_same_twice_is_once(browser: FlaskClient) -> None:
    place = say(browser, f"羊绒帽 出厂价38 零售价69\n\n{SCARF}\n羊绒帽 出厂价39 零售价70")
    shown = browser.get(place).text
    assert "第 3 行" in shown
    assert "在第 1 行已经出现过" in shown
    browser.post(f"{place}/listings", data={"stock_meaning": "total"})
    assert [listing.title for listing in drafts(browser)] == ["羊绒帽", "纯羊绒围巾"]


def test_what_is_unclear_is_asked_and_no_price_is_made_up(browser: FlaskClient) -> None:
    shown = browser.get(say(browser, "羊绒围巾 6个颜色 出厂价110-128 现货300")).text
    assert "没有写是哪些颜色" in shown
    assert "不是一个定价" in shown
    assert "没有读到出厂价和零售价" in shown
    assert "生成商品草稿" not in shown


def test_every_line_is_numbered_and_every_variant_has_its_price_and_stock(browser: FlaskClient) -> None:
    lines = ["行李箱 黑/白 20寸128 24寸158", "", "毛巾 黑色500件 白色300件 12元", "苏打水一箱24瓶 480一箱 5箱起送"]
    shown = browser.get(say(browser, "\n".join(lines))).text
    for row, line in enumerate((line for line in lines if line), start=1):
        assert f'<li value="{row}">{line}</li>' in shown
    for part in ('lang="zh-CN">24寸</span>', "¥158.00", "黑色 500 · 白色 300", "5 箱起", "/ 箱"):
        assert part in shown, part
    assert 'lang="zh-CN">黑 24寸</span>' not in shown


def test_what_was_written_can_be_written_better(browser: FlaskClient) -> None:
    place = say(browser, "羊绒围巾 出厂价110-128")
    again = f"{PAGE}?of={place.rsplit('/', maxsplit=1)[-1]}"
    assert again in browser.get(place).text
    assert "羊绒围巾 出厂价110-128</textarea>" in browser.get(again).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "还没有写"),
        (" \n\n ", "还没有写"),
        ("出厂价118 起批5条", "没有品名"),
        ("围巾 8元\n" * 21, "一次最多 20 行"),
        ("围" * 2001, "超过 2000 个字"),
        ("围" * 4001, "请写 1 到 4000 个字"),
    ],
)
def test_a_refusal_keeps_what_was_typed(browser: FlaskClient, typed: str, told: str) -> None:
    shown = browser.post(PAGE, data={"sentences": typed})
    assert (shown.status_code, told in shown.text) == (422, True)
    assert typed.strip() in shown.text
    assert session().scalars(select(SheetImport)).all() == []


def test_a_stranger_finds_neither_the_page_nor_what_was_written(app: Flask, browser: FlaskClient) -> None:
    place = say(browser, SCARF)
    stranger = signed_in(app, make_factory(YU))
    assert stranger.get(place).status_code == 404
    assert stranger.get(f"{PAGE}?of={place.rsplit('/', maxsplit=1)[-1]}").status_code == 404


def test_sheets_have_no_sentence_to_write_anew(app: Flask, browser: FlaskClient) -> None:
    place = send_sheet(browser, price_sheet("A1,羊绒围巾,驼色,68.00,,960,2")).headers["Location"]
    assert "</textarea>" in browser.get(f"{PAGE}?of={place.rsplit('/', maxsplit=1)[-1]}").text


def test_the_way_to_it_stands_where_goods_are_added(browser: FlaskClient) -> None:
    for page in ("/factory/listings", "/factory/sheets"):
        assert f'href="{PAGE}"' in browser.get(page).text
    assert browser.get(f"{PAGE}?lang=en").status_code == 200


def test_too_many_in_an_hour_are_told_so_on_the_page(browser: FlaskClient) -> None:
    answers = [browser.post(PAGE, data={"sentences": "围巾 8元"}) for _ in range(61)]
    assert (answers[59].status_code, answers[60].status_code) == (303, 429)
    assert "围巾 8元</textarea>" in answers[60].text
