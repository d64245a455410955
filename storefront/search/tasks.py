"""What the indexer does: follow facts about listings and factories, and fill an index that is new.

Every task puts in what the database says now, so a repeat or a wrong order does no harm.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from kernel.db import look_again
from kernel.permissions import SYSTEM
from storefront.search import operations, queries
from storefront.search.differences import differences_among, slices
from storefront.search.documents import documents_told
from storefront.search.index import Index
from storefront.search.slices import everything, silently

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from kernel.ports import Ports
    from storefront.search.rules import ListingDocument
    from storefront.search.slices import Tell

TURN: Final = timedelta(minutes=10)
"""So often a slice of the index is compared with the database."""
MOST_SLICES: Final = 15
FAR: Final = 20_000
"""Entries too few or too many from which to build anew is less work than to enter anew."""
_AT_ONCE: Final = 2_000


def index_listing(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Bring one listing's entry up to date."""
    refresh([payload["listing"]], index=ports.get(Index))


def index_together(payloads: Sequence[dict[str, Any]], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Bring the entries of many listings up to date: one reading and one commit, however many facts there were."""
    refresh(list(dict.fromkeys(payload["listing"] for payload in payloads)), index=ports.get(Index))


def index_loaded(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Bring up to date what was loaded in one transaction."""
    refresh(payload["listings"], index=ports.get(Index))


def index_factory(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Bring all listings of a factory up to date, after its approval or suspension."""
    refresh(queries.listings_of_factory(payload["organisation"]), index=ports.get(Index))


def index_merchant(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Bring all that a merchant resells up to date, after her approval or suspension."""
    refresh(queries.listings_of_merchant(payload["organisation"]), index=ports.get(Index))


def ensure_index(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Fill the index when it is new, of an older shape, or lost."""
    index = ports.get(Index)
    if index.needs_rebuild or (not index.count() and documents_told()):
        rebuild(index=index)


def mend_index(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Compare a slice of the index with the database, another each time, and have entered anew what differs.

    So what a lost fact left behind is right within a day. Where the two differ in number, more slices follow at once,
    the newest goods first, until that is explained; where they are far apart, the index is built anew.
    """
    index = ports.get(Index)
    if index.needs_rebuild:
        return  # which `ensure_index` sees to
    apart = documents_told() - index.count()
    if abs(apart) > FAR:
        with suppress(BlockingIOError):  # somebody does so already
            rebuild(index=index)
        return
    ahead = slices(int(now.timestamp() // TURN.total_seconds()))
    for keys in islice(chain(islice(slices(-1), 1), ahead), MOST_SLICES) if apart else islice(ahead, 1):
        found = differences_among(keys, index=index)
        if not found.is_even:
            operations.enter_anew(actor=SYSTEM, strayed=found.by_listing(), now=now)
            apart -= found.more
        if not apart:
            break


def forget_sales(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  a schedule has no payload
    """Let go of the days whose sales count no longer, a batch a transaction."""
    while operations.forget_sales(actor=SYSTEM, now=now):
        pass


def refresh(listing_ids: Sequence[str], *, index: Index) -> None:
    """Put in what can be sold of these listings, take out the rest, show both at once."""
    with index.turn():  # read within it: what somebody read before may be older than what is there
        look_again()
        documents = queries.documents(listing_ids)
        found = {document.public_id for document in documents}
        index.remove(listing for listing in listing_ids if listing not in found)
        index.put(documents)
        index.commit()


def rebuild(*, index: Index, tell: Tell = silently) -> int:
    """Fill the index anew from the database; returns how many listings it holds. `tell` hears how far it is."""
    look_again()
    index.rebuild(everything(tell), _as_they_are_now)
    return index.count()


def _as_they_are_now(listing_ids: Sequence[str]) -> Iterator[ListingDocument]:
    """On SQLite a session that has read goes on to see what it saw then: these were changed since.

    A whole catalogue may have been loaded meanwhile, and no database takes that many ids at once.
    """
    look_again()
    for start in range(0, len(listing_ids), _AT_ONCE):
        yield from queries.documents(listing_ids[start : start + _AT_ONCE])
