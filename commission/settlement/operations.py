"""What happens to a sale's money: recorded, received, refunded, settled, paid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from commission.ledger import rules as books
from commission.ledger.operations import Draft, lock_account, post, post_all, seal_blocks
from commission.ledger.queries import balances
from commission.payments.facts import PayoutFailed, PayoutSucceeded
from commission.payments.operations import begin_payout as begin_transfer
from commission.payments.rail import Outcome
from commission.rates.queries import rate_for
from commission.rates.rules import FrozenRate
from commission.settlement.models import Payout, RefundRow, SaleRow, row_of
from commission.settlement.queries import has_open_payout, payable_parties
from commission.settlement.rules import PAYOUT, Sale, Supply, release_day
from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import WRITING, is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import yuan
from kernel.ids import public_id
from kernel.money import Money
from kernel.outbox import Fact, publish
from kernel.permissions import Permission

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Row

    from kernel.permissions import Actor

_BATCH = 200


@dataclass(frozen=True, slots=True)
class SaleSettled(Fact):
    """A sale's money was released to its seller; published once per order, in the transaction of its entry."""

    kind: ClassVar[str] = "sale.settled"
    order: str
    seller: str


@dataclass(frozen=True, slots=True)
class PayoutBegun(Fact):
    """A payout and its call to the rail are on paper; the worker performs it (`tasks.perform_payout`)."""

    kind: ClassVar[str] = "payout.begun"
    payout: str


