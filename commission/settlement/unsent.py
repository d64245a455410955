"""Money that is payable and has nowhere to go, as its seller has not said where to, or to a card as a firm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, cast, func, select, true

from commission.ledger import rules as books
from commission.ledger.queries import party_balances, waiting_since
from commission.payees.queries import has_account, has_held_account
from commission.settlement.models import SaleRow
from kernel.db import session

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Unsent:
    """What cannot be paid out to a party, less what it owes, and since when the first of it could have been.

    `is_held` when it has an account, but that is a person's card and the party is no individual business.
    """

    party: str
    name: str
    fen: int
    currency: str
    since: datetime
    is_held: bool


def unsent(party: str = "") -> list[Unsent]:
    """What waits for an account, of one party or of all, the largest first; one statement."""
    due, waits = party_balances((books.PAYABLE, books.RECEIVABLE)), waiting_since(books.PAYABLE, until="payout.begun")
    fen = cast(-func.sum(due.c.fen), BigInteger)
    name = select(SaleRow.seller_name).where(SaleRow.seller == due.c.party).order_by(SaleRow.id.desc()).limit(1)
    held = has_held_account(due.c.party)
    query = (
        select(due.c.party, name.scalar_subquery(), fen, due.c.currency, waits.c.since, held)
        .join(waits, (waits.c.party == due.c.party) & (waits.c.currency == due.c.currency))
        .where(~has_account(due.c.party), due.c.party == party if party else true())
        .group_by(due.c.party, due.c.currency, waits.c.since)
        .having(fen > 0)
        .order_by(fen.desc(), due.c.party)
    )
    return [Unsent(one, called or one, *rest) for one, called, *rest in session().execute(query)]
