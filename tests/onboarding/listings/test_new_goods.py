"""One goods filled in by hand, without JavaScript, becomes a draft as it was typed."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.audit import AuditRow
from kernel.db import session
from onboarding.listings import submissions
from onboarding.listings.models import Listing
from tests.cast import WEI
from tests.support.goods import make_factory, make_listing, signed_in, write_sheets

PAGE = "/factory/listings/new"
GLASSES = {"title": "近视眼镜 黑框", "retail": "128", "supply": "35", "least": "10", "pieces": "300", "code": "D-88"}


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return signed_in(app, make_factory(WEI, state="submitted"))


def test_what_was_filled_in_becomes_a_draft(browser: FlaskClient) -> None:
    answer = browser.post(PAGE, data={**GLASSES, "colours": "黑、银 金", "sizes": "M/L"})
    write_sheets(browser.application)
    [made] = session().scalars(select(Listing))
    assert (made.title, made.code, made.state) == ("近视眼镜 黑框", "D-88", "draft")
    assert {(sku.retail_price_fen, sku.on_hand) for sku in made.skus} == {(12_800, 300)}
    assert [tuple(sku.options.values()) for sku in made.skus][:2] == [("黑", "M"), ("黑", "L")]
    assert [(tier.min_quantity, tier.unit_price_fen) for tier in made.tiers] == [(10, 3_500)]
    assert "新增 1 款商品草稿" in browser.get(answer.headers["Location"]).text


def test_figures_may_be_written_as_people_write_them(browser: FlaskClient) -> None:
    typed = {"retail": "￥1,280元", "supply": "９９．５", "pieces": "3,000 件", "least": "2件", "sizes": "S-XL"}
    browser.post(PAGE, data=GLASSES | typed)
    write_sheets(browser.application)
    [made] = session().scalars(select(Listing))
    assert {(sku.retail_price_fen, sku.on_hand) for sku in made.skus} == {(128_000, 3_000)}
    assert [(tier.min_quantity, tier.unit_price_fen) for tier in made.tiers] == [(2, 9_950)]
    assert [sku.options["尺码"] for sku in made.skus] == ["S", "M", "L", "XL"]


def test_what_is_called_optional_may_stay_empty(browser: FlaskClient) -> None:
    page = browser.get(PAGE).text
    asked = re.findall(r'<label class="field-label" for="(\w+)">(.*?)</label>', page, re.DOTALL)
    typed = {"title": "羊绒围巾", "retail": "99", "pieces": "3"}
    assert typed.keys() == {name for name, label in asked if "选填" not in label}
    browser.post(PAGE, data={name: "" for name, _label in asked} | typed)
    write_sheets(browser.application)
    [made] = session().scalars(select(Listing))
    assert {way.min_quantity for way in made.ways} == {1}
    assert [sku.on_hand for sku in made.skus] == [3]


@pytest.mark.parametrize("pieces", ["", "很多"])
def test_goods_made_to_order_have_no_stock(browser: FlaskClient, pieces: str) -> None:
    browser.post(PAGE, data={**GLASSES, "pieces": pieces, "to_order": "1"})
    write_sheets(browser.application)
    assert [(sku.made_to_order, sku.on_hand) for sku in session().scalars(select(Listing)).one().skus] == [(True, 0)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"title": ""}, "品名"),
        ({"retail": "很便宜"}, "价格"),
        ({"pieces": "-3"}, "整数"),
        ({"pieces": ""}, "整数"),
        ({"category": "没有这一类"}, "请从列出的选项里选一个"),
        ({"colours": " ".join(f"色{at}" for at in range(15)), "sizes": " ".join(map(str, range(30, 45)))}, "200"),
        ({"colours": "红=绿"}, "不能有等号"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(browser: FlaskClient, typed: dict[str, str], told: str) -> None:
    answer = browser.post(PAGE, data=GLASSES | typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="D-88"' in answer.text


def test_goods_that_are_there_already_are_not_written_over(app: Flask) -> None:
    wei = make_factory(WEI)
    make_listing(wei, title="羊绒围巾")
    there = session().scalars(select(Listing.code)).one()
    answer = signed_in(app, wei).post(PAGE, data={**GLASSES, "code": there})
    assert "这款您已经有了" in answer.text


def test_drafts_that_stay_behind_say_why_and_keep_no_other(app: Flask) -> None:
    wei = make_factory(WEI)
    for title in ("全国第一围巾", "羊绒围巾"):
        make_listing(wei, title=title, state="draft")
    browser = signed_in(app, wei)
    told = browser.post("/factory/listings/submissions", follow_redirects=True).text
    for words in ("已提交 1 款商品", "“全国第一围巾”没有提交", "全国第一”要改"):
        assert words in told, words


def test_many_drafts_are_handed_in_by_lots_that_leave_the_rest_for_another_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "MOST", 3)
    monkeypatch.setattr(submissions, "_AT_ONCE", 2)
    wei = make_factory(WEI)
    for title in ("全国第一围巾", *(f"羊绒围巾 {number}" for number in range(5))):
        make_listing(wei, title=title, state="draft")
    browser = signed_in(app, wei)
    told = browser.post("/factory/listings/submissions", follow_redirects=True).text
    for words in ("已提交 3 款商品", "“全国第一围巾”没有提交", "还有 2 款草稿没轮到"):
        assert words in told, words
    lots = session().scalars(select(AuditRow.changes).where(AuditRow.operation == "listing.submit_all")).all()
    assert len(lots) == 2
    assert "已提交 2 款商品" in browser.post("/factory/listings/submissions", follow_redirects=True).text
