"""Stock: conditional updates under a CHECK, so that no order of events sells a piece twice.

`reserve` holds pieces for a buyer, `take` turns held pieces into sold ones, `release` gives them back. All join the
caller's transaction, and each should be called once in it, with all its lines or holders: locks are taken in one order
(reservations by holder, then SKUs by id), so that nobody waits in a circle.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Row, bindparam, case, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kernel.db import is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from onboarding.listings.models import Listing, Sku, StockMovement, StockReservation
from onboarding.listings.rules import HOLDS_PER_BUYER, STOCK_CAP, check_why

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Table

_RELEASE_AT_ONCE = 200
_SKUS = cast("Table", Sku.__table__)


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A SKU whose counters differ from what its movements and reservations say."""

    sku: str
    on_hand: int
    moved: int
    reserved: int
    held: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why stock is changed by hand, by whom (public id of a user; empty for a sheet), and what she says of it."""

    reason: str
    who: str = ""
    words: str = ""


COUNTED: Final = Why("counted")


def reserve(lines: Mapping[int, int], *, holder: str, buyer: str, expires_at: datetime, now: datetime) -> None:
    """Hold `{sku id: pieces}` for a buyer until `expires_at`: all of them or none.

    Raises `stock.short` (sku, title, left), `stock.too_many_holds` (limit), `stock.quantity` (limit) or, when this
    holder holds already, `stock.held`. A refusal undoes what this call did even if the caller goes on.
    """
    wanted = sorted(lines.items())
    if not wanted or any(not 1 <= pieces <= STOCK_CAP for _, pieces in wanted):
        raise DomainError("stock.quantity", limit=STOCK_CAP)
    _check_holds(holder, buyer)
    with session().begin_nested():
        rows = [
            {
                "holder": holder,
                "buyer": buyer,
                "sku_id": sku,
                "quantity": pieces,
                "stocked": _hold(sku, pieces),
                "state": "held",
                "created_at": now,
                "expires_at": expires_at,
                "ended_at": None,
            }
            for sku, pieces in wanted
        ]
        _write_reservations(rows)


def take(*holders: str, now: datetime) -> bool:
    """Turn what holders hold into sold pieces; False when they hold nothing (taken before, or released)."""
    held = _end(_held_rows(holders), "taken", now)
    sold = [row for row in held if row.stocked]
    for row in sold:
        _change(row.sku_id, on_hand=-row.quantity, reserved=-row.quantity)
        _record([(row.sku_id, -row.quantity)], reason="sold", source=row.holder, now=now)
    return bool(held)


def release(*holders: str, now: datetime) -> bool:
    """Give back what holders hold; False when they hold nothing (released before, or taken)."""
    held = _end(_held_rows(holders), "released", now)
    _give_back(held)
    return bool(held)


def release_expired(*, now: datetime) -> list[str]:
    """Release reservations past their time, some hundred at once; returns their holders."""
    table = StockReservation
    due = select(table.holder).where(table.state == "held", table.expires_at <= now).order_by(table.expires_at)
    holders = sorted(set(session().scalars(due.limit(_RELEASE_AT_ONCE))))
    held = _end([row for row in _held_rows(holders) if row.expires_at <= now], "released", now)
    _give_back(held)
    return sorted({row.holder for row in held})


def extend(holder: str, *, expires_at: datetime) -> bool:
    """Hold on until a later moment; False when the holder holds nothing any more."""
    longer = update(StockReservation).where(StockReservation.holder == holder, StockReservation.state == "held")
    changed = session().execute(longer.values(expires_at=expires_at).returning(StockReservation.id))
    return bool(changed.scalars().all())


def holding(holder: str) -> str | None:
    """What became of a holder's reservation: `held`, `taken`, `released`, or None when there never was one."""
    return session().scalar(select(StockReservation.state).where(StockReservation.holder == holder).limit(1))