@operation("settlement.record_sale")
def record_sale(*, sale: Sale, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Book a paid order: its money held for the seller, its rate frozen. Once per order; again does nothing."""
    rate = rate_for(sale.way, sale.paid_at)
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    added = insert(SaleRow).values(**row_of(sale, rate)).on_conflict_do_nothing().returning(SaleRow.id)
    if session().scalar(added) is None:
        return
    legs = books.sale_paid(seller=sale.seller, gross=sale.gross, processing=sale.processing)
    _book("sale.paid", sale.order, legs, sale.gross.currency, now, memo=sale.number)
    note(f"sale:{sale.order}", after={"gross_fen": sale.gross.amount, "basis_points": rate.basis_points})


@operation("settlement.record_supply")
def record_supply(*, supply: Supply, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Book what a merchant owes a factory for her paid order, out of what is held for her. Once; again does nothing."""
    none, rate = Money(0, supply.goods.currency), rate_for("supply", supply.paid_at)
    sale = Sale(
        order=supply.supply,
        number=supply.number,
        seller=supply.factory,
        seller_name=supply.factory_name,
        way="supply",
        goods=supply.goods,
        freight=none,
        processing=none,
        category=supply.category,
        belt=supply.belt,
        campaign="",
        paid_at=supply.paid_at,
    )
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    added = insert(SaleRow).values(**row_of(sale, rate), serves=supply.serves).on_conflict_do_nothing()
    if session().scalar(added.returning(SaleRow.id)) is None:
        return
    served = update(SaleRow).where(SaleRow.order_ref == supply.serves).values(supply_fen=supply.goods.amount)
    merchant = session().scalars(served.returning(SaleRow.seller)).one()
    owed = supply.goods.amount
    legs = books.balanced(books.Leg(merchant, books.HELD, owed), books.Leg(supply.factory, books.HELD, -owed))
    _book("supply.ordered", supply.supply, legs, supply.goods.currency, now, memo=supply.number)
    note(f"sale:{supply.supply}", after={"supply_fen": owed, "basis_points": rate.basis_points})


@operation("settlement.refund_supply")
def refund_supply(*, supply: str, refund: str, goods: Money, actor: Actor, now: datetime) -> Money:  # noqa: ARG001
    """Give part of a supply order's money back to the merchant; the commission given back to the factory."""
    sale = session().scalar(_LOCK_SALE, {"order": supply}, execution_options={"populate_existing": True})
    if sale is None:
        raise NotFoundError
    known = select(RefundRow).where(RefundRow.ref == refund, RefundRow.sale_id == sale.id)
    if (before := session().scalar(known)) is not None:
        return Money(before.commission_back_fen, sale.currency)
    net = Money(sale.goods_fen - sale.refunded_goods_fen, sale.currency)
    back = FrozenRate(sale.card_version, sale.basis_points).change(net, net - goods)
    _keep_refund(sale, refund, goods=goods, freight=Money(0, sale.currency), back=back, now=now)
    return back


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


@operation("settlement.refund_sale")
def refund_sale(*, order: str, refund: str, goods: Money, freight: Money, actor: Actor, now: datetime) -> Money:  # noqa: ARG001
    """Owe the shopper part of a sale; what it gives back of the commission. `refund` is the caller's id: once each.

    Raises NotFoundError, or DomainError `refund.too_much` with what is left in yuan.
    """
    sale = session().scalar(_LOCK_SALE, {"order": order}, execution_options={"populate_existing": True})
    if sale is None:
        raise NotFoundError
    before = session().scalar(select(RefundRow).where(RefundRow.ref == refund))
    if before is not None:
        return Money(before.commission_back_fen, sale.currency)
    _refuse_too_much(sale, goods, freight)
    net = Money(sale.goods_fen - sale.refunded_goods_fen, sale.currency)
    rate = FrozenRate(sale.card_version, sale.basis_points)
    back = rate.change(net, net - goods)
    _keep_refund(sale, refund, goods=goods, freight=freight, back=back, now=now)
    legs = _refund_legs(sale, goods + freight, back)
    _book("sale.refunded", refund, legs, sale.currency, now, memo=sale.number)
    note(f"sale:{order}", after={"refunded_fen": (goods + freight).amount, "refund": refund})
    return back


@operation("settlement.record_unallocated")
def record_unallocated(*, payment: str, gross: Money, processing: Money, actor: Actor, now: datetime) -> None:  # noqa: ARG001
    """Book money that came for an order that can no longer be served: all of it is owed back."""
    legs = books.payment_unallocated(gross=gross, processing=processing)
    _book("payment.unallocated", payment, legs, gross.currency, now)
    note(f"payment:{payment}", after={"unallocated_fen": gross.amount})


@operation("settlement.record_refund_paid")
def record_refund_paid(*, refund: str, amount: Money, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Book that the rail gave money back; `refund` is the refund or the unallocated payment it was for."""
    legs = books.refund_paid(amount=amount)
    _book("refund.paid", refund, legs, amount.currency, now)
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


def begin_payouts(*, actor: Actor, now: datetime) -> list[str]:
    """Begin a payout to every party with money payable and none under way; their public ids."""
    actor.require(Permission.FINANCE_PAYOUTS_RUN)
    begun = (begin_payout(party=party, currency=money, actor=actor, now=now) for party, money in payable_parties())
    return [payout for payout in begun if payout is not None]


@operation("settlement.begin_payout")
def begin_payout(*, party: str, currency: str, actor: Actor, now: datetime) -> str | None:
    """Begin one party's payout of all that is payable less what it owes; None when there is nothing to pay."""
    actor.require(Permission.FINANCE_PAYOUTS_RUN)
    lock_account(party=party, kind=books.PAYABLE, currency=currency)
    if has_open_payout(party, currency=currency):
        return None
    owned = balances(party, currency=currency)
    payable = Money(-owned.get(books.PAYABLE, 0), currency)
    owed = Money(owned.get(books.RECEIVABLE, 0), currency)
    if payable <= owed:
        return None
    payout, amount = public_id("po"), payable - owed
    _book("payout.begun", payout, books.payout_begun(party=party, payable=payable, receivable=owed), currency, now)
    intent = begin_transfer(payout=payout, payee=party, amount=amount, actor=actor, now=now)
    _keep_payout(payout, party=party, amount=amount, kept=owed, intent=intent, now=now)
    note(f"payout:{payout}", after={"party": party, "amount_fen": amount.amount, "kept_fen": owed.amount})
    publish(PayoutBegun(payout=payout), actor=actor, now=now)
    return payout


def on_payout_answered(fact: PayoutSucceeded | PayoutFailed, *, actor: Actor, now: datetime) -> None:
    """Book what payments learned of a payout, in the transaction in which it was learned."""
    if isinstance(fact, PayoutSucceeded):
        outcome = Outcome("ok", rail_ref=fact.rail_ref)
    else:
        outcome = Outcome("failed", reason=fact.reason)
    record_payout(payout=fact.payout, outcome=outcome, actor=actor, now=now)


@operation("settlement.record_payout")
def record_payout(*, payout: str, outcome: Outcome, actor: Actor, now: datetime) -> str:  # noqa: ARG001  audited
    """Book what the rail said of a payout; its state. After a known answer, the same or `unknown` does nothing."""
    row = session().scalar(_LOCK_PAYOUT, {"payout": payout}, execution_options={"populate_existing": True})
    if row is None:
        raise NotFoundError
    answered = {"ok": "paid", "failed": "failed", "unknown": row.state}[outcome.state]
    if row.state == answered and row.state != "begun":
        return row.state
    row.state = PAYOUT.step(row.state, outcome.state).to
    row.rail_ref, row.reason = outcome.rail_ref, outcome.reason
    if outcome.is_known:
        row.finished_at = now
        amount = Money(row.amount_fen, row.currency)
        legs = (books.payout_paid if row.state == "paid" else books.payout_failed)(party=row.party, amount=amount)
        _book(f"payout.{row.state}", payout, legs, row.currency, now)
    note(f"payout:{payout}", after={"state": row.state, "reason": row.reason})
    return row.state


def _refuse_too_much(sale: SaleRow, goods: Money, freight: Money) -> None:
    left, left_freight = sale.goods_fen - sale.refunded_goods_fen, sale.freight_fen - sale.refunded_freight_fen
    within = 0 <= goods.amount <= left and 0 <= freight.amount <= left_freight
    if not within or not (goods + freight).amount:
        raise DomainError("refund.too_much", goods=yuan(left), freight=yuan(left_freight))


def _keep_refund(sale: SaleRow, refund: str, *, goods: Money, freight: Money, back: Money, now: datetime) -> None:
    sale.refunded_goods_fen += goods.amount
    sale.refunded_freight_fen += freight.amount
    sale.commission_fen -= back.amount
    row = RefundRow(
        ref=refund,
        sale_id=sale.id,
        goods_fen=goods.amount,
        freight_fen=freight.amount,
        commission_back_fen=back.amount,
        after_settlement=sale.state == "settled",
        refunded_on=business_date(now),
        at=now,
    )
    session().add(row)


def _refund_legs(sale: SaleRow, amount: Money, back: Money) -> books.Legs:
    if sale.state == "settled":
        return books.refund_after_settlement(seller=sale.seller, amount=amount, commission_back=back)
    return books.refund_before_settlement(seller=sale.seller, amount=amount)


def _settled(sale: Row[*tuple[Any, ...]]) -> Draft:
    currency: str = sale.currency
    refunded = sale.refunded_goods_fen + sale.refunded_freight_fen
    legs = books.sale_settled(
        seller=sale.seller,
        held=Money(sale.goods_fen + sale.freight_fen - refunded, currency),
        commission=Money(sale.commission_fen, currency),
        processing=Money(sale.processing_fen, currency),
    )
    return Draft("sale_settled", "sale.settled", sale.order_ref, legs, sale.number)


def _keep_payout(payout: str, *, party: str, amount: Money, kept: Money, intent: str, now: datetime) -> None:
    row = Payout(
        public_id=payout,
        party=party,
        amount_fen=amount.amount,
        kept_fen=kept.amount,
        currency=amount.currency,
        state=PAYOUT.start,
        intent=intent,
        rail_ref="",
        reason="",
        begun_at=now,
    )
    session().add(row)


def _book(fact: str, fact_id: str, legs: books.Legs, currency: str, now: datetime, *, memo: str = "") -> None:
    template = fact.replace(".", "_")
    post(template=template, fact_kind=fact, fact_id=fact_id, legs=legs, at=now, currency=currency, memo=memo)


_LOCK_SALE = select(SaleRow).where(SaleRow.order_ref == bindparam("order")).with_for_update()
_LOCK_PAYOUT = select(Payout).where(Payout.public_id == bindparam("payout")).with_for_update()
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
