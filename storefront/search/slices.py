"""All that can be bought now, told from the database: read here a slice after the other, or by many processes."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from kernel.db import address, session
from onboarding.listings.models import Listing
from onboarding.verification.models import Application
from storefront.search.documents import documents_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from storefront.search.documents import Sellers
    from storefront.search.rules import ListingDocument

    Tell = Callable[[int, int], None]

BATCH: Final = 2_000


def silently(_done: int, _of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Slices:
    """Goods some thousand in each slice (their keys), category after category; `tell` hears how many slices are done.

    What is found together then lies together in the index, and a search passes over the rest of it unread: in a
    million goods that is half of its time.

    Which goods there are is asked when the first one looks, no sooner: an index that is being built is told of what
    changes only from then on.
    """

    tell: Tell = field(default=silently)

    def __iter__(self) -> Iterator[ListingDocument]:
        sellers: Sellers = {}
        for number, keys in enumerate(self.slices, 1):
            yield from read_slice(keys, sellers, session())
            self.tell(number, len(self.slices))

    @property
    def address(self) -> str:
        """The database."""
        return address()

    @cached_property
    def slices(self) -> tuple[Sequence[int], ...]:
        """The keys of each slice."""
        return tuple(self._keys[start : start + BATCH] for start in range(0, len(self._keys), BATCH))

    @property
    def total(self) -> int:
        """How many goods there are; some of them cannot be bought."""
        return len(self._keys)

    @cached_property
    def _keys(self) -> array[int]:
        published = select(Listing.id).where(Listing.state == "published")
        published = published.outerjoin(Application, Application.organisation_id == Listing.organisation_id)
        published = published.order_by(Listing.category, Application.belt_id, Listing.id)
        return array("q", session().scalars(published.execution_options(yield_per=BATCH)))


def everything(tell: Tell = silently) -> Slices:
    """Everything that can be bought now, category after category, belt after belt."""
    return Slices(tell)


def read_slice(keys: Sequence[int], sellers: Sellers, asked: Session) -> list[ListingDocument]:
    """The goods with these keys that can be bought now."""
    in_order = sorted(keys)  # as they lie in the database
    return documents_of(lambda key: key.in_(in_order), sellers, asked)