def restock(sku: int, pieces: int, *, reason: str, source: str, now: datetime) -> bool:
    """Add pieces that came (back) from one source, such as a return; the same source a second time adds nothing."""
    if not 1 <= pieces <= STOCK_CAP:
        raise DomainError("stock.quantity", limit=STOCK_CAP)
    dialect = sqlite if is_sqlite() else postgresql
    moved = dialect.insert(StockMovement).values(sku_id=sku, pieces=pieces, reason=reason, source=source, at=now)
    if session().scalar(moved.on_conflict_do_nothing().returning(StockMovement.id)) is None:
        return False
    _change(sku, on_hand=pieces)
    return True


def put_back(holder: str, pieces: Mapping[int, int], *, reason: str, source: str, now: datetime) -> None:
    """Put back `{sku id: pieces}` of what a holder took, once a source; goods made to order were never counted."""
    table = StockReservation
    taken = (table.holder == holder) & (table.state == "taken") & table.stocked & table.sku_id.in_(pieces)
    for sku in session().scalars(select(table.sku_id).where(taken).order_by(table.sku_id)).all():
        restock(sku, pieces[sku], reason=reason, source=source, now=now)


def set_on_hand(
    sku: int, pieces: int, *, now: datetime, shown: int | None = None, source: str = "", why: Why = COUNTED
) -> None:
    """Say how many pieces lie there now. Fewer than are reserved is refused: `stock.below_reserved` (reserved).

    `shown` is what whoever counted had before her: sold or counted since, it is refused with `stock.moved` (now).
    A reason that does not fit is refused, too (`rules.check_why`).
    """
    if not 0 <= pieces <= STOCK_CAP:
        raise DomainError("stock.quantity", limit=STOCK_CAP)
    found = session().execute(select(Sku.on_hand, Sku.reserved).where(Sku.id == sku).with_for_update()).one_or_none()
    if found is None:
        raise NotFoundError
    if shown is not None and shown != found.on_hand:
        raise DomainError("stock.moved", now=found.on_hand)
    if pieces < found.reserved:
        raise DomainError("stock.below_reserved", reserved=found.reserved)
    if pieces != found.on_hand:
        check_why(why.reason, why.words, pieces - found.on_hand)
        _change(sku, on_hand=pieces - found.on_hand)
        moved = [(sku, pieces - found.on_hand)]
        _record(moved, reason=why.reason, source=source or public_id("cnt"), now=now, who=why.who, words=why.words)


def open_stock(pieces: Mapping[int, int], *, source: str, now: datetime) -> None:
    """The first pieces of SKUs just made: `{sku id: pieces}`."""
    opened = [(sku, count) for sku, count in sorted(pieces.items()) if count]
    if opened:
        counted = (
            update(_SKUS).where(_SKUS.c.id == bindparam("sku")).values(on_hand=_SKUS.c.on_hand + bindparam("more"))
        )
        session().execute(counted, [{"sku": one, "more": count} for one, count in opened])
    _record(opened, reason="opened", source=source, now=now)


def imbalances() -> list[Imbalance]:
    """SKUs whose `on_hand` is not the sum of movements, or `reserved` not the sum of what is held; none is right."""
    moved = select(StockMovement.sku_id, func.sum(StockMovement.pieces).label("pieces")).group_by(StockMovement.sku_id)
    held = (
        select(StockReservation.sku_id, func.sum(StockReservation.quantity).label("pieces"))
        .where(StockReservation.state == "held", StockReservation.stocked)
        .group_by(StockReservation.sku_id)
    )
    in_movements, in_holds = moved.subquery(), held.subquery()
    moved_sum, held_sum = func.coalesce(in_movements.c.pieces, 0), func.coalesce(in_holds.c.pieces, 0)
    query = (
        select(Sku.public_id, Sku.on_hand, moved_sum, Sku.reserved, held_sum)
        .outerjoin(in_movements, in_movements.c.sku_id == Sku.id)
        .outerjoin(in_holds, in_holds.c.sku_id == Sku.id)
        .where(or_(Sku.on_hand != moved_sum, Sku.reserved != held_sum))
    )
    return [Imbalance(row[0], row[1], int(row[2]), row[3], int(row[4])) for row in session().execute(query)]


