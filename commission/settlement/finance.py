"""What the finance desk asks: what the books hold for each party, and where the money of one order went. In fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from commission.ledger import rules as books
from commission.ledger.queries import LegView, entries_of, flow, journal, party_balances
from commission.payees.queries import doubtful
from commission.payments.queries import refused_refunds
from commission.settlement.models import Payout, RefundRow, SaleRow
from commission.settlement.queries import order_lines, payout_views
from kernel.clock import business_date, start_of
from kernel.db import session
from kernel.tables import Selected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from commission.ledger.queries import EntryView
    from commission.payees.queries import AccountLine
    from commission.payments.queries import RefusedRefund
    from commission.settlement.queries import Line, PayoutView

_DAYS = 14
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
class PartyLeg:
    """A leg of the journal, and what its party is called (nothing for the platform and the rail)."""

    leg: LegView
    name: str


@dataclass(frozen=True, slots=True)
class PartyPayout:
    """A payout, and what its party is called."""

    payout: PayoutView
    name: str


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A refund that the rail refused, and the number of the order that it is of (nothing for a late payment)."""

    refund: RefusedRefund
    number: str


@dataclass(frozen=True, slots=True)
class Days:
    """Money in and money out by day, oldest first; fen."""

    came: Sequence[tuple[date, int]]
    went: Sequence[tuple[date, int]]


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


def parties(asked: Mapping[str, str]) -> Selected[PartyView]:
    """What the books hold for each party that an address asks for, the largest payable first."""
    wanted: list[ColumnElement[bool]] = []
    if asked["q"]:
        wanted.append(or_(PARTY.name.icontains(asked["q"], autoescape=True), PARTY.party == asked["q"]))
    if asked["with"]:
        wanted.append(getattr(PARTY, asked["with"]) != 0)
    query = select(*PARTY).where(*wanted)
    order = (PARTY.payable.desc(), PARTY.party)
    return Selected(query, order, lambda rows: [PartyView(*row) for row in rows])


def entries(asked: Mapping[str, str]) -> Selected[PartyLeg]:
    """The journal that an address asks for, with what its parties are called."""
    named = select(SaleRow.seller).where(SaleRow.seller_name.icontains(asked["q"], autoescape=True))
    found = journal(
        template=asked["template"],
        kind=asked["kind"],
        voucher=asked["voucher"].upper() if asked["voucher"].upper().startswith("Y") else asked["voucher"],
        parties=named if asked["q"] else None,
        since=date.fromisoformat(asked["since"]) if asked["since"] else None,
        until=date.fromisoformat(asked["until"]) if asked["until"] else None,
    )
    return Selected(found.query, found.order, lambda rows: _named(found.read(rows)))


def payouts(asked: Mapping[str, str]) -> Selected[PartyPayout]:
    """The payouts that an address asks for, newest first, with what their parties are called."""
    wanted: list[ColumnElement[bool]] = []
    if asked["state"] == "attention":
        wanted.append(NEEDS_ATTENTION)
    elif asked["state"]:
        wanted.append(Payout.state == asked["state"])
    if asked["q"]:
        named = select(SaleRow.seller).where(SaleRow.seller_name.icontains(asked["q"], autoescape=True))
        wanted.append(or_(Payout.party.in_(named), Payout.public_id == asked["q"]))
    wanted += [Payout.begun_at >= start_of(date.fromisoformat(asked["since"]))] if asked["since"] else []
    if asked["until"]:
        wanted.append(Payout.begun_at < start_of(date.fromisoformat(asked["until"]) + timedelta(days=1)))
    return Selected(select(Payout).where(*wanted), (Payout.id.desc(),), _payouts_named)


def refused() -> list[RefusedLine]:
    """What the rail refused to give back and nobody began again, the longest waiting first."""
    found = refused_refunds()
    numbers = select(RefundRow.ref, SaleRow.number).join(SaleRow, SaleRow.id == RefundRow.sale_id)
    of_shoppers = numbers.where(SaleRow.way != "supply", RefundRow.ref.in_([one.matter for one in found]))
    known = {row.ref: row.number for row in session().execute(of_shoppers)} if found else {}
    return [RefusedLine(one, known.get(one.matter, "")) for one in found]


