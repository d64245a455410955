"""Whether our books and the payment company's own say the same."""

from sqlalchemy import func, select

from commission.ledger import rules as ledger
from commission.ledger.proof import trial_balance
from commission.payments.models import Payment, RailIntent
from commission.payments.sandbox import Movement, SandboxRail
from kernel.db import session


def differences(rail: SandboxRail) -> list[str]:
    """What differs, while nothing is under way: each movement is one answered intent, the clearing account ties."""
    moved = {one.rail_ref: one for one in (*rail.charges(), *rail.refunds(), *rail.payouts())}
    rows = session().scalars(select(RailIntent)).all()
    known = {row.rail_ref: row for row in rows if row.rail_ref}
    found = [f"rail alone knows {moved[ref]}" for ref in moved.keys() - known.keys()]
    found += [f"we alone know {known[ref].public_id}" for ref in known.keys() - moved.keys()]
    found += [f"{ref} differs" for ref in moved.keys() & known.keys() if not _same(moved[ref], known[ref])]
    found += [f"{row.public_id} has no answer" for row in rows if row.state not in {"ok", "failed"}]
    return found + _double_charges(rail) + _clearing(rail)


def _same(moved: Movement, intent: RailIntent) -> bool:
    ours = (intent.kind, intent.amount_fen, intent.currency, intent.state, intent.fee_fen)
    return ours == (moved.kind, moved.amount, moved.currency, moved.state, moved.fee)


def _double_charges(rail: SandboxRail) -> list[str]:
    taken = [one.counterpart for one in rail.charges() if one.state == "ok"]
    paid = session().scalar(select(func.count()).select_from(Payment).where(Payment.state.in_(["paid", "refunded"])))
    doubles = [f"{payment} charged twice" for payment in set(taken) if taken.count(payment) > 1]
    return doubles + ([] if paid == len(taken) else [f"{paid} payments paid, {len(taken)} charges taken"])


def _clearing(rail: SandboxRail) -> list[str]:
    ours = sum(row.debit - row.credit for row in trial_balance() if row.kind == ledger.CLEARING)
    theirs = rail.balance().amount
    return [] if ours == theirs else [f"clearing holds {ours}, the rail {theirs}"]
