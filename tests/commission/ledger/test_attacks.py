# ruff: noqa: S608  raw SQL is the subject
"""Raw SQL against the journal: refused by the database, and only because of the guard that is named."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from commission.ledger.ddl import guards
from commission.ledger.operations import post, seal_blocks
from commission.ledger.rules import sale_paid
from kernel.db import transaction
from kernel.money import Money
from kernel.permissions import SYSTEM
from tests.cast import NOW
from tests.commission import hostile
from tests.support.databases import Database

ENTRY = "INSERT INTO ledger_entries (id, template, fact_kind, fact_id, currency, legs, at, business_date, memo) VALUES "
LEG = "INSERT INTO ledger_postings (entry_id, account_id, amount_fen) "
FIRST = "SELECT {}, min(id), {} FROM ledger_accounts"
LAST = "SELECT {}, max(id), {} FROM ledger_accounts"
BLOCK = "INSERT INTO ledger_blocks (number, first_entry, last_entry, entries, previous_hash, hash, sealed_at) "
ACCOUNT = "INSERT INTO ledger_accounts (id, party, kind, currency) VALUES "
CARD = "rate_cards (version, effective_from, published_at, rules)"
RULE = "INSERT INTO rate_rules (card, way, basis_points, base) VALUES "
DAY = "'2026-03-02 00:00:00', '2026-03-02'"
HASH = f"'{'a' * 64}'"


def entry(number: int, *, legs: int = 2, fact: str = "forged", memo: str = "") -> str:
    return f"{ENTRY} ({number}, 'sale_paid', 'sale.paid', '{fact}', 'CNY', {legs}, {DAY}, '{memo}')"


def pair(number: int, amount: int = 5, *, against: int | None = None) -> list[str]:
    other = -amount if against is None else against
    return [LEG + FIRST.format(number, amount), LEG + LAST.format(number, other)]


@dataclass(frozen=True)
class Attack:
    name: str
    guards: tuple[str, ...]
    statements: list[str]
    kinds: tuple[str, ...] = ("sqlite", "postgresql")


WHOLE = "ledger_postings_whole"
BALANCED = "ledger_entries_balanced"
LITE, PG = ("sqlite",), ("postgresql",)
ATTACKS = [
    Attack("change an amount", ("ledger_postings_no_update",), ["UPDATE ledger_postings SET amount_fen = 1"]),
    Attack("remove the legs", ("ledger_postings_no_delete",), ["DELETE FROM ledger_postings"]),
    Attack("change an entry", ("ledger_entries_no_update",), ["UPDATE ledger_entries SET memo = 'x'"]),
    Attack(
        "remove an entry and forge it",
        ("ledger_entries_no_delete",),
        ["DELETE FROM ledger_entries", entry(1, legs=3)],
    ),
    Attack(
        "rename an account", ("ledger_accounts_no_update",), ["UPDATE ledger_accounts SET party = 'yu' WHERE id = 90"]
    ),
    Attack("remove an account", ("ledger_accounts_no_delete",), ["DELETE FROM ledger_accounts WHERE id = 90"]),
    Attack("change a block", ("ledger_blocks_no_update",), [f"UPDATE ledger_blocks SET hash = {HASH}"]),
    Attack("remove a block", ("ledger_blocks_no_delete",), ["DELETE FROM ledger_blocks"]),
    Attack("empty the legs", ("ledger_postings_no_truncate",), ["TRUNCATE ledger_postings"], PG),
    Attack(
        "empty the journal",
        ("ledger_entries_no_truncate", "ledger_postings_no_truncate"),
        ["TRUNCATE ledger_entries CASCADE"],
        PG,
    ),
    Attack("empty the blocks", ("ledger_blocks_no_truncate",), ["TRUNCATE ledger_blocks"], PG),
    Attack(
        "empty the accounts",
        ("ledger_accounts_no_truncate", "ledger_postings_no_truncate"),
        ["TRUNCATE ledger_accounts CASCADE"],
        PG,
    ),
    Attack("an entry without legs", (BALANCED,), [entry(9)]),
    Attack("an entry out of balance", (BALANCED, WHOLE), [*pair(9, 5, against=-4), entry(9)]),
    Attack("an entry that counts wrong", (BALANCED, WHOLE), [*pair(9), entry(9, legs=3)]),
    Attack(
        "legs in another currency",
        (BALANCED,),
        [f"{ACCOUNT} (91, 'fac_yu', 'held', 'HKD')", *pair(9), entry(9)],
    ),
    Attack("more legs in a sealed entry", ("ledger_postings_sealed", WHOLE), [f"{LEG} VALUES (1, 90, 5)"]),
    Attack(
        "replace an entry", ("ledger_entries_no_replace",), [entry(1, legs=3).replace("INSERT", "REPLACE", 1)], LITE
    ),
    Attack(
        "replace an entry by its fact",
        ("ledger_entries_no_replace",),
        [*pair(9), entry(9, fact="y1001-1").replace("INSERT", "REPLACE", 1)],
        LITE,
    ),
    Attack(
        "replace a leg",
        ("ledger_postings_sealed",),
        [(LEG + FIRST.format(1, 1)).replace("INSERT", "REPLACE", 1)],
        LITE,
    ),
    Attack(
        "replace an account",
        ("ledger_accounts_no_replace",),
        [f"{ACCOUNT} (1, 'fac_yu', 'held', 'CNY')".replace("INSERT", "REPLACE", 1)],
        LITE,
    ),
    Attack(
        "replace a block",
        ("ledger_blocks_chained",),
        [f"{BLOCK} VALUES (1, 1, 1, 1, {HASH}, {HASH}, '2026-03-02')".replace("INSERT", "REPLACE", 1)],
        LITE,
    ),
    Attack(
        "a block that leaves the chain",
        ("ledger_blocks_chained",),
        [*pair(9), entry(9), f"{BLOCK} VALUES (2, 9, 9, 1, {HASH}, {HASH}, '2026-03-02')"],
    ),
    Attack("change a rate", ("rate_rules_no_update",), ["UPDATE rate_rules SET basis_points = 500"]),
    Attack("remove a rate", ("rate_rules_no_delete",), ["DELETE FROM rate_rules"]),
    Attack("backdate a card", ("rate_cards_no_update",), ["UPDATE rate_cards SET effective_from = '2030-01-01'"]),
    Attack(
        "remove a card",
        ("rate_cards_no_delete",),
        ["DELETE FROM rate_cards WHERE version = 2", f"INSERT INTO {CARD} VALUES (2, '2026-03-04', '2026-03-02', 1)"],
    ),
    Attack("empty the rates", ("rate_rules_no_truncate",), ["TRUNCATE rate_rules"], PG),
    Attack(
        "empty the cards",
        ("rate_cards_no_truncate", "rate_rules_no_truncate"),
        ["TRUNCATE rate_cards CASCADE"],
        PG,
    ),
    Attack("a rate behind a published card", ("rate_rules_sealed",), [f"{RULE} (2, 'supply', 900, 'supply_net')"]),
    Attack(
        "a card that counts wrong",
        ("rate_cards_whole",),
        [f"{RULE} (3, 'direct', 900, 'retail_net')", f"INSERT INTO {CARD} VALUES (3, '2026-03-03', '2026-03-02', 3)"],
    ),
    Attack(
        "replace a card",
        ("rate_cards_no_replace",),
        [f"REPLACE INTO {CARD} VALUES (1, '2026-03-03', '2026-03-02', 3)"],
        LITE,
    ),
]


@pytest.fixture
def book(app: Flask, database: Database) -> Iterator[Database]:
    """One sealed entry of 100.00, an account that nobody uses, a second rate card."""
    with transaction():
        legs = sale_paid(seller="fac_wei", gross=Money(10_000), processing=Money(60))
        post(template="sale_paid", fact_kind="sale.paid", fact_id="y1001-1", legs=legs, at=NOW, currency="CNY")
    seal_blocks(actor=SYSTEM, now=NOW)
    card = [f"{RULE} (2, 'direct', 60, 'retail_net')", f"INSERT INTO {CARD} VALUES (2, '2026-03-02', '2026-03-02', 1)"]
    hostile.run(database, [f"{ACCOUNT} (90, 'unused', 'held', 'CNY')", *card])
    yield database
    hostile.restore()


def of(*kinds: str) -> pytest.MarkDecorator:
    chosen = [attack for attack in ATTACKS if attack.kinds == kinds]
    return pytest.mark.parametrize("attack", chosen, ids=lambda attack: attack.name)


def refused(attack: Attack, book: Database) -> None:
    with pytest.raises(hostile.REFUSED):
        hostile.run(book, attack.statements)


def passes(attack: Attack, book: Database) -> None:
    hostile.drop(*attack.guards)
    hostile.run(book, attack.statements)


@of("sqlite", "postgresql")
def test_the_database_refuses(attack: Attack, book: Database) -> None:
    refused(attack, book)


@of("sqlite", "postgresql")
def test_without_its_guard_the_attack_passes(attack: Attack, book: Database) -> None:
    passes(attack, book)


@pytest.mark.only_on("sqlite")
@of("sqlite")
def test_sqlite_refuses(attack: Attack, book: Database) -> None:
    refused(attack, book)


@pytest.mark.only_on("sqlite")
@of("sqlite")
def test_on_sqlite_the_attack_passes_without_its_guard(attack: Attack, book: Database) -> None:
    passes(attack, book)


@pytest.mark.only_on("postgresql")
@of("postgresql")
def test_postgresql_refuses(attack: Attack, book: Database) -> None:
    refused(attack, book)


@pytest.mark.only_on("postgresql")
@of("postgresql")
def test_on_postgresql_the_attack_passes_without_its_guard(attack: Attack, book: Database) -> None:
    passes(attack, book)


def test_every_guard_is_attacked() -> None:
    for kind in ("sqlite", "postgresql"):
        attacked = {name for attack in ATTACKS if kind in attack.kinds for name in attack.guards}
        assert {guard.name for guard in guards(kind)} == attacked & {guard.name for guard in guards(kind)}


@pytest.mark.parametrize("statement", [entry(9, legs=1), f"{LEG} SELECT 9, min(id), 0 FROM ledger_accounts"])
def test_a_check_refuses_single_legs_and_empty_amounts(statement: str, book: Database) -> None:
    with pytest.raises(hostile.REFUSED):
        hostile.run(book, [statement])


def rival_adds_legs(database: Database) -> None:
    """Two transactions that cannot see each other: one posts an entry, the other adds a balanced pair to it."""
    with hostile.hand(database) as rival, hostile.hand(database) as poster:
        for statement in [*pair(9), entry(9)]:
            poster.execute(statement)
        rival.execute(f"{ACCOUNT} (92, 'fac_yu', 'held', 'CNY'), (93, 'fac_yu', 'payable', 'CNY')")
        rival.execute(f"{LEG} VALUES (9, 92, 7), (9, 93, -7)")


@pytest.mark.only_on("postgresql")
def test_a_rival_cannot_add_legs_to_an_entry_that_is_being_posted(book: Database) -> None:
    with pytest.raises(hostile.REFUSED):
        rival_adds_legs(book)


@pytest.mark.only_on("postgresql")
def test_without_the_look_at_commit_a_rival_can(book: Database) -> None:
    hostile.drop(WHOLE)
    rival_adds_legs(book)
