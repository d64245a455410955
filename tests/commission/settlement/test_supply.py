"""The supply leg on the books: what a merchant owes the factory behind her, given back, settled on both sides."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from commission.ledger.queries import balances, verify
from commission.settlement.operations import (
    record_receipt,
    record_sale,
    record_supply,
    refund_sale,
    refund_supply,
    settle,
)
from commission.settlement.queries import verify_books
from commission.settlement.rules import Supply
from kernel.db import transaction
from kernel.errors import DomainError, NotFoundError
from kernel.money import Money
from kernel.permissions import SYSTEM
from tests.cast import NOW
from tests.commission.conftest import BO_SHOP, COST, PIECES, RETAIL, WEI_FACTORY, Resell, resold_of

PAID, OWED, FEE = RETAIL * PIECES, COST * PIECES, 232


def book(party: str) -> dict[str, int]:
    """What the accounts of a party hold, as the platform owes it: credit positive."""
    return {kind: -fen for kind, fen in balances(party, currency="CNY").items() if fen}


def refund_piece(supply: Supply, ref: str = "ref_1", pieces: int = 1) -> tuple[Money, Money]:
    """Refund pieces on both legs in one transaction; the commission given back to merchant and factory."""
    with transaction():
        sold = {"goods": Money(RETAIL * pieces), "freight": Money(0)}
        merchant = refund_sale(order=supply.serves, refund=ref, **sold, actor=SYSTEM, now=NOW)
        goods = Money(COST * pieces)
        return merchant, refund_supply(supply=supply.supply, refund=ref, goods=goods, actor=SYSTEM, now=NOW)


def test_a_supply_order_moves_its_price_from_the_merchant_to_the_factory(resell: Resell) -> None:
    resell()
    assert (book(BO_SHOP), book(WEI_FACTORY)) == ({"held": PAID - OWED}, {"held": OWED})
    assert verify_books().ok


def test_recording_a_supply_order_twice_books_it_once(resell: Resell) -> None:
    supply = resell()
    record_supply(supply=supply, actor=SYSTEM, now=NOW)
    assert (book(WEI_FACTORY), verify().entries) == ({"held": OWED}, 2)


def test_a_supply_order_serves_a_sale_that_is_known(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        record_supply(supply=resold_of("y1-1")[1], actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [{"goods": Money(PAID + 1)}, {"goods": Money(1, "HKD")}, {"factory": BO_SHOP}],
    ids=["too much", "other money", "own goods"],
)
def test_a_supply_order_is_covered_by_the_sale_it_serves(wrong: dict[str, object], app: Flask) -> None:
    sale, supply = resold_of("y1-1")
    record_sale(sale=sale, actor=SYSTEM, now=NOW)
    with pytest.raises(DomainError, match=r"supply\.not_covered"):
        record_supply(supply=replace(supply, **wrong), actor=SYSTEM, now=NOW)  # type: ignore[arg-type]
    assert (book(BO_SHOP), book(WEI_FACTORY)) == ({"held": PAID}, {})


def test_one_sale_has_one_supply_order(resell: Resell) -> None:
    with pytest.raises(DomainError, match=r"supply\.not_covered"):
        record_supply(supply=replace(resell(), supply="sup_other", goods=Money(1)), actor=SYSTEM, now=NOW)


def test_a_direct_sale_owes_no_factory(app: Flask) -> None:
    sale, supply = resold_of("y1-1")
    record_sale(sale=replace(sale, way="direct"), actor=SYSTEM, now=NOW)
    with pytest.raises(DomainError, match=r"supply\.not_covered"):
        record_supply(supply=supply, actor=SYSTEM, now=NOW)


def test_the_worked_order_of_the_documentation(resell: Resell, release: date) -> None:
    supply = resell()
    assert refund_piece(supply) == (Money(129), Money(44))
    assert (book(BO_SHOP), book(WEI_FACTORY)) == ({"held": 8_200}, {"held": 17_600})
    assert settle(day=release, actor=SYSTEM, now=NOW) == 2
    assert (book(BO_SHOP), book(WEI_FACTORY)) == ({"payable": 7_710}, {"payable": 17_512})
    assert refund_piece(supply, "ref_2") == (Money(129), Money(44))
    assert book(BO_SHOP) == {"payable": 7_710 + COST, "receivable": -(RETAIL - 129)}
    assert book(WEI_FACTORY) == {"payable": 17_512, "receivable": -(COST - 44)}
    assert book("platform") == {"commission": 129 + 44, "refunds_due": 2 * RETAIL}
    assert book("rail:sandbox") == {"clearing": -(PAID - FEE)}
    assert verify_books().ok


@pytest.mark.parametrize("settled", ["", "merchant", "factory", "merchant factory"])
def test_a_supply_refund_finds_the_money_wherever_it_is(settled: str, resell: Resell, release: date) -> None:
    supply = resell(received=False)
    for leg, order in (("merchant", supply.serves), ("factory", supply.supply)):
        if leg in settled:
            record_receipt(order=order, received_at=NOW, actor=SYSTEM, now=NOW)
    settle(day=release, actor=SYSTEM, now=NOW)
    merchant, factory = book(BO_SHOP), book(WEI_FACTORY)
    refund_supply(supply=supply.supply, refund="ref_1", goods=Money(COST), actor=SYSTEM, now=NOW)
    kind = "payable" if "merchant" in settled else "held"
    assert book(BO_SHOP) == merchant | {kind: merchant[kind] + COST}
    gave = {"receivable": 44 - COST} if "factory" in settled else {"held": factory["held"] - COST}
    assert book(WEI_FACTORY) == factory | gave
    assert verify_books().ok


def test_all_refunded_before_shipping_leaves_the_merchant_the_processing_cost(resell: Resell, release: date) -> None:
    refund_piece(resell(), pieces=PIECES)
    assert settle(day=release, actor=SYSTEM, now=NOW) == 2
    assert (book(BO_SHOP), book(WEI_FACTORY)) == ({"receivable": -FEE}, {})
    assert verify_books().ok


def test_the_same_refund_twice_is_one_on_each_leg(resell: Resell) -> None:
    supply = resell()
    assert refund_piece(supply) == refund_piece(supply)
    assert (book(WEI_FACTORY), verify().entries) == ({"held": OWED - COST}, 4)


@pytest.mark.parametrize("fen", [OWED + 1, 0, -1])
def test_a_supply_refund_stays_within_what_was_owed(fen: int, resell: Resell) -> None:
    with pytest.raises(DomainError, match=r"refund\.too_much"):
        refund_supply(supply=resell().supply, refund="ref_1", goods=Money(fen), actor=SYSTEM, now=NOW)


def test_each_leg_is_refunded_by_its_own_operation(resell: Resell) -> None:
    supply = resell()
    with pytest.raises(NotFoundError):
        refund_supply(supply=supply.serves, refund="ref_1", goods=Money(1), actor=SYSTEM, now=NOW)
    parts = {"goods": Money(1), "freight": Money(0)}
    with pytest.raises(NotFoundError):
        refund_sale(order=supply.supply, refund="ref_1", **parts, actor=SYSTEM, now=NOW)


def test_a_retail_refund_without_its_supply_refund_is_told(resell: Resell) -> None:
    supply = resell()
    parts = {"goods": Money(PAID), "freight": Money(0)}
    refund_sale(order=supply.serves, refund="ref_1", **parts, actor=SYSTEM, now=NOW)
    assert [violation.code for violation in verify_books().violations] == ["settlement.covered"]
