"""What can be done about sales: count what was paid, take back what was refunded, forget days that count no longer.

And about entries of the index that are not what the database says: have them entered anew.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.outbox import publish
from storefront.search.documents import keys_of, sales_before, sales_since
from storefront.search.facts import EntriesStrayed, SalesCounted
from storefront.search.models import SoldDay
from storefront.search.rules import SALES_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from kernel.permissions import Actor

_BATCH: Final = 500


@operation("search.count_sales")
def count_sales(*, actor: Actor, sold: Mapping[str, int], now: datetime) -> None:
    """Count pieces that were paid just now, by listing (public id); whoever calls sees to it that each counts once."""
    day = business_date(now)
    ids = keys_of(sold)
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    for listing in sorted(ids):
        made = insert(SoldDay).values(listing_id=ids[listing], day=day, pieces=sold[listing])
        more = {"pieces": SoldDay.pieces + made.excluded.pieces}
        session().execute(made.on_conflict_do_update(index_elements=["listing_id", "day"], set_=more))
        note(f"listing:{listing}", after={"sold": sold[listing]})
        publish(SalesCounted(listing), actor=actor, now=now)


@operation("search.take_back_sales")
def take_back_sales(*, actor: Actor, refunded: Mapping[str, int], paid_on: date, now: datetime) -> None:
    """Count pieces that were refunded no longer, by listing (public id); whoever calls sees to it that each does once.

    They go from the day on which they were paid, or from the next: what is paid before midnight may count after it.
    Where that day counts no longer there is nothing to take back: later days are what others bought.
    """
    ids = keys_of(refunded) if paid_on >= _first_counted(now) else {}
    for listing in sorted(ids):
        left = refunded[listing]
        for row in sales_since(ids[listing], paid_on):
            gone = min(left, row.pieces)
            left -= gone
            if gone < row.pieces:
                row.pieces -= gone
            else:
                session().delete(row)
            if not left:
                break
        note(f"listing:{listing}", after={"taken_back": refunded[listing] - left})
        publish(SalesCounted(listing), actor=actor, now=now)


@operation("search.forget_sales")
def forget_sales(*, actor: Actor, now: datetime) -> int:
    """Let go of a batch of days that count no longer; how many rows. Their goods stand elsewhere from then on."""
    first = _first_counted(now)
    rows = sales_before(first, limit=_BATCH)
    session().execute(delete(SoldDay).where(SoldDay.id.in_([row[0] for row in rows])))
    for listing in sorted({row[1] for row in rows}):
        note(f"listing:{listing}", after={"forgotten_before": first.isoformat()})
        publish(SalesCounted(listing), actor=actor, now=now)
    return len(rows)


@operation("search.enter_anew")
def enter_anew(*, actor: Actor, strayed: Mapping[str, str], now: datetime) -> None:
    """Have listings (public ids) entered anew, or taken out, of which a comparison told what is wrong."""
    for listing, wrong in strayed.items():
        note(f"listing:{listing}", after={"index": wrong})
    listings = list(strayed)
    for start in range(0, len(listings), _BATCH):
        publish(EntriesStrayed(listings[start : start + _BATCH]), actor=actor, now=now)


def _first_counted(now: datetime) -> date:
    return business_date(now) - timedelta(days=SALES_DAYS - 1)
