"""A seller's money by days: what comes when, what was settled when, and what a page says of it."""

from collections.abc import Callable
from datetime import date, timedelta

from commission.settlement.desk import Due, course, days_of, dues, last_payout, settled_days
from commission.settlement.operations import refund_sale, settle
from commission.settlement.queries import held_lines, statement
from commission.settlement.rules import Sale
from kernel.money import Money
from kernel.permissions import SYSTEM
from tests.cast import NOW
from tests.commission.conftest import WEI_FACTORY


def test_what_comes_is_summed_by_its_day(make_sale: Callable[..., Sale], release: date) -> None:
    for _ in range(3):
        make_sale("600.00")
    net = held_lines(WEI_FACTORY)[1].net
    assert dues(WEI_FACTORY) == [Due(release, 3, net)]
    assert dues("fac_other") == []
    assert last_payout(WEI_FACTORY) is None
    settle(day=release, actor=SYSTEM, now=NOW)
    assert (dues(WEI_FACTORY), settled_days(WEI_FACTORY)) == ([], [Due(release, 3, net)])
    assert settled_days(WEI_FACTORY, until=release) == []


def test_the_sums_of_days_are_those_of_the_statement(make_sale: Callable[..., Sale], release: date) -> None:
    sale = make_sale("600.00")
    make_sale("20.00")
    refund_sale(order=sale.order, refund="rf_1", goods=Money(10_000), freight=Money(0), actor=SYSTEM, now=NOW)
    lines, totals = held_lines(WEI_FACTORY)
    [day] = days_of(dues(WEI_FACTORY), lines)
    assert (day.due.fen, day.due.orders, list(day.lines)) == (totals.net, 2, list(lines))
    settle(day=release, actor=SYSTEM, now=NOW)
    settled = statement(WEI_FACTORY)
    [day] = days_of(settled_days(WEI_FACTORY), settled.lines)
    assert (day.due.fen, list(day.lines)) == (settled.totals.net, list(settled.lines))


def test_a_month_is_drawn_by_the_day_and_all_of_it_by_the_month() -> None:
    first = date(2026, 3, 1)
    known = [Due(first + timedelta(days=days), 1, 100) for days in (0, 2, 31)]
    month = course(known[:2], since=first, until=date(2026, 4, 1))
    assert month == [(first, 100), (date(2026, 3, 2), 0), (date(2026, 3, 3), 100)]
    assert course(known, since=None, until=None) == [("2026-03", 200), ("2026-04", 100)]
    assert course([], since=first, until=date(2026, 4, 1)) == [(first, 0)]