def _check_holds(holder: str, buyer: str) -> None:
    """One buyer may hold only so much at once, and one holder holds once; both counted under a lock of the buyer."""
    if not is_sqlite():
        session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"stock:{buyer}"))))
    table = StockReservation
    query = select(table.holder).where(table.buyer == buyer, table.state == "held").distinct()
    holders = set(session().scalars(query))
    if holder in holders:
        raise DomainError("stock.held")
    if len(holders) >= HOLDS_PER_BUYER:
        raise DomainError("stock.too_many_holds", limit=HOLDS_PER_BUYER)


def _hold(sku: int, pieces: int) -> bool:
    """Reserve pieces of one SKU; whether they are counted (goods made to order need no stock)."""
    held = case((Sku.made_to_order, 0), else_=pieces)
    free = or_(Sku.made_to_order, Sku.on_hand - Sku.reserved >= pieces)
    query = update(Sku).where(Sku.id == sku, free).values(reserved=Sku.reserved + held)
    made_to_order = session().scalar(_core(query.returning(Sku.made_to_order)))
    if made_to_order is None:
        raise _short(sku)
    return not made_to_order


def _short(sku: int) -> DomainError:
    left = (Sku.on_hand - Sku.reserved).label("left")
    query = select(Sku.public_id, Listing.title, left).join(Listing, Listing.id == Sku.listing_id)
    found = session().execute(query.where(Sku.id == sku)).one_or_none()
    return DomainError("stock.short", sku=found[0], title=found[1], left=found[2]) if found else NotFoundError()


def _write_reservations(rows: list[dict[str, Any]]) -> None:
    """A holder that once let go may hold again: its row is used anew, never one that is held or taken."""
    dialect = sqlite if is_sqlite() else postgresql
    new = dialect.insert(StockReservation).values(rows)
    anew = ("quantity", "stocked", "state", "created_at", "expires_at", "ended_at")
    again = {name: new.excluded[name] for name in anew}
    written = new.on_conflict_do_update(
        index_elements=["holder", "sku_id"],
        set_=again,
        where=StockReservation.state == "released",
    ).returning(StockReservation.id)
    if len(session().scalars(written).all()) != len(rows):
        raise DomainError("stock.held")


def _held_rows(holders: Sequence[str]) -> list[Row[Any]]:
    """What these holders hold, locked, in the one order of locks."""
    table = StockReservation
    query = (
        select(table.id, table.holder, table.sku_id, table.quantity, table.stocked, table.expires_at)
        .where(table.holder.in_(holders), table.state == "held")
        .order_by(table.holder, table.sku_id)
        .with_for_update()
    )
    return list(session().execute(query))


def _end(held: list[Row[Any]], state: str, now: datetime) -> list[Row[Any]]:
    if held:
        ended = update(StockReservation).where(StockReservation.id.in_([row.id for row in held]))
        session().execute(_core(ended.values(state=state, ended_at=now)))
    return sorted(held, key=lambda row: row.sku_id)


def _give_back(held: Iterable[Row[Any]]) -> None:
    pieces = Counter[int]()
    for row in held:
        pieces[row.sku_id] += row.quantity if row.stocked else 0
    for sku, count in sorted(pieces.items()):
        if count:
            _change(sku, reserved=-count)


def _change(sku: int, *, on_hand: int = 0, reserved: int = 0) -> None:
    """Move the counters; the CHECK of the table refuses what cannot be."""
    query = update(Sku).where(Sku.id == sku)
    moved = query.values(on_hand=Sku.on_hand + literal(on_hand), reserved=Sku.reserved + literal(reserved))
    session().execute(_core(moved))


def _record(
    moved: list[tuple[int, int]], *, reason: str, source: str, now: datetime, who: str = "", words: str = ""
) -> None:
    why = {"reason": reason, "source": source, "who": who, "words": words, "at": now}
    rows = [{"sku_id": sku, "pieces": pieces, **why} for sku, pieces in moved]
    if rows:
        session().execute(insert(StockMovement), rows)


def _core(statement: Any) -> Any:  # noqa: ANN401  updates of both kinds
    """Counters are the database's: rows loaded into the session are left alone, and read again when asked for."""
    return statement.execution_options(synchronize_session=False)