def doubtful_accounts() -> list[tuple[str, AccountLine]]:
    """(name, account) of the accounts to look at before money goes there."""
    found = doubtful()
    names = names_of({one.party for one in found})
    return [(names.get(one.party, one.party), one) for one in found]


def days(*, now: datetime) -> Days:
    """What came in from shoppers and what went out to them and to sellers, each of the last fourteen days."""
    today = business_date(now)
    shown = [today - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    moved = flow(books.CLEARING, since=shown[0])
    came = [(day, moved.get(day, (0, 0))[0]) for day in shown]
    return Days(came, [(day, moved.get(day, (0, 0))[1]) for day in shown])


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


def legs_of(found: OrderMoney) -> list[PartyLeg]:
    """The entries of one order leg by leg, as the journal lists them."""
    names = {line.seller: line.seller_name for line in found.sales}
    return [
        PartyLeg(
            LegView(entry.id, entry.at, entry.template, entry.memo or entry.fact_id, kind, party, fen),
            names.get(party, ""),
        )
        for entry in found.entries
        for party, kind, fen in entry.legs
    ]


def names_of(known: Iterable[str]) -> dict[str, str]:
    """Each seller as last named on a sale."""
    if not (sellers := list(known)):
        return {}
    newest = select(func.max(SaleRow.id)).where(SaleRow.seller.in_(sellers)).group_by(SaleRow.seller)
    rows = session().execute(select(SaleRow.seller, SaleRow.seller_name).where(SaleRow.id.in_(newest)))
    return {row.seller: row.seller_name or row.seller for row in rows}


def _named(legs: list[LegView]) -> list[PartyLeg]:
    names = names_of({leg.party for leg in legs})
    return [PartyLeg(leg, names.get(leg.party, "")) for leg in legs]


def _payouts_named(rows: Sequence[Any]) -> list[PartyPayout]:
    found = payout_views(rows)
    names = names_of({payout.party for payout in found})
    return [PartyPayout(payout, names.get(payout.party, payout.party)) for payout in found]


def _by_party() -> Any:  # noqa: ANN401  the columns of a subquery
    """(party, name, currency, held, payable, receivable, in_transit) of every party, as the platform owes it."""
    held = party_balances((books.HELD, books.PAYABLE, books.RECEIVABLE, books.PAYOUT_IN_TRANSIT))
    signs = {books.HELD: -1, books.PAYABLE: -1, books.RECEIVABLE: 1, books.PAYOUT_IN_TRANSIT: -1}
    sums = [
        cast(func.sum(case((held.c.kind == kind, held.c.fen * sign), else_=0)), BigInteger).label(label)
        for (kind, sign), label in zip(signs.items(), ("held", "payable", "receivable", "in_transit"), strict=True)
    ]
    newest = select(func.max(SaleRow.id).label("id")).group_by(SaleRow.seller).subquery()
    names = select(SaleRow.seller, SaleRow.seller_name).join(newest, newest.c.id == SaleRow.id).subquery()
    name = func.coalesce(func.nullif(func.max(names.c.seller_name), ""), held.c.party).label("name")
    query = select(held.c.party, name, held.c.currency, *sums).outerjoin(names, names.c.seller == held.c.party)
    return query.group_by(held.c.party, held.c.currency).subquery("parties").c


PARTY = _by_party()
_LATER = aliased(Payout)
NEEDS_ATTENTION = (Payout.state == "unknown") | (
    (Payout.state == "failed")
    & ~exists().where(_LATER.party == Payout.party, _LATER.currency == Payout.currency, _LATER.id > Payout.id)
)
"""Of a payout: nobody knows what became of it, or it failed and none was begun since."""
_REFUNDS = select(RefundRow.ref).join(SaleRow, SaleRow.id == RefundRow.sale_id)
