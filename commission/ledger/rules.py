"""The chart of accounts and the entry of each business fact: pure, debit positive, credit negative, fen."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kernel.money import Money

CLEARING = "clearing"
PROCESSING_COST = "processing_cost"
RECEIVABLE = "receivable"
HELD = "held"
PAYABLE = "payable"
PAYOUT_IN_TRANSIT = "payout_in_transit"
REFUNDS_DUE = "refunds_due"
COMMISSION = "commission"
KINDS = (CLEARING, PROCESSING_COST, RECEIVABLE, HELD, PAYABLE, PAYOUT_IN_TRANSIT, REFUNDS_DUE, COMMISSION)
# The side on which a kind grows: +1 debit (what the platform has), -1 credit (what it owes or has earned).
SIDES = {kind: 1 if kind in {CLEARING, PROCESSING_COST, RECEIVABLE} else -1 for kind in KINDS}

PLATFORM = "platform"
SANDBOX = "rail:sandbox"

BLOCK_SIZE = 1_000
GENESIS = "0" * 64

AccountKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: `amount` fen on the account `kind` of `party`, debit positive."""

    party: str
    kind: str
    amount: int


Legs = tuple[Leg, ...]


def balanced(*legs: Leg) -> Legs:
    """Legs of one entry: several on one account become one, zeros fall out. Raises ValueError when Σ ≠ 0."""
    totals: Counter[AccountKey] = Counter()
    for leg in legs:
        totals[leg.party, leg.kind] += leg.amount
    if sum(totals.values()) != 0:
        raise ValueError(f"an entry sums to zero, not {sum(totals.values())}")
    return tuple(Leg(party, kind, amount) for (party, kind), amount in totals.items() if amount)


def charged(*, owed: Leg, processing: Money, rail: str = SANDBOX) -> Legs:
    """Money came in over a rail, less its fee; `owed` is the credit for the whole."""
    return balanced(
        Leg(rail, CLEARING, -owed.amount - processing.amount),
        Leg(PLATFORM, PROCESSING_COST, processing.amount),
        owed,
    )


def sale_paid(*, seller: str, gross: Money, processing: Money, rail: str = SANDBOX) -> Legs:
    """A shopper paid: held for the seller until release."""
    return charged(owed=Leg(seller, HELD, -gross.amount), processing=processing, rail=rail)


def payment_unallocated(*, gross: Money, processing: Money, rail: str = SANDBOX) -> Legs:
    """A payment without an order to serve (it came after the release of the goods): owed back, fee on the platform."""
    return charged(owed=Leg(PLATFORM, REFUNDS_DUE, -gross.amount), processing=processing, rail=rail)


def sale_settled(*, seller: str, held: Money, commission: Money, processing: Money) -> Legs:
    """Released: commission earned, processing cost recovered, the rest payable (or owed by the seller if negative)."""
    net = held - commission - processing
    return balanced(
        Leg(seller, HELD, held.amount),
        Leg(PLATFORM, COMMISSION, -commission.amount),
        Leg(PLATFORM, PROCESSING_COST, -processing.amount),
        Leg(seller, PAYABLE if net.amount > 0 else RECEIVABLE, -net.amount),
    )


def supply_ordered(*, merchant: str, factory: str, amount: Money) -> Legs:
    """A merchant's sale is served: of what is held for her, the supply price is held for the factory from now on."""
    return balanced(Leg(merchant, HELD, amount.amount), Leg(factory, HELD, -amount.amount))


def sale_refunded(*, seller: str, amount: Money, commission_back: Money, settled: bool) -> Legs:
    """The seller gives back part of a sale: the shopper is owed it."""
    gives = _gives_back(seller, amount, commission_back, settled=settled)
    return balanced(*gives, Leg(PLATFORM, REFUNDS_DUE, -amount.amount))


def supply_refunded(
    *, factory: str, merchant: str, amount: Money, commission_back: Money, settled: bool, merchant_settled: bool
) -> Legs:
    """The factory gives back part of a supply order: held for the merchant again, or payable once hers is settled."""
    gives = _gives_back(factory, amount, commission_back, settled=settled)
    return balanced(*gives, Leg(merchant, PAYABLE if merchant_settled else HELD, -amount.amount))


def refund_paid(*, amount: Money, rail: str = SANDBOX) -> Legs:
    """The rail gave the shopper her money back."""
    return balanced(Leg(PLATFORM, REFUNDS_DUE, amount.amount), Leg(rail, CLEARING, -amount.amount))


def payout_begun(*, party: str, payable: Money, receivable: Money) -> Legs:
    """All that is payable leaves for the party, less what the party owes; fen, both given as positive amounts."""
    return balanced(
        Leg(party, PAYABLE, payable.amount),
        Leg(party, RECEIVABLE, -receivable.amount),
        Leg(party, PAYOUT_IN_TRANSIT, (receivable - payable).amount),
    )


def payout_paid(*, party: str, amount: Money, rail: str = SANDBOX) -> Legs:
    """The rail paid it out."""
    return balanced(Leg(party, PAYOUT_IN_TRANSIT, amount.amount), Leg(rail, CLEARING, -amount.amount))


def payout_failed(*, party: str, amount: Money) -> Legs:
    """The rail refused: payable again."""
    return balanced(Leg(party, PAYOUT_IN_TRANSIT, amount.amount), Leg(party, PAYABLE, -amount.amount))


def _gives_back(seller: str, amount: Money, commission_back: Money, *, settled: bool) -> Legs:
    """From what is held; once settled the seller owes it, less the commission given back."""
    if not settled:
        return (Leg(seller, HELD, amount.amount),)
    owes = Leg(seller, RECEIVABLE, (amount - commission_back).amount)
    return owes, Leg(PLATFORM, COMMISSION, commission_back.amount)


def block_hash(previous: str, entries: Iterable[list[object]]) -> str:
    """SHA-256 over the hash before and each entry as canonical JSON, in order; hex."""
    digest = hashlib.sha256(previous.encode())
    for entry in entries:
        digest.update(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode())
        digest.update(b"\n")
    return digest.hexdigest()
