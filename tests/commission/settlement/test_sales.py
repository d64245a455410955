"""Sales on the books: held, received, refunded, settled; every order's money accounted for."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from unittest.mock import Mock

import pytest
from flask import Flask

from commission.ledger.queries import balances, verify
from commission.rates.operations import publish_card
from commission.settlement import operations
from commission.settlement.operations import (
    record_receipt,
    record_refund_paid,
    record_sale,
    record_unallocated,
    refund_sale,
    settle,
    settle_batch,
)
from commission.settlement.queries import held_lines, statement, verify_books
from commission.settlement.rules import Sale, month_span, release_day
from kernel.errors import DomainError, ForbiddenError, NotFoundError
from kernel.money import Money
from kernel.permissions import ANONYMOUS, SYSTEM
from tests.cast import NOW, yuan
from tests.commission.conftest import WEI_FACTORY, sale_of

MakeSale = Callable[..., Sale]


def refund(sale: Sale, goods: str, freight: str = "0.00", ref: str = "rf_1") -> Money:
    parts = {"goods": Money(yuan(goods)), "freight": Money(yuan(freight))}
    return refund_sale(order=sale.order, refund=ref, **parts, actor=SYSTEM, now=NOW)


def wei() -> dict[str, int]:
    return {kind: fen for kind, fen in balances(WEI_FACTORY, currency="CNY").items() if fen}


def platform() -> dict[str, int]:
    return {kind: fen for kind, fen in balances("platform", currency="CNY").items() if fen}


@pytest.mark.parametrize(
    ("received", "released"),
    [
        (datetime(2026, 3, 2, 15, 59, 59, 999_999, tzinfo=UTC), date(2026, 3, 10)),
        (datetime(2026, 3, 2, 16, 0, tzinfo=UTC), date(2026, 3, 11)),
    ],
)
def test_money_is_released_seven_days_and_one_after_the_shanghai_day_of_receipt(
    received: datetime, released: date
) -> None:
    assert release_day(received) == released


def test_a_month_is_its_days() -> None:
    assert month_span("2025-12") == (date(2025, 12, 1), date(2026, 1, 1))


def test_a_paid_sale_is_held(make_sale: MakeSale) -> None:
    make_sale("599.00", received=False)
    assert wei() == {"held": -yuan("607.00")}
    assert platform() == {"processing_cost": 364}


def test_recording_a_sale_twice_books_it_once(app: Flask) -> None:
    for _ in range(2):
        record_sale(sale=sale_of("y1-1"), actor=SYSTEM, now=NOW)
    assert verify().entries == 1


def test_a_sale_with_a_fee_above_its_amount_is_no_sale() -> None:
    with pytest.raises(ValueError, match="within them"):
        sale_of("y1-1", processing=Money(yuan("700.00")))


def test_settling_takes_commission_and_processing_and_leaves_the_rest_payable(
    make_sale: MakeSale, release: date
) -> None:
    make_sale("599.00")
    assert settle(day=release, actor=SYSTEM, now=NOW) == 1
    assert wei() == {"payable": -(60_700 - 300 - 364)}
    assert platform() == {"commission": -300}


def test_nothing_is_settled_a_day_early_or_before_receipt(make_sale: MakeSale, release: date) -> None:
    make_sale()
    make_sale(received=False)
    assert settle(day=release - timedelta(days=1), actor=SYSTEM, now=NOW) == 0
    assert settle(day=release, actor=SYSTEM, now=NOW) == 1


def test_settling_twice_settles_once(make_sale: MakeSale, release: date) -> None:
    make_sale()
    assert [settle(day=release, actor=SYSTEM, now=NOW) for _ in range(2)] == [1, 0]
    assert verify_books().ok


def test_a_settlement_killed_in_a_batch_leaves_nothing_and_runs_again(
    make_sale: MakeSale, release: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_sale()
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):  # noqa: PT012  one act in a setting
        killed.setattr(operations, "publish", Mock(side_effect=KeyboardInterrupt))
        settle(day=release, actor=SYSTEM, now=NOW)
    assert wei() == {"held": -3 * 60_700}
    assert settle(day=release, actor=SYSTEM, now=NOW) == 3
    assert verify_books().ok


def test_a_long_day_is_settled_in_batches(make_sale: MakeSale, release: date, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make_sale()
    monkeypatch.setattr(operations, "_BATCH", 2)
    assert settle_batch(day=release, actor=SYSTEM, now=NOW) == 2
    assert settle(day=release, actor=SYSTEM, now=NOW) == 1


def test_the_first_receipt_counts(make_sale: MakeSale, release: date) -> None:
    sale = make_sale()
    later = NOW + timedelta(days=3)
    assert record_receipt(order=sale.order, received_at=later, actor=SYSTEM, now=later) == release


def test_an_unknown_order_is_not_received(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        record_receipt(order="ord_x", received_at=NOW, actor=SYSTEM, now=NOW)


def test_only_the_system_settles(app: Flask, release: date) -> None:
    with pytest.raises(ForbiddenError):
        settle(day=release, actor=ANONYMOUS, now=NOW)


def test_a_sale_keeps_the_rate_it_met(make_sale: MakeSale, release: date) -> None:
    sooner = NOW + timedelta(days=1)
    rates = {"direct": 500, "supply": 50, "merchant": 100}
    publish_card(actor=SYSTEM, rates=rates, effective_from=sooner, now=NOW)
    make_sale("100.00")
    make_sale("100.00", paid_at=sooner)
    settle(day=release, actor=SYSTEM, now=NOW)
    assert platform() == {"commission": -(50 + 500)}


def test_a_refund_while_held_shrinks_the_commission(make_sale: MakeSale, release: date) -> None:
    sale = make_sale("599.00")
    assert refund(sale, "300.00") == Money(300 - 150)
    settle(day=release, actor=SYSTEM, now=NOW)
    assert wei() == {"payable": -(30_700 - 150 - 364)}
    assert platform() == {"commission": -150, "refunds_due": -30_000}


def test_a_refund_after_settlement_is_owed_by_the_seller_less_commission(make_sale: MakeSale, release: date) -> None:
    sale = make_sale("599.00")
    settle(day=release, actor=SYSTEM, now=NOW)
    assert refund(sale, "599.00", "8.00") == Money(300)
    assert wei() == {"payable": -60_036, "receivable": 60_400}
    assert verify_books().ok


def test_a_full_refund_leaves_the_seller_the_processing_cost(make_sale: MakeSale, release: date) -> None:
    sale = make_sale("599.00")
    refund(sale, "599.00", "8.00")
    settle(day=release, actor=SYSTEM, now=NOW)
    assert wei() == {"receivable": 364}


def test_the_same_refund_twice_is_one(make_sale: MakeSale) -> None:
    sale = make_sale()
    assert refund(sale, "1.00") == refund(sale, "1.00")
    assert wei() == {"held": -60_600}


@pytest.mark.parametrize(
    ("goods", "freight"), [("599.01", "0.00"), ("0.00", "8.01"), ("0.00", "0.00"), ("-1.00", "8.00")]
)
def test_a_refund_stays_within_what_was_paid(goods: str, freight: str, make_sale: MakeSale) -> None:
    with pytest.raises(DomainError, match=r"refund\.too_much"):
        refund(make_sale("599.00"), goods, freight)


def test_a_refund_reaches_the_shopper_over_the_rail(make_sale: MakeSale) -> None:
    refund(make_sale(), "599.00", "8.00")
    record_refund_paid(refund="rf_1", amount=Money(60_700), actor=SYSTEM, now=NOW)
    assert platform() == {"processing_cost": 364}


def test_a_late_payment_is_owed_back_and_its_fee_is_the_platforms(app: Flask) -> None:
    record_unallocated(payment="pay_1", gross=Money(10_000), processing=Money(60), actor=SYSTEM, now=NOW)
    assert platform() == {"refunds_due": -10_000, "processing_cost": 60}
    record_refund_paid(refund="pay_1", amount=Money(10_000), actor=SYSTEM, now=NOW)
    assert platform() == {"processing_cost": 60}
    assert verify_books().ok


def test_the_statement_adds_up_and_shows_its_formula(make_sale: MakeSale, release: date) -> None:
    make_sale("599.00")
    make_sale("0.99")
    make_sale("10.00", received=False)
    settle(day=release, actor=SYSTEM, now=NOW)
    seen = statement(WEI_FACTORY)
    assert [line.formula for line in seen.lines] == ["0.99 × 0.5% = 0.00", "599.00 × 0.5% = 3.00"]
    assert seen.totals.net == sum(line.net for line in seen.lines) == -wei()["payable"]
    held, totals = held_lines(WEI_FACTORY)
    assert (held[0].release_on, totals.gross) == (None, 1_800)


def test_a_statement_of_another_month_is_empty(make_sale: MakeSale, release: date) -> None:
    make_sale()
    settle(day=release, actor=SYSTEM, now=NOW)
    since, until = month_span("2026-04")
    assert statement(WEI_FACTORY, since=since, until=until).totals.orders == 0
    assert statement("fac_yu").lines == ()
