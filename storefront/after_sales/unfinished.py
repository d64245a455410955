"""What a seller has not brought to its end: orders, refunds, days in which one may ask for some, money. Fen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from commission.ledger import rules as books
from commission.ledger.queries import balances
from commission.settlement.models import SaleRow
from commission.settlement.queries import held_lines
from kernel.clock import business_date
from kernel.db import session
from storefront.after_sales.models import Refund
from storefront.after_sales.rules import ASK_WITHIN, OPEN, Matter
from storefront.orders.models import Order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Select

_CURRENCY = "CNY"
_FINAL = ("completed", "cancelled")
_DUES = (
    ("payable", books.PAYABLE, -1),
    ("owed", books.RECEIVABLE, 1),
    ("travelling", books.PAYOUT_IN_TRANSIT, -1),
)


def open_matters(organisation_id: int, organisation: str, *, now: datetime) -> tuple[Matter, ...]:
    """All that is open between an organisation (id, public id) and others as of now; nothing when it may be closed."""
    return (*_trade(organisation_id, now), *_money(organisation))


def _trade(organisation_id: int, now: datetime) -> Iterator[Matter]:
    mine = or_(Order.organisation_id == organisation_id, Order.shipper_id == organisation_id)
    if orders := _count(select(func.count(Order.id)).where(mine, Order.state.not_in(_FINAL))):
        yield Matter("orders", orders)
    its = or_(Refund.organisation_id == organisation_id, Refund.shipper_id == organisation_id)
    unpaid = (Refund.state == "refunded") & Refund.paid_at.is_(None)
    if refunds := _count(select(func.count(Refund.id)).where(its, Refund.state.in_(OPEN) | unpaid)):
        yield Matter("refunds", refunds)
    young = (mine, Order.state != "cancelled", Order.received_at > now - ASK_WITHIN)
    counts = select(func.count(Order.id), func.max(Order.received_at)).where(*young)
    count, latest = session().execute(counts).one()
    if latest is not None:
        yield Matter("window", count, until=business_date(latest + ASK_WITHIN))


def _money(organisation: str) -> Iterator[Matter]:
    _lines, totals = held_lines(organisation)
    if totals.orders:
        held = (SaleRow.seller == organisation, SaleRow.state == "held")
        until = session().scalar(select(func.max(SaleRow.release_on)).where(*held))
        yield Matter("held", totals.orders, totals.net, until)
    book = balances(organisation, currency=_CURRENCY)
    for key, kind, side in _DUES:
        if fen := side * book.get(kind, 0):
            yield Matter(key, fen=fen)


def _count(query: Select[Any]) -> int:
    return session().scalar(query) or 0
