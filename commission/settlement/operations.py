"""What happens to a sale's money: recorded, owed on to a factory, received, refunded, settled, paid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from commission.ledger import rules as books
from commission.ledger.operations import Draft, post, post_all, seal_blocks
from commission.rates.queries import rate_for
from commission.settlement.facts import SaleSettled
from commission.settlement.models import SaleRow, row_of
from commission.settlement.paying import begin_payout, begin_payouts, on_payout_answered, pay_parties, record_payout
from commission.settlement.refunds import refund_sale, refund_supply
from commission.settlement.rules import Sale, Supply, release_day
from kernel.audit import note, operation
from kernel.db import WRITING, is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import yuan
from kernel.money import Money
from kernel.outbox import publish
from kernel.permissions import Permission

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Row

    from kernel.permissions import Actor

__all__ = [
    "begin_payout",
    "begin_payouts",
    "on_payout_answered",
    "pay_parties",
    "record_payout",
    "record_receipt",
    "record_refund_paid",
    "record_sale",
    "record_supply",
    "record_unallocated",
    "refund_sale",
    "refund_supply",
    "settle",
    "settle_batch",
]
_BATCH = 200


@operation("settlement.record_sale")
def record_sale(*, sale: Sale, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Book a paid order: its money held for the seller, its rate frozen. Once per order; again does nothing."""
    if not _add_sale(sale):
        return
    legs = books.sale_paid(seller=sale.seller, gross=sale.gross, processing=sale.processing)
    currency = sale.gross.currency
    post(fact_kind="sale.paid", fact_id=sale.order, legs=legs, at=now, currency=currency, memo=sale.number)


