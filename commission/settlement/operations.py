"""What happens to a sale's money: recorded, owed on to a factory, received, refunded, settled, paid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from commission.ledger import rules as books
from commission.ledger.operations import Draft, lock_account, post, post_all, seal_blocks
from commission.ledger.queries import balances
from commission.payments.facts import PayoutFailed, PayoutSucceeded
from commission.payments.operations import begin_payout as begin_transfer
from commission.payments.rail import Outcome
from commission.rates.queries import rate_for
from commission.settlement.facts import PayoutBegun, SaleSettled
from commission.settlement.models import Payout, SaleRow, row_of
from commission.settlement.queries import has_open_payout, payable_parties
from commission.settlement.refunds import refund_sale, refund_supply
from commission.settlement.rules import PAYOUT, Sale, Supply, release_day
from kernel.audit import note, operation
from kernel.db import WRITING, is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import yuan
from kernel.ids import public_id
from kernel.money import Money
from kernel.outbox import publish
from kernel.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
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
MOST_AT_ONCE = 100
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Paid:
    """What became of paying many parties: those to whom money is on its way, and why not to the others."""

    done: tuple[str, ...]
    skipped: dict[str, DomainError]


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


def begin_payouts(*, actor: Actor, now: datetime) -> list[str]:
    """Begin a payout to every party with money payable and none under way; their public ids."""
    actor.require(Permission.FINANCE_PAYOUTS_RUN)
    begun = (begin_payout(party=party, currency=money, actor=actor, now=now) for party, money in payable_parties())
    return [payout for payout in begun if payout is not None]


def pay_parties(*, parties: Sequence[str], actor: Actor, now: datetime) -> Paid:
    """Begin payouts to these parties, each in a transaction of its own; who was passed over, and why."""
    actor.require(Permission.FINANCE_PAYOUTS_RUN)
    if len(parties) > MOST_AT_ONCE:
        raise DomainError("payout.too_many", most=MOST_AT_ONCE)
    currencies: dict[str, list[str]] = {}
    for party, money in payable_parties():
        currencies.setdefault(party, []).append(money)
    skipped: dict[str, DomainError] = {}
    for party in dict.fromkeys(parties):
        begun = [begin_payout(party=party, currency=money, actor=actor, now=now) for money in currencies.get(party, ())]
        if not any(begun):
            under_way = has_open_payout(party)
            skipped[party] = DomainError("payout.under_way" if under_way else "payout.nothing")
    return Paid(tuple(party for party in dict.fromkeys(parties) if party not in skipped), skipped)


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
    legs = books.payout_begun(party=party, payable=payable, receivable=owed)
    post(fact_kind="payout.begun", fact_id=payout, legs=legs, at=now, currency=currency)
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
        post(fact_kind=f"payout.{row.state}", fact_id=payout, legs=legs, at=now, currency=row.currency)
    note(f"payout:{payout}", after={"state": row.state, "reason": row.reason})
    return row.state


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
