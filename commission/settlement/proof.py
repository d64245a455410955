"""Whether what sales, refunds and payouts say is what the journal holds: each tie is one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from commission.ledger import rules as books
from commission.ledger.queries import Violation, party_balances, posted_legs
from commission.settlement.models import Payout, RefundRow, SaleRow
from commission.settlement.rules import OPEN
from kernel.db import session

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 100
_LEFT = SaleRow.goods_fen + SaleRow.freight_fen - SaleRow.refunded_goods_fen - SaleRow.refunded_freight_fen
_NET = _LEFT - SaleRow.commission_fen - SaleRow.processing_fen


def ties(party: str = "") -> list[Violation]:
    """What does not tie, for one party or all: held, earned and travelling money, and each order's entries."""
    return [*_parties(party), *_orders(party)]


def _parties(party: str) -> Iterator[Violation]:
    """Per party: held sales = held; settled nets − payouts paid = due and in transit; payouts open = in transit."""
    rows = union_all(_sale_sums(), _payout_sums(), _book_sums()).subquery()
    off = {name: cast(func.sum(rows.c[name]), BigInteger) for name in ("held", "earned", "travelling")}
    query = (
        select(rows.c.party, rows.c.currency, *(total.label(name) for name, total in off.items()))
        .group_by(rows.c.party, rows.c.currency)
        .having(or_(*(total != 0 for total in off.values())))
        .order_by(rows.c.party)
        .limit(_SHOWN)
    )
    if party:
        query = query.where(rows.c.party == party)
    for row in session().execute(query):
        for name in off:
            if difference := getattr(row, name):
                yield Violation(f"settlement.{name}", f"party:{row.party}", f"off by {difference} {row.currency}")


def _sale_sums() -> Select[*tuple[object, ...]]:
    held = func.sum(case((SaleRow.state == "held", _LEFT), else_=0))
    earned = func.sum(case((SaleRow.state == "settled", _NET), else_=0))
    return _sums(SaleRow.seller, SaleRow.currency, held, earned, literal(0)).group_by(SaleRow.seller, SaleRow.currency)


def _payout_sums() -> Select[*tuple[object, ...]]:
    paid = -func.sum(case((Payout.state == "paid", Payout.amount_fen), else_=0))
    open_ = func.sum(case((Payout.state.in_(OPEN), Payout.amount_fen), else_=0))
    return _sums(Payout.party, Payout.currency, literal(0), paid, open_).group_by(Payout.party, Payout.currency)


def _book_sums() -> Select[*tuple[object, ...]]:
    due = (books.PAYABLE, books.RECEIVABLE, books.PAYOUT_IN_TRANSIT)
    book = party_balances((books.HELD, *due))
    held = case((book.c.kind == books.HELD, book.c.fen), else_=0)
    earned = case((book.c.kind.in_(due), book.c.fen), else_=0)
    travelling = case((book.c.kind == books.PAYOUT_IN_TRANSIT, book.c.fen), else_=0)
    return _sums(book.c.party, book.c.currency, held, earned, travelling)


def _sums(
    party: SQLColumnExpression[str],
    currency: SQLColumnExpression[str],
    held: ColumnElement[int],
    earned: ColumnElement[int],
    travelling: ColumnElement[int],
) -> Select[*tuple[object, ...]]:
    return select(
        cast(party, String(60)).label("party"),
        cast(currency, String(3)).label("currency"),
        cast(held, BigInteger).label("held"),
        cast(earned, BigInteger).label("earned"),
        cast(travelling, BigInteger).label("travelling"),
    )


def _orders(party: str) -> Iterator[Violation]:
    """Per order: what was held for it at payment, and the commission taken less what refunds gave back."""
    legs, refund_legs = posted_legs(), posted_legs()
    gross = _order(SaleRow.order_ref, SaleRow.goods_fen + SaleRow.freight_fen, literal(0))
    taken = _order(SaleRow.order_ref, literal(0), SaleRow.commission_fen).where(SaleRow.state == "settled")
    paid = _order(legs.c.fact_id, legs.c.fen, literal(0)).where(
        legs.c.fact_kind == "sale.paid", legs.c.kind == books.HELD
    )
    settled = _order(legs.c.fact_id, literal(0), legs.c.fen).where(
        legs.c.fact_kind == "sale.settled", legs.c.kind == books.COMMISSION
    )
    given_back = (
        _order(SaleRow.order_ref, literal(0), refund_legs.c.fen)
        .join(RefundRow, RefundRow.sale_id == SaleRow.id)
        .join(refund_legs, refund_legs.c.fact_id == RefundRow.ref)
        .where(refund_legs.c.fact_kind == "sale.refunded", refund_legs.c.kind == books.COMMISSION)
    )
    rows = union_all(gross, taken, paid, settled, given_back).subquery()
    off_gross, off_commission = (func.sum(rows.c[name]) for name in ("gross", "commission"))
    query = select(rows.c.order_ref, off_gross.label("gross"), off_commission.label("commission"))
    if party:
        query = query.where(rows.c.order_ref.in_(select(SaleRow.order_ref).where(SaleRow.seller == party)))
    query = query.group_by(rows.c.order_ref).having(or_(off_gross != 0, off_commission != 0))
    for row in session().execute(query.order_by(rows.c.order_ref).limit(_SHOWN)):
        detail = f"gross off by {row.gross}, commission off by {row.commission}"
        yield Violation("settlement.order", f"order:{row.order_ref}", detail)


def _order(
    order: SQLColumnExpression[str],
    gross: SQLColumnExpression[int],
    commission: SQLColumnExpression[int],
) -> Select[*tuple[object, ...]]:
    return select(
        cast(order, String(60)).label("order_ref"),
        cast(gross, BigInteger).label("gross"),
        cast(commission, BigInteger).label("commission"),
    )
