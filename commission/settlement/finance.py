"""What the finance desk asks: what the books hold for each party, and where the money of one order went. In fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from commission.ledger import rules as books
from commission.ledger.queries import entries_of, party_balances
from commission.settlement.models import RefundRow, SaleRow
from commission.settlement.queries import order_lines
from kernel.db import session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commission.ledger.queries import EntryView
    from commission.settlement.queries import Line

_PARTIES = 100
_SALE_FACTS = ("sale.paid", "supply.ordered", "sale.settled")
_REFUND_FACTS = ("sale.refunded", "supply.refunded", "refund.paid")


@dataclass(frozen=True, slots=True)
class PartyView:
    """What the books hold for one party; every figure as the platform owes it (receivable: is owed)."""

    party: str
    name: str
    currency: str
    held: int
    payable: int
    receivable: int
    in_transit: int


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """One order in the books: its sales, the shopper's first, and all their entries, oldest first."""

    number: str
    sales: tuple[Line, ...]
    entries: tuple[EntryView, ...]

    @property
    def retail(self) -> Line:
        """The sale that the shopper paid."""
        return self.sales[0]

    @property
    def supply(self) -> Line | None:
        """The leg of the factory behind a merchant."""
        return next((line for line in self.sales if line.serves), None)

    @property
    def commission(self) -> int:
        """What the platform takes, of all legs."""
        return sum(line.commission for line in self.sales)

    @property
    def split(self) -> int:
        """All that came of the payment: back to the shopper, to the sellers, to the platform, to the rail."""
        return self.retail.refunded + sum(line.net + line.commission + line.processing for line in self.sales)


def parties(*, limit: int = _PARTIES) -> list[PartyView]:
    """What the books hold for each party, the largest payable first."""
    held = party_balances((books.HELD, books.PAYABLE, books.RECEIVABLE, books.PAYOUT_IN_TRANSIT))
    by_party: dict[tuple[str, str], dict[str, int]] = {}
    for row in session().execute(select(held)):
        by_party.setdefault((row.party, row.currency), {})[row.kind] = row.fen
    names = _names(party for party, _ in by_party)
    views = [
        PartyView(
            party,
            names.get(party, party),
            currency,
            -fen.get(books.HELD, 0),
            -fen.get(books.PAYABLE, 0),
            fen.get(books.RECEIVABLE, 0),
            -fen.get(books.PAYOUT_IN_TRANSIT, 0),
        )
        for (party, currency), fen in by_party.items()
    ]
    return sorted(views, key=lambda view: (-view.payable, view.party))[:limit]


def order_money(number: str) -> OrderMoney | None:
    """Where the money of the order of this number went, such as `Y1001-1`; four statements."""
    sales = order_lines(number)
    if not sales:
        return None
    orders = [line.order for line in sales]
    refunds = set(session().scalars(_REFUNDS.where(SaleRow.order_ref.in_(orders))))
    facts = [(fact, order) for fact in _SALE_FACTS for order in orders]
    facts += [(fact, refund) for fact in _REFUND_FACTS for refund in refunds]
    return OrderMoney(number, sales, tuple(entries_of(facts)))


def _names(known: Iterable[str]) -> dict[str, str]:
    """Each seller as last named on a sale."""
    newest = select(func.max(SaleRow.id)).where(SaleRow.seller.in_(list(known))).group_by(SaleRow.seller)
    rows = session().execute(select(SaleRow.seller, SaleRow.seller_name).where(SaleRow.id.in_(newest)))
    return {row.seller: row.seller_name or row.seller for row in rows}


_REFUNDS = select(RefundRow.ref).join(SaleRow, SaleRow.id == RefundRow.sale_id)
