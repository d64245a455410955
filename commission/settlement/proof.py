"""Whether what sales, refunds and payouts say is what the journal holds: each tie is one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
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
_REFUNDED = SaleRow.refunded_goods_fen + SaleRow.refunded_freight_fen
_SUPPLIED = SaleRow.supply_fen - SaleRow.refunded_supply_fen
_LEFT = SaleRow.goods_fen + SaleRow.freight_fen - _REFUNDED - _SUPPLIED
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
    """Per sale and tie: what its row says less what its entries, its refunds and its other leg say, must be nothing."""
    rows = union_all(*_by_row(), *_by_other_leg(), _by_refund(), _by_entry(), _by_refund_entry()).subquery()
    off = cast(func.sum(rows.c.fen), BigInteger)
    query = select(rows.c.order_ref, rows.c.tie, off.label("fen")).where(rows.c.tie != "")
    if party:
        query = query.where(rows.c.order_ref.in_(select(SaleRow.order_ref).where(SaleRow.seller == party)))
    query = query.group_by(rows.c.order_ref, rows.c.tie).having(off != 0)
    for row in session().execute(query.order_by(rows.c.order_ref, rows.c.tie).limit(_SHOWN)):
        yield Violation(f"settlement.{row.tie}", f"order:{row.order_ref}", f"off by {row.fen}")


def _by_row() -> Iterator[Select[*tuple[object, ...]]]:
    """What a sale's row says: paid, fee not yet settled, commission taken, refunded twice over, and never overdrawn."""
    yield _tie("gross", SaleRow.goods_fen + SaleRow.freight_fen)
    yield _tie("processing", -SaleRow.processing_fen).where(SaleRow.state == "held")
    yield _tie("commission", SaleRow.commission_fen).where(SaleRow.state == "settled")
    yield _tie("refund_rows", _REFUNDED)
    yield _tie("refund_entries", _REFUNDED)
    yield _tie("covered", _LEFT).where(_LEFT < 0)


def _by_other_leg() -> Iterator[Select[*tuple[object, ...]]]:
    """What the merchant owes is what the factory is owed, and what she got back what the factory gave back."""
    yield _tie("supply", SaleRow.supply_fen).where(SaleRow.supply_fen != 0)
    yield _tie("supply", -SaleRow.goods_fen, SaleRow.serves).where(SaleRow.serves.is_not(None))
    yield _tie("supply_refunds", SaleRow.refunded_supply_fen).where(SaleRow.refunded_supply_fen != 0)
    yield _tie("supply_refunds", -SaleRow.refunded_goods_fen, SaleRow.serves).where(SaleRow.serves.is_not(None))


def _by_refund() -> Select[*tuple[object, ...]]:
    refunded = -RefundRow.goods_fen - RefundRow.freight_fen
    return _tie("refund_rows", refunded).join(RefundRow, RefundRow.sale_id == SaleRow.id)


def _by_entry() -> Select[*tuple[object, ...]]:
    """The legs of payment, supply and settlement: the credit to held is the gross, of whichever leg is booked."""
    legs = posted_legs()
    tie = case(
        ((legs.c.kind == books.HELD) & (legs.c.fen < 0), "gross"),
        (legs.c.kind == books.PROCESSING_COST, "processing"),
        (legs.c.kind == books.COMMISSION, "commission"),
        else_="",
    )
    return _tie(tie, legs.c.fen, legs.c.fact_id, legs).where(
        legs.c.fact_kind.in_(("sale.paid", "supply.ordered", "sale.settled"))
    )


def _by_refund_entry() -> Select[*tuple[object, ...]]:
    """The legs of a sale's own refunds: the one credit is what was given back, a debit of commission came back."""
    legs = posted_legs()
    tie = case((legs.c.kind == books.COMMISSION, "commission"), (legs.c.fen < 0, "refund_entries"), else_="")
    fact_kind = case((SaleRow.way == "supply", "supply.refunded"), else_="sale.refunded")
    of_sale = (legs.c.fact_id == RefundRow.ref) & (legs.c.fact_kind == fact_kind)
    return _tie(tie, legs.c.fen).join(RefundRow, RefundRow.sale_id == SaleRow.id).join(legs, of_sale)


def _tie(
    tie: str | ColumnElement[str],
    fen: SQLColumnExpression[int],
    order: SQLColumnExpression[Any] = SaleRow.order_ref,
    source: FromClause = SaleRow.__table__,
) -> Select[*tuple[object, ...]]:
    """Rows (order_ref, tie, fen) of one side of a tie."""
    columns = (
        cast(order, String(60)).label("order_ref"),
        cast(tie, String(20)).label("tie"),
        cast(fen, BigInteger).label("fen"),
    )
    return select(*columns).select_from(source)
