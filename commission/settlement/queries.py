"""What can be asked of sales and payouts; sellers' queries take the seller they are about. Amounts in fen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, cast, exists, func, select, true

from commission.ledger import rules as books
from commission.ledger.queries import Report, party_balances, verify
from commission.settlement.models import Payout, SaleRow
from commission.settlement.proof import ties
from commission.settlement.rules import OPEN
from kernel.db import session
from kernel.i18n import percent, yuan
from kernel.tables import Selected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, SQLColumnExpression

__all__ = [
    "Line",
    "PayoutView",
    "Statement",
    "Totals",
    "held_lines",
    "intent_of",
    "lines_of",
    "months",
    "order_lines",
    "payable_parties",
    "payout_views",
    "payouts",
    "payouts_of",
    "statement",
    "ties",
    "verify_books",
]
PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One order on a statement: of a resold order the merchant's leg, or the factory's that `serves` it."""

    order: str
    serves: str | None
    number: str
    seller: str
    seller_name: str
    way: str
    currency: str
    paid_at: datetime
    goods: int
    freight: int
    refunded_goods: int
    refunded_freight: int
    supply: int
    refunded_supply: int
    basis_points: int
    card_version: int
    commission: int
    processing: int
    release_on: date | None
    settled_on: date | None

    @property
    def bought(self) -> str:
        """The shopper's order behind it, as pages name it."""
        return self.serves or self.order

    @property
    def gross(self) -> int:
        """What the shopper paid; of a factory's leg, what the merchant owed."""
        return self.goods + self.freight

    @property
    def refunded(self) -> int:
        """What was given back of it."""
        return self.refunded_goods + self.refunded_freight

    @property
    def supplied(self) -> int:
        """What a merchant owes the factory for it, less what she got back."""
        return self.supply - self.refunded_supply

    @property
    def net(self) -> int:
        """What the seller gets."""
        return self.gross - self.refunded - self.supplied - self.commission - self.processing

    @property
    def formula(self) -> str:
        """How the commission came about, such as `599.00 × 0.5% = 3.00`."""
        base = yuan(self.goods - self.refunded_goods)
        return f"{base} × {percent(self.basis_points)} = {yuan(self.commission)}"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all lines of a statement, not only those of the page shown."""

    orders: int
    gross: int
    freight: int
    refunded: int
    supplied: int
    commission: int
    processing: int

    @property
    def net(self) -> int:
        """What the seller gets."""
        return self.gross - self.refunded - self.supplied - self.commission - self.processing


@dataclass(frozen=True, slots=True)
class Statement:
    """What a seller's settled orders of a period came to: one page of lines, totals over all."""

    seller: str
    since: date | None
    until: date | None
    lines: tuple[Line, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout as pages show it."""

    payout: str
    party: str
    amount: int
    kept: int
    currency: str
    state: str
    reason: str
    sent_to: str
    begun_at: datetime
    finished_at: datetime | None


def statement(
    seller: str,
    *,
    since: date | None = None,
    until: date | None = None,
    page: int = 1,
) -> Statement:
    """Orders settled in `[since, until)`, newest first, 100 to a page."""
    mine = _settled(seller, since, until)
    lines = _lines(*mine, order=_NEWEST, page=page)
    return Statement(seller, since, until, lines, _totals(*mine))


def lines_of(seller: str, *, state: str, since: date | None = None, until: date | None = None) -> Selected[Line]:
    """A seller's lines to be listed: `settled` in `[since, until)` newest first, `held` soonest first."""
    if state == "settled":
        return Selected(select(*_COLUMNS).where(*_settled(seller, since, until)), _NEWEST, _read)
    return Selected(select(*_COLUMNS).where(*_held(seller)), _SOONEST, _read)


def held_lines(seller: str, *, page: int = 1) -> tuple[tuple[Line, ...], Totals]:
    """Orders paid and not settled yet, the next to be released first, and their sums."""
    mine = _held(seller)
    return _lines(*mine, order=_SOONEST, page=page), _totals(*mine)


def order_lines(number: str) -> tuple[Line, ...]:
    """The sale of an order and, when it was resold, the factory's leg after it."""
    return _lines(SaleRow.number == number, order=(SaleRow.id,), page=1)


def months(seller: str) -> list[str]:
    """Months with settled orders, such as `2026-03`, newest first."""
    month = func.substr(cast(SaleRow.settled_on, SaleRow.order_ref.type), 1, 7)
    query = select(month).distinct().where(SaleRow.seller == seller, SaleRow.settled_on.is_not(None))
    return sorted(session().scalars(query), reverse=True)


def payouts_of(party: str) -> Selected[PayoutView]:
    """All payouts of one party, newest first."""
    return Selected(select(Payout).where(Payout.party == party), (Payout.id.desc(),), payout_views)


def payouts(*, party: str = "", limit: int = 50) -> list[PayoutView]:
    """The newest payouts, of one party or of all."""
    query = select(Payout).order_by(Payout.id.desc()).limit(limit)
    return payout_views(session().execute(query.where(Payout.party == party) if party else query).all())


def payout_views(rows: Sequence[Any]) -> list[PayoutView]:
    """Rows of payouts as pages show them."""
    return [
        PayoutView(
            row.public_id,
            row.party,
            row.amount_fen,
            row.kept_fen,
            row.currency,
            row.state,
            row.reason,
            row.sent_to,
            row.begun_at,
            row.finished_at,
        )
        for (row,) in rows
    ]


def payable_parties() -> list[tuple[str, str]]:
    """(party, currency) with money payable and no payout under way, in order."""
    held = party_balances((books.PAYABLE,))
    under_way = exists().where(Payout.party == held.c.party, Payout.currency == held.c.currency, Payout.state.in_(OPEN))
    query = select(held.c.party, held.c.currency).where(held.c.fen < 0, ~under_way).order_by(held.c.party)
    return [(row.party, row.currency) for row in session().execute(query)]


def has_open_payout(party: str, *, currency: str = "") -> bool:
    """Whether a payout to the party is under way, in one currency or any."""
    mine = (Payout.party == party, Payout.state.in_(OPEN))
    return bool(session().scalar(select(exists().where(*mine, Payout.currency == currency if currency else true()))))


def intent_of(payout: str) -> str | None:
    """The call to the rail behind a payout."""
    return session().scalar(select(Payout.intent).where(Payout.public_id == payout))


def verify_books(*, hashed: int | None = None) -> Report:
    """The journal's own report, and whether sales, refunds and payouts tie to it; `hashed` as in `verify`."""
    report = verify(hashed=hashed)
    return replace(report, violations=(*report.violations, *ties()))


def _settled(seller: str, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    mine = [SaleRow.seller == seller, SaleRow.state == "settled"]
    mine += [SaleRow.settled_on >= since] if since else []
    return mine + ([SaleRow.settled_on < until] if until else [])


def _held(seller: str) -> list[ColumnElement[bool]]:
    return [SaleRow.seller == seller, SaleRow.state == "held"]


def _read(rows: Sequence[Any]) -> list[Line]:
    return [Line(*row) for row in rows]


def _lines(*where: ColumnElement[bool], order: tuple[SQLColumnExpression[Any], ...], page: int) -> tuple[Line, ...]:
    query = select(*_COLUMNS).where(*where).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)
    return tuple(Line(*row) for row in session().execute(query))


def _totals(*where: ColumnElement[bool]) -> Totals:
    amounts = (
        SaleRow.goods_fen + SaleRow.freight_fen,
        SaleRow.freight_fen,
        SaleRow.refunded_goods_fen + SaleRow.refunded_freight_fen,
        SaleRow.supply_fen - SaleRow.refunded_supply_fen,
        SaleRow.commission_fen,
        SaleRow.processing_fen,
    )
    sums = [cast(func.coalesce(func.sum(amount), 0), BigInteger) for amount in amounts]
    columns: tuple[Any, ...] = (func.count(), *sums)
    return Totals(*session().execute(select(*columns).where(*where)).one())


_NEWEST = (SaleRow.settled_on.desc(), SaleRow.id.desc())
_SOONEST = (SaleRow.release_on.is_(None), SaleRow.release_on, SaleRow.id)
_AMOUNTS = "goods_fen freight_fen refunded_goods_fen refunded_freight_fen supply_fen refunded_supply_fen"
_TAKEN = "basis_points card_version commission_fen processing_fen release_on settled_on"
_NAMES = f"order_ref serves number seller seller_name way currency paid_at {_AMOUNTS} {_TAKEN}".split()
_COLUMNS: tuple[Any, ...] = tuple(getattr(SaleRow, name) for name in _NAMES)  # as `Line` has them
