"""Money, rates, counts and times as people of each language write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st

from kernel.i18n import (
    amount,
    format_clock,
    format_day,
    format_days,
    format_moment,
    format_month,
    format_short_day,
    format_since,
    number,
    percent,
    tally,
    typed,
    yuan,
)

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
FEN = st.integers(-(10**13), 10**13)


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        g.locale = "en"
        yield


@pytest.mark.parametrize(
    ("fen", "said", "short"),
    [
        (0, "0.00", "0"),
        (5, "0.05", "0.05"),
        (126800, "1,268.00", "1,268"),
        (-1, "−0.01", "−0.01"),
        (100000001, "1,000,000.01", "1,000,000.01"),
    ],
)
def test_fen_are_said_in_yuan(fen: int, said: str, short: str) -> None:
    assert (yuan(fen), yuan(fen, short=True)) == (said, short)


def test_money_has_its_sign_before_it() -> None:
    assert (amount(126800), amount(-1), amount(100, short=True)) == ("¥1,268.00", "−¥0.01", "¥1")


@given(FEN)
def test_no_fen_is_lost_in_saying_or_typing_an_amount(fen: int) -> None:
    for said in (yuan(fen), yuan(fen, short=True), typed(fen)):
        assert Decimal(said.replace(",", "").replace("−", "-")) * 100 == fen
    assert "," not in typed(fen)


@pytest.mark.parametrize(("points", "said"), [(0, "0%"), (5, "0.05%"), (50, "0.5%"), (100, "1%"), (125, "1.25%")])
def test_basis_points_are_said_in_percent(points: int, said: str) -> None:
    assert percent(points) == said


@given(st.integers(0, 10**7))
def test_no_basis_point_is_lost(points: int) -> None:
    assert Decimal(percent(points).removesuffix("%").replace(",", "")) * 100 == points


@pytest.mark.parametrize(
    ("count", "chinese", "said"),
    [(0, "0", "0"), (9_999, "9,999", "9,999"), (12_345, "1.2 万", "12.3K"), (123_456_789, "1.2 亿", "123.5M")],
)
def test_a_large_number_is_said_in_short(app: Flask, count: int, chinese: str, said: str) -> None:
    with app.test_request_context():
        g.locale = "zh"
        assert tally(count) == chinese
        g.locale = "en"
        assert tally(count) == said


@given(st.integers(0, 10**12))
def test_a_number_keeps_all_its_digits(count: int) -> None:
    assert int(number(count).replace(",", "")) == count


SINCE = [
    (timedelta(seconds=-5), "刚刚", "just now"),
    (timedelta(seconds=59), "刚刚", "just now"),
    (timedelta(minutes=-3), "3 分钟前", "3 minutes ago"),
    (timedelta(hours=-1), "1 小时前", "1 hour ago"),
    (timedelta(days=-3), "3 天前", "3 days ago"),
    (timedelta(hours=5), "5 小时后", "in 5 hours"),
]


@pytest.mark.parametrize(("apart", "chinese", "said"), SINCE)
def test_how_long_ago(app: Flask, apart: timedelta, chinese: str, said: str) -> None:
    with app.test_request_context():
        g.locale = "zh"
        assert format_since(NOON + apart, NOON) == chinese
        g.locale = "en"
        assert format_since(NOON + apart, NOON) == said


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=4000)))
def test_what_was_is_never_said_to_come(apart: timedelta) -> None:
    assert format_since(NOON - apart, NOON).endswith("前")
    assert format_since(NOON + apart, NOON).endswith("后")


def test_a_moment_is_told_in_shanghai_and_unmistakable() -> None:
    assert format_moment(datetime(2026, 3, 4, 7, 4, tzinfo=UTC)) == "2026/3/4 15:04"
    assert format_moment(datetime(2026, 3, 4, 16, 0, tzinfo=UTC)) == "2026/3/5 00:00"
    assert format_clock(datetime(2026, 3, 4, 18, 17, 40, tzinfo=UTC)) == "02:17"


def test_days_in_chinese() -> None:
    day = date(2026, 3, 4)
    assert (format_day(day), format_short_day(day), format_month("2026-03")) == ("2026年3月4日", "3/4", "2026年3月")
    assert format_days(day, date(2026, 3, 8)) == "2026年3月4日至8日"


@pytest.mark.usefixtures("english")
def test_days_in_english() -> None:
    day = date(2026, 3, 4)
    assert (format_day(day), format_short_day(day), format_month("2026-03")) == ("4 Mar 2026", "4 Mar", "Mar 2026")
    assert format_days(day, date(2026, 3, 8)) == "4–8 Mar 2026"
    assert format_moment(datetime(2026, 3, 4, 7, 4, tzinfo=UTC)) == "4 Mar 2026, 15:04"
