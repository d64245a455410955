"""All that can be bought now, told from the database: read here a slice after the other, or by many processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from kernel.db import address, session
from onboarding.listings.models import Listing
from storefront.search.documents import documents_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from storefront.search.documents import Sellers
    from storefront.search.rules import ListingDocument

    Slice = tuple[int, int]
    Tell = Callable[[int, int], None]

BATCH: Final = 2_000


def silently(_done: int, _of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Slices:
    """Goods by their keys, some thousand in each slice (first and last key); `tell` hears how many slices are done.

    Which keys there are is asked when the first one looks, no sooner: an index that is being built is told of what
    changes only from then on.
    """

    tell: Tell = field(default=silently)

    def __iter__(self) -> Iterator[ListingDocument]:
        sellers: Sellers = {}
        for number, one in enumerate(self.slices, 1):
            yield from read_slice(one, sellers, session())
            self.tell(number, len(self.slices))

    @property
    def address(self) -> str:
        """The database."""
        return address()

    @property
    def slices(self) -> tuple[Slice, ...]:
        """First and last key of each slice."""
        return self._found[0]

    @property
    def total(self) -> int:
        """How many goods there are; some of them cannot be bought."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[tuple[Slice, ...], int]:
        place = func.row_number().over(order_by=Listing.id).label("place")
        numbered = select(Listing.id, place).where(Listing.state == "published").subquery()
        begins = (numbered.c.place - 1) % BATCH == 0
        firsts = list(session().scalars(select(numbered.c.id).where(begins).order_by(numbered.c.id)))
        total, last = session().execute(select(func.count(), func.max(numbered.c.id)).select_from(numbered)).one()
        ends = [first - 1 for first in firsts[1:]] + [last]
        return tuple(zip(firsts, ends, strict=False)), total


def everything(tell: Tell = silently) -> Slices:
    """Everything that can be bought now, in the order of keys."""
    return Slices(tell)


def read_slice(one: Slice, sellers: Sellers, asked: Session) -> list[ListingDocument]:
    """The goods of one slice that can be bought now."""
    return documents_of(lambda key: key.between(*one), sellers, asked)
