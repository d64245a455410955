"""Paying out: everything payable to who has an account for it, whatever the rail answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from structlog import get_logger

from commission.ledger import rules as books
from commission.ledger.operations import lock_account, post
from commission.ledger.queries import balances
from commission.payees.operations import account_to_pay
from commission.payees.queries import is_held, with_account
from commission.payees.rules import shorthand
from commission.payments.facts import PayoutFailed, PayoutSucceeded
from commission.payments.operations import begin_payout as begin_transfer
from commission.payments.rail import Outcome
from commission.settlement.facts import PayoutBegun
from commission.settlement.models import Payout
from commission.settlement.queries import has_open_payout, payable_parties
from commission.settlement.rules import PAYOUT
from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.money import Money
from kernel.outbox import publish
from kernel.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commission.payees.models import PayoutAccount
    from kernel.permissions import Actor

MOST_AT_ONCE = 100
_log = get_logger("settlement")


@dataclass(frozen=True, slots=True)
class Paid:
    """What became of paying many parties: those to whom money is on its way, and why not to the others."""

    done: tuple[str, ...]
    skipped: dict[str, DomainError]


def begin_payouts(*, actor: Actor, now: datetime) -> list[str]:
    """Begin a payout to every party with money payable, an account and none under way; their public ids."""
    actor.require(Permission.FINANCE_PAYOUTS_RUN)
    begun: list[str | None] = []
    for party, money in payable_parties():
        try:
            begun.append(begin_payout(party=party, currency=money, actor=actor, now=now))
        except IntegrityError as refusal:  # what the tables refuse of one stops nobody else
            _log.error("payout refused", party=party, exc_info=refusal)
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
        try:
            due = currencies.get(party, ())
            begun = [begin_payout(party=party, currency=money, actor=actor, now=now) for money in due]
        except IntegrityError as refusal:
            _log.error("payout refused", party=party, exc_info=refusal)
            skipped[party] = DomainError("busy")
            continue
        if not any(begun):
            skipped[party] = DomainError(_why_not(party))
    return Paid(tuple(party for party in dict.fromkeys(parties) if party not in skipped), skipped)


@operation("settlement.begin_payout")
def begin_payout(*, party: str, currency: str, actor: Actor, now: datetime) -> str | None:
    """Begin one party's payout of all that is payable less what it owes; None when there is nothing to pay.

    None, too, while the party has not said where to, or to a person's card as a firm: its money stays payable.
    """
    actor.require(Permission.FINANCE_PAYOUTS_RUN)
    lock_account(party=party, kind=books.PAYABLE, currency=currency)
    if has_open_payout(party, currency=currency):
        return None
    owned = balances(party, currency=currency)
    payable = Money(-owned.get(books.PAYABLE, 0), currency)
    owed = Money(owned.get(books.RECEIVABLE, 0), currency)
    account = account_to_pay(party=party, now=now) if payable > owed else None
    if account is None:
        return None
    payout, amount = public_id("po"), payable - owed
    legs = books.payout_begun(party=party, payable=payable, receivable=owed)
    post(fact_kind="payout.begun", fact_id=payout, legs=legs, at=now, currency=currency)
    intent = begin_transfer(payout=payout, payee=party, amount=amount, actor=actor, now=now)
    _keep_payout(payout, party=party, amount=amount, kept=owed, intent=intent, account=account, now=now)
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


def _why_not(party: str) -> str:
    if has_open_payout(party):
        return "payout.under_way"
    due = any(party == one for one, _ in payable_parties())
    if not due or with_account([party]):
        return "payout.nothing"
    return "payout.personal_account" if is_held(party) else "payout.no_account"


def _keep_payout(
    payout: str, *, party: str, amount: Money, kept: Money, intent: str, account: PayoutAccount, now: datetime
) -> None:
    row = Payout(
        public_id=payout,
        party=party,
        amount_fen=amount.amount,
        kept_fen=kept.amount,
        currency=amount.currency,
        state=PAYOUT.start,
        intent=intent,
        account_id=account.id,
        sent_to=shorthand(account.bank, account.bank_name, account.last_four),
        rail_ref="",
        reason="",
        begun_at=now,
    )
    session().add(row)


_LOCK_PAYOUT = select(Payout).where(Payout.public_id == bindparam("payout")).with_for_update()
