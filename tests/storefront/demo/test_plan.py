"""The plan of the demo: the same on every load of a day, whole on every day of the week, and never in the future."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from kernel.clock import business_date
from storefront.demo.days import DAYS, Calendar
from storefront.demo.factories import FACTORIES, TOLD
from storefront.demo.fates import Fate
from storefront.demo.merchants import BO, WEI
from storefront.demo.papers import reading_of
from storefront.demo.trade import Purchase, purchases

MOMENTS = [datetime(2026, 3, 2, 4, tzinfo=UTC) + timedelta(days=day) for day in range(7)]
JUST_AFTER_MIDNIGHT = datetime(2026, 3, 1, 16, 0, 5, tzinfo=UTC)
JUST_BEFORE_MIDNIGHT = datetime(2026, 3, 1, 15, 59, 55, tzinfo=UTC)


@pytest.fixture(params=[*MOMENTS, JUST_AFTER_MIDNIGHT, JUST_BEFORE_MIDNIGHT], ids=str)
def calendar(request: pytest.FixtureRequest) -> Calendar:
    return Calendar(request.param)


def test_factories_were_founded_in_the_year_of_their_licence() -> None:
    years = {
        one.sheet: reading_of(one.uscc).fields["established_on"].value[:4] for one in FACTORIES if one.sheet in TOLD
    }
    assert years == {sheet: str(told.founded) for sheet, told in TOLD.items()}


def test_the_same_moment_gives_the_same_plan(calendar: Calendar) -> None:
    assert purchases(calendar) == purchases(Calendar.since(calendar.began))


def test_the_same_day_gives_the_same_deeds() -> None:
    morning, evening = (Calendar(datetime(2026, 3, 2, hour, tzinfo=UTC)) for hour in (1, 14))
    assert [_deeds(one) for one in purchases(morning)] == [_deeds(one) for one in purchases(evening)]


def test_everything_has_happened_and_in_its_order(calendar: Calendar) -> None:
    for purchase in purchases(calendar):
        order = [
            step for step in ("pay", "pack", "ship", "receive", "ask", "agree", "confirm") if step in purchase.steps
        ]
        moments = [purchase.at, *(purchase.steps[step] for step in order)]
        if purchase.fate is not Fate.CALLED_OFF:
            assert moments == sorted(moments)
        assert max(moments) <= calendar.now


def test_no_two_checkouts_of_a_shopper_share_a_moment(calendar: Calendar) -> None:
    found = Counter((purchase.shopper.phone, purchase.at) for purchase in purchases(calendar))
    assert set(found.values()) == {1}


def test_nothing_comes_after_the_last_checkout(calendar: Calendar) -> None:
    *rest, last = purchases(calendar)
    assert max(moment for one in rest for moment in (one.at, *one.steps.values())) < last.at


@pytest.mark.parametrize("shop", [WEI, BO.phone])
def test_every_day_something_waits_for_both_kinds_of_sellers(calendar: Calendar, shop: str) -> None:
    ends = {tuple(one.steps)[-1] for one in purchases(calendar) if one.shop == shop and one.steps}
    assert ends >= {"pay", "pack", "ship", "ask", "agree", "confirm"}


def test_trade_grows_and_weekends_are_busy(calendar: Calendar) -> None:
    days = Counter(business_date(purchase.at) for purchase in purchases(calendar))
    thirds = [sum(days[calendar.day(day)] for day in range(first, first + 30)) for first in (1, 31, 61)]
    assert thirds[0] * 1.2 < thirds[1] < thirds[2] / 1.2
    weekend = [days[calendar.day(day)] for day in range(1, DAYS) if calendar.day(day).weekday() >= 5]
    week = [days[calendar.day(day)] for day in range(1, DAYS) if calendar.day(day).weekday() < 5]
    assert sum(weekend) / len(weekend) > 1.2 * sum(week) / len(week)


def _deeds(purchase: Purchase) -> tuple[str, str, str, list[str]]:
    return purchase.shopper.phone, purchase.shop, purchase.fate, list(purchase.steps)