@operation("settlement.record_supply")
def record_supply(*, supply: Supply, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Book what a merchant owes a factory for her sale: of her held money, so much is held for the factory.

    Once per supply order; again does nothing. Raises NotFoundError for an unknown sale of hers, DomainError
    `supply.not_covered` when her sale does not hold that much, or owes another supply order already.
    """
    if session().scalar(_LOCK_SALE, {"order": supply.serves}) is None:
        raise NotFoundError
    if session().scalar(select(SaleRow.id).where(SaleRow.order_ref == supply.supply)) is not None:
        return
    currency, fen = supply.goods.currency, supply.goods.amount
    owed = {"order": supply.serves, "factory": supply.factory, "fen": fen, "money": currency}
    merchant = session().scalar(_OWE_SUPPLY, owed)
    if merchant is None:
        raise DomainError("supply.not_covered", number=supply.number, goods=yuan(fen))
    _add_sale(supply.as_sale(), serves=supply.serves)
    legs = books.supply_ordered(merchant=merchant, factory=supply.factory, amount=supply.goods)
    post(fact_kind="supply.ordered", fact_id=supply.supply, legs=legs, at=now, currency=currency, memo=supply.number)
    note(f"sale:{supply.serves}", after={"supply_fen": fen, "supply": supply.supply})


@operation("settlement.record_receipt")
def record_receipt(*, order: str, received_at: datetime, actor: Actor, now: datetime) -> date:  # noqa: ARG001  audited
    """Note that the shopper has the goods; the day its money is released. The first receipt counts."""
    day = release_day(received_at)
    first = (SaleRow.order_ref == order, SaleRow.release_on.is_(None))
    noted = update(SaleRow).where(*first).values(received_at=received_at, release_on=day).returning(SaleRow.id)
    if session().scalar(noted) is not None:
        note(f"sale:{order}", after={"release_on": day.isoformat()})
        return day
    known = session().scalar(select(SaleRow.release_on).where(SaleRow.order_ref == order))
    if known is None:
        raise NotFoundError
    return known


@operation("settlement.record_unallocated")
def record_unallocated(*, payment: str, gross: Money, processing: Money, actor: Actor, now: datetime) -> None:  # noqa: ARG001
    """Book money that came for an order that can no longer be served: all of it is owed back."""
    legs = books.payment_unallocated(gross=gross, processing=processing)
    post(fact_kind="payment.unallocated", fact_id=payment, legs=legs, at=now, currency=gross.currency)
    note(f"payment:{payment}", after={"unallocated_fen": gross.amount})


@operation("settlement.record_refund_paid")
def record_refund_paid(*, refund: str, amount: Money, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Book that the rail gave money back; `refund` is the refund or the unallocated payment it was for."""
    legs = books.refund_paid(amount=amount)
    post(fact_kind="refund.paid", fact_id=refund, legs=legs, at=now, currency=amount.currency)
    note(f"refund:{refund}", after={"paid_fen": amount.amount})


def settle(*, day: date, actor: Actor, now: datetime) -> int:
    """Settle all sales due by a business day; how many. One transaction a batch: may be killed and run again."""
    settled = 0
    while batch := settle_batch(day=day, actor=actor, now=now):
        settled += batch
    if not session().info.get(WRITING):  # the sealer waits for posters: inside a transaction it would be one
        seal_blocks(actor=actor, now=now)
    return settled


@operation("settlement.settle_batch")
def settle_batch(*, day: date, actor: Actor, now: datetime) -> int:
    """Settle up to 200 due sales that no rival holds; how many. Each sale once, by state and by its one entry."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    sales = session().execute(_CLAIM_DUE, {"day": day, "batch": _BATCH}).all()
    by_currency: dict[str, list[Draft]] = {}
    for sale in sales:
        by_currency.setdefault(sale.currency, []).append(_settled(sale))
    for currency, drafts in by_currency.items():
        post_all([draft for draft in drafts if draft.legs], at=now, currency=currency)
    for sale in sales:
        publish(SaleSettled(order=sale.order_ref, seller=sale.seller), actor=actor, now=now)
    note(f"settlement:{day}", after={"sales": len(sales)})
    return len(sales)


def _add_sale(sale: Sale, *, serves: str | None = None) -> bool:
    """Keep a sale under the rate of its moment; False when it is known already."""
    rate = rate_for(sale.way, sale.paid_at)
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    row = insert(SaleRow).values(**row_of(sale, rate, serves=serves))
    added = row.on_conflict_do_nothing(index_elements=[SaleRow.order_ref]).returning(SaleRow.id)
    if session().scalar(added) is None:
        return False
    note(f"sale:{sale.order}", after={"gross_fen": sale.gross.amount, "basis_points": rate.basis_points})
    return True


def _settled(sale: Row[*tuple[Any, ...]]) -> Draft:
    """Released is what the shopper left with the seller, less what a merchant owes the factory."""
    currency: str = sale.currency
    refunded = sale.refunded_goods_fen + sale.refunded_freight_fen
    supplied = sale.supply_fen - sale.refunded_supply_fen
    legs = books.sale_settled(
        seller=sale.seller,
        held=Money(sale.goods_fen + sale.freight_fen - refunded - supplied, currency),
        commission=Money(sale.commission_fen, currency),
        processing=Money(sale.processing_fen, currency),
    )
    return Draft("sale_settled", "sale.settled", sale.order_ref, legs, sale.number)


_LOCK_SALE = select(SaleRow.id).where(SaleRow.order_ref == bindparam("order")).with_for_update()
_OWE_SUPPLY = (
    update(SaleRow)
    .where(SaleRow.order_ref == bindparam("order"), SaleRow.way == "merchant", SaleRow.seller != bindparam("factory"))
    .where(SaleRow.state == "held", SaleRow.supply_fen == 0, SaleRow.currency == bindparam("money"))
    .where(SaleRow.goods_fen - SaleRow.refunded_goods_fen >= bindparam("fen"))
    .values(supply_fen=bindparam("fen"))
    .returning(SaleRow.seller)
    .execution_options(synchronize_session=False)
)
_DUE = (
    select(SaleRow.id)
    .where(SaleRow.state == "held", SaleRow.release_on <= bindparam("day"))
    .order_by(SaleRow.id)
    .limit(bindparam("batch"))
    .with_for_update(skip_locked=True)
    .cte("due")  # once: as a plain subquery PostgreSQL may run it per row, and the limit with it
)
_CLAIM_DUE = (
    update(SaleRow)
    .where(SaleRow.state == "held", SaleRow.id.in_(select(_DUE.c.id)))
    .values(state="settled", settled_on=bindparam("day"))
    .returning(*SaleRow.__table__.c)
    .execution_options(synchronize_session=False)
)
