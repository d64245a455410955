"""Texts of both languages: counts, money, rates, and refusals filled with their params."""

from datetime import UTC, datetime

import pytest
from flask import Flask, g

from kernel.errors import DomainError
from kernel.i18n import coded_text, error_text, format_moment, gettext, ngettext, percent, yuan
from kernel.text import lazy

PIECES = "只剩 %(num)s 件"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [("en", 1, "1 result"), ("en", 0, "0 results"), ("en", 2, "2 results"), ("zh", 1, "1 件"), ("zh", 2, "2 件")],
)
def test_a_count_is_said_in_the_language_of_the_page(app: Flask, language: str, count: int, said: str) -> None:
    with app.test_request_context():
        g.locale = language
        assert ngettext("%(num)s 件", "%(num)s 件", count) == said


def test_outside_a_page_chinese_is_spoken() -> None:
    assert ngettext(PIECES, PIECES, 3) == "只剩 3 件"
    assert gettext("加入购物车") == "加入购物车"


@pytest.mark.parametrize(
    ("fen", "said"), [(0, "0.00"), (5, "0.05"), (126800, "1,268.00"), (-1, "−0.01"), (100000001, "1,000,000.01")]
)
def test_fen_are_said_in_yuan(fen: int, said: str) -> None:
    assert yuan(fen) == said


@pytest.mark.parametrize(("points", "said"), [(0, "0%"), (5, "0.05%"), (50, "0.5%"), (100, "1%"), (125, "1.25%")])
def test_basis_points_are_said_in_percent(points: int, said: str) -> None:
    assert percent(points) == said


def test_a_moment_is_unmistakable_in_both_languages(app: Flask) -> None:
    moment = datetime(2026, 3, 4, 7, 4, tzinfo=UTC)
    with app.test_request_context():
        g.locale = "en"
        assert format_moment(moment) == "4 Mar 2026, 15:04"
        g.locale = "zh"
        assert format_moment(moment) == "2026/3/4 15:04"


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
