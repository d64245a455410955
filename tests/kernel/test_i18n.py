"""Texts of both languages: counts, money, rates, and refusals filled with their params."""

import pytest
from flask import Flask, g

from kernel.errors import DomainError
from kernel.i18n import coded_text, error_text, gettext, ngettext, said
from kernel.text import lazy
from kernel.wording import Words

PIECES = "只剩 %(num)s 件"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 result"),
        ("en", 0, "0 results"),
        ("en", 2, "2 results"),
        ("en", 12_345, "12,345 results"),
        ("zh", 1, "1 件"),
        ("zh", 12_345, "12,345 件"),
    ],
)
def test_a_count_is_said_in_the_language_of_the_page(app: Flask, language: str, count: int, said: str) -> None:
    with app.test_request_context():
        g.locale = language
        assert ngettext("%(num)s 件", "%(num)s 件", count) == said


def test_outside_a_page_chinese_is_spoken() -> None:
    assert ngettext(PIECES, PIECES, 3) == "只剩 3 件"
    assert gettext("加入购物车") == "加入购物车"


def test_a_percent_sign_is_only_filled_in_when_there_are_params() -> None:
    said = "货款的 0.5%，运费不算"
    assert gettext(said) == said


def test_a_missing_param_is_an_error() -> None:
    with pytest.raises(KeyError, match="left"):
        gettext("只剩 %(left)s 件", right=1)
    with pytest.raises(KeyError, match="seconds"):
        error_text(DomainError("rate.limited"))


@pytest.mark.parametrize(("language", "carrier"), [("zh", "圆通速递"), ("en", "YTO Express")])
def test_a_param_that_is_a_text_itself_is_translated(language: str, carrier: str) -> None:
    params = {"carrier": lazy("圆通速递")}
    assert carrier in coded_text("field.tracking_of_another", params, language=language)


def test_what_people_typed_is_never_translated() -> None:
    assert "“草稿”" in coded_text("cart.sold_out", {"title": "草稿"}, language="en")


def test_a_text_of_nothing_is_nothing() -> None:
    assert gettext("") == ""


def test_what_people_typed_stays_and_what_the_house_says_is_translated(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert (said("源头"), said(lazy("源头"))) == ("源头", "Yuantou")


@pytest.mark.parametrize(
    ("language", "count", "part"),
    [("en", 1, "1 piece is being"), ("en", 1_200, "1,200 pieces are being"), ("zh", 1_200, "有 1,200 件退货")],
)
def test_words_are_said_in_the_language_of_the_reader(language: str, count: int, part: str) -> None:
    text = "订单 %(number)s 有 %(num)s 件退货要寄回。收到、看过货后，请到订单里确认收到退货。"
    assert part in Words(text, {"number": "Y1001-1"}, count=count).said_in(language)


def test_words_translate_what_they_are_filled_with() -> None:
    text = "%(shop)s 已发出您的订单 %(number)s，%(carrier)s 单号 %(tracking)s。"
    words = Words(text, {"shop": "草稿", "number": "Y1001-1", "carrier": lazy("圆通速递"), "tracking": "YT73"})
    assert words.said_in("en").startswith("草稿 has shipped your order Y1001-1 with YTO Express")
