# ruff: noqa: S608  raw SQL is the subject
"""Verification finds what no longer ties: each row, entry and leg was changed behind the operations' back."""

from collections.abc import Callable
from datetime import date

import pytest

from commission.settlement.operations import begin_payouts, refund_sale, refund_supply, settle
from commission.settlement.queries import ties
from commission.settlement.rules import Sale, Supply
from kernel.money import Money
from kernel.permissions import SYSTEM
from tests.cast import NOW
from tests.commission import hostile
from tests.commission.conftest import BO_SHOP, COST, RETAIL, WEI_FACTORY, Resell
from tests.support.databases import Database

SALE, SUPPLY, HELD = "order:y2001-1", "order:sup_y2001-1", "order:y2002-1"
MERCHANT, FACTORY = f"party:{BO_SHOP}", f"party:{WEI_FACTORY}"


def added(column: str, where: str, fen: int = 1) -> str:
    return f"UPDATE sales SET {column} = {column} + {fen} WHERE {where}"


def renamed(fact: str) -> str:
    return f"UPDATE ledger_entries SET fact_id = 'x' || fact_id WHERE fact_kind = '{fact}'"


def dearer(way: str, fen: int) -> str:
    """More goods by so many fen that commission grows by one."""
    return f"UPDATE sales SET goods_fen = goods_fen + {fen}, commission_fen = commission_fen + 1 WHERE way = '{way}'"


TAMPERED = [
    (added("freight_fen", "way = 'direct'"), "gross", "order:y1001-1"),
    (added("freight_fen", "way = 'direct'"), "earned", FACTORY),
    (added("freight_fen", "way = 'merchant'"), "gross", SALE),
    (added("freight_fen", "way = 'supply'"), "gross", SUPPLY),
    (added("freight_fen", "way = 'supply'"), "held", FACTORY),
    (added("processing_fen", "state = 'held' AND way = 'merchant'"), "processing", HELD),
    (added("processing_fen", "state = 'settled' AND way = 'merchant'"), "earned", MERCHANT),
    (dearer("merchant", 100), "commission", SALE),
    (dearer("supply", 200), "commission", SUPPLY),
    (added("supply_fen", "way = 'merchant'"), "supply", SALE),
    (added("supply_fen", "way = 'merchant'"), "held", MERCHANT),
    (added("refunded_supply_fen", "way = 'merchant'"), "supply_refunds", SALE),
    (added("refunded_supply_fen", "way = 'merchant'"), "earned", MERCHANT),
    ("UPDATE sales SET seller = 'fac_yu' WHERE way = 'supply'", "earned", FACTORY),
    ("UPDATE sales SET serves = 'y1001-1' WHERE order_ref = 'sup_y2001-1'", "supply", SALE),
    ("UPDATE payouts SET amount_fen = amount_fen + 1", "travelling", FACTORY),
    ("UPDATE sale_refunds SET goods_fen = goods_fen + 1", "refund_rows", SALE),
    ("UPDATE sale_refunds SET goods_fen = goods_fen + 1", "refund_rows", SUPPLY),
    ("DELETE FROM sale_refunds WHERE ref = 'ref_2'", "refund_rows", SUPPLY),
    ("DELETE FROM sale_refunds WHERE ref = 'ref_2'", "commission", SUPPLY),
    (renamed("sale.paid"), "gross", SALE),
    (renamed("supply.ordered"), "gross", SUPPLY),
    (renamed("sale.settled"), "commission", SUPPLY),
    (renamed("sale.refunded"), "refund_entries", SALE),
    (renamed("supply.refunded"), "refund_entries", SUPPLY),
    (renamed("supply.refunded"), "commission", SUPPLY),
]


@pytest.fixture
def trade(make_sale: Callable[..., Sale], resell: Resell, release: date) -> Supply:
    """A direct and a resold order settled, the second refunded before and after, a payout under way, a third held."""
    make_sale()
    supply = resell()
    for ref in ("ref_1", "ref_2"):
        parts = {"goods": Money(RETAIL), "freight": Money(0)}
        refund_sale(order=supply.serves, refund=ref, **parts, actor=SYSTEM, now=NOW)
        refund_supply(supply=supply.supply, refund=ref, goods=Money(COST), actor=SYSTEM, now=NOW)
        settle(day=release, actor=SYSTEM, now=NOW)
    begin_payouts(actor=SYSTEM, now=NOW)
    return resell(received=False)


@pytest.mark.parametrize(("tampering", "tie", "subject"), TAMPERED)
def test_books_that_do_not_tie_are_told(
    tampering: str, tie: str, subject: str, trade: Supply, database: Database
) -> None:
    assert ties() == ties(BO_SHOP) == ties(WEI_FACTORY) == []
    hostile.drop("ledger_entries_no_update")
    hostile.run(database, [tampering])
    found = {(violation.code, violation.subject) for violation in ties()}
    hostile.restore()
    assert (f"settlement.{tie}", subject) in found, found
