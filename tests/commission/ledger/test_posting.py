"""Posting: each fact once, ids in order, accounts made once; blocks chain everything that is posted."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from commission.ledger.models import Account, Block
from commission.ledger.operations import Draft, post, post_all, seal_block, seal_blocks
from commission.ledger.queries import balances, recent_entries, unsealed, verify
from commission.ledger.rules import Leg, balanced, sale_paid
from kernel.db import session, transaction
from kernel.errors import DomainError, ForbiddenError
from kernel.money import Money
from kernel.permissions import ANONYMOUS, SYSTEM
from tests.cast import NOW

LEGS = sale_paid(seller="fac_wei", gross=Money(10_000), processing=Money(60))


def post_sale(order: str) -> int:
    with transaction():
        return post(template="sale_paid", fact_kind="sale.paid", fact_id=order, legs=LEGS, at=NOW, currency="CNY")


def post_many(count: int, start: int = 0) -> None:
    drafts = [Draft("sale_paid", "sale.paid", f"y{number}", LEGS) for number in range(start, start + count)]
    with transaction():
        post_all(drafts, at=NOW, currency="CNY")


def test_legs_that_do_not_balance_never_reach_the_database() -> None:
    with pytest.raises(ValueError, match="zero, not 1"):
        balanced(Leg("fac_wei", "held", -99), Leg("platform", "clearing", 100))


def test_an_entry_is_posted_with_its_legs_and_its_business_date(app: Flask) -> None:
    post_sale("y1001-1")
    [entry] = recent_entries()
    assert entry.legs == (
        ("rail:sandbox", "clearing", 9_940),
        ("platform", "processing_cost", 60),
        ("fac_wei", "held", -10_000),
    )
    assert (entry.at, entry.business_date.isoformat()) == (NOW, "2026-03-02")
    assert balances("fac_wei", currency="CNY") == {"held": -10_000}


def test_a_fact_is_posted_once(app: Flask) -> None:
    post_sale("y1001-1")
    with pytest.raises(DomainError, match=r"ledger\.refused"):
        post_sale("y1001-1")
    assert verify().entries == 1


def test_accounts_are_made_once(app: Flask) -> None:
    post_sale("y1001-1")
    post_sale("y1002-1")
    session().rollback()
    assert len(session().scalars(select(Account)).all()) == 3


def test_nothing_is_posted_when_the_transaction_fails(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        post_sale("y1001-1") / 0
    assert verify().entries == 0


def test_blocks_of_a_thousand_cover_every_entry(app: Flask) -> None:
    post_many(2_300)
    assert seal_blocks(actor=SYSTEM, now=NOW) == 3
    session().rollback()
    blocks = session().scalars(select(Block).order_by(Block.number)).all()
    assert [block.entries for block in blocks] == [1_000, 1_000, 300]
    assert [block.previous_hash for block in blocks[1:]] == [block.hash for block in blocks[:-1]]
    report = verify()
    assert (report.ok, report.sealed, unsealed()) == (True, 2_300, False)


def test_sealing_when_all_is_sealed_writes_nothing(app: Flask) -> None:
    post_many(1)
    assert seal_blocks(actor=SYSTEM, now=NOW) == 1
    assert seal_blocks(actor=SYSTEM, now=NOW + timedelta(seconds=5)) == 0


def test_only_the_system_seals(app: Flask) -> None:
    with pytest.raises(ForbiddenError):
        seal_block(actor=ANONYMOUS, now=NOW)


@pytest.mark.only_on("postgresql")
def test_a_poster_holds_the_sealer_off_until_it_commits(app: Flask) -> None:
    locks = text("SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND objid = 7301 AND pid = pg_backend_pid()")
    with transaction():
        post(template="sale_paid", fact_kind="sale.paid", fact_id="y1", legs=LEGS, at=NOW, currency="CNY")
        assert session().scalars(locks).all() == ["ShareLock"]
    assert session().scalars(locks).all() == []
