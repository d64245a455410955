# ruff: noqa: S608  raw SQL is the subject
"""Verification finds what was done to the book once its guards were gone."""

from collections.abc import Iterator

import pytest
from flask import Flask

from commission.ledger.operations import Draft, post_all, seal_blocks
from commission.ledger.queries import verify
from commission.ledger.rules import sale_paid
from kernel.db import transaction
from kernel.money import Money
from kernel.permissions import SYSTEM
from tests.cast import NOW
from tests.commission import hostile
from tests.support.databases import Database

HELD = "(SELECT id FROM ledger_accounts WHERE kind = 'held')"
CLEARING = "(SELECT id FROM ledger_accounts WHERE kind = 'clearing')"
ONE_LEG = f"UPDATE ledger_postings SET amount_fen = amount_fen + 1 WHERE entry_id = 2 AND account_id = {HELD}"
TWO_LEGS = (
    f"UPDATE ledger_postings SET amount_fen = amount_fen + CASE WHEN account_id = {CLEARING} THEN 100 ELSE -100 END"
    f" WHERE entry_id = 2 AND account_id IN ({HELD}, {CLEARING})"
)
TAMPERED = [
    ("ledger_postings_no_update", ONE_LEG, {"ledger.unbalanced", "ledger.sum", "ledger.block_hash"}),
    ("ledger_postings_no_update", TWO_LEGS, {"ledger.block_hash"}),
    (
        "ledger_postings_no_delete",
        "DELETE FROM ledger_postings WHERE entry_id = 2",
        {"ledger.legs", "ledger.block_hash"},
    ),
    (
        "ledger_accounts_no_update",
        "UPDATE ledger_accounts SET party = 'fac_yu' WHERE kind = 'held'",
        {"ledger.block_hash"},
    ),
    (
        "ledger_accounts_no_update",
        "UPDATE ledger_accounts SET currency = 'HKD' WHERE kind = 'held'",
        {"ledger.currency", "ledger.sum"},
    ),
    ("ledger_entries_no_update", "UPDATE ledger_entries SET fact_id = 'other' WHERE id = 2", {"ledger.block_hash"}),
    (
        "ledger_blocks_no_delete",
        "DELETE FROM ledger_blocks WHERE number = 1",
        {"ledger.chain", "ledger.block_hash"},
    ),
    (
        "ledger_blocks_no_update",
        "UPDATE ledger_blocks SET hash = previous_hash WHERE number = 1",
        {"ledger.chain", "ledger.block_hash"},
    ),
]


@pytest.fixture
def book(app: Flask, database: Database) -> Iterator[Database]:
    """Two blocks of two entries, and an entry in none."""
    legs = sale_paid(seller="fac_wei", gross=Money(10_000), processing=Money(60))
    for numbers in ((1, 2), (3, 4), (5,)):
        with transaction():
            drafts = [Draft("sale_paid", "sale.paid", f"y{number}", legs) for number in numbers]
            post_all(drafts, at=NOW, currency="CNY")
        if len(numbers) > 1:
            seal_blocks(actor=SYSTEM, now=NOW)
    yield database
    hostile.restore()


def broken() -> set[str]:
    return {violation.code for violation in verify().violations}


def test_an_honest_book_is_in_order(book: Database) -> None:
    report = verify()
    assert report.ok, report.as_text()
    assert (report.entries, report.postings, report.parties, report.blocks, report.sealed) == (5, 15, 3, 2, 4)
    assert {balance.kind: balance.total for balance in report.balances} == {
        "clearing": 5 * 9_940,
        "processing_cost": 5 * 60,
        "held": -50_000,
    }
    assert report.as_json()["ok"] is True
    assert report.as_text().endswith("ok")


@pytest.mark.parametrize(("guard", "statement", "codes"), TAMPERED)
def test_tampering_shows(guard: str, statement: str, codes: set[str], book: Database) -> None:
    hostile.drop(guard)
    hostile.run(book, [statement])
    hostile.restore()
    assert codes <= broken()


def test_a_missing_guard_shows(book: Database) -> None:
    hostile.drop("ledger_postings_no_update")
    assert "ledger.guard_missing" in broken()


@pytest.mark.only_on("sqlite")
def test_legs_without_an_entry_show(book: Database) -> None:
    hostile.run(book, [f"INSERT INTO ledger_postings VALUES (99, {HELD}, 5)"])
    assert "ledger.orphan" in broken()


def test_an_entry_slipped_in_before_the_first_block_shows(book: Database) -> None:
    hostile.drop("ledger_entries_no_update", "ledger_postings_no_update")
    moves = [
        "UPDATE ledger_postings SET entry_id = 0 WHERE entry_id = 5",
        "UPDATE ledger_entries SET id = 0 WHERE id = 5",
    ]
    hostile.run(book, moves)
    assert "ledger.block_hash" in broken()
