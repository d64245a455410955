"""The index compared with the database, whole or a slice at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from kernel.db import session
from storefront.search.documents import documents_of, last_key
from storefront.search.slices import everything

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    from storefront.search.documents import Sellers
    from storefront.search.index import Index
    from storefront.search.rules import ListingDocument

ROUND: Final = 143  # slices, one less than a day has turns: a standstill at the same hour never misses the same goods
LEAST_KEYS: Final = 2_000  # of a slice, so that a small house is compared whole each time
_AT_ONCE: Final = 2_000
_END: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Differences:
    """The index against the database: how many entries it holds, and the public ids of those that are not right.

    A listing that stands there more than once is `changed`; `more` is by how many entries the index should grow.
    """

    held: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    left_over: tuple[str, ...]
    more: int = 0

    @property
    def is_even(self) -> bool:
        """Whether the index holds just what the database says."""
        return not (self.missing or self.changed or self.left_over)

    def by_listing(self) -> dict[str, str]:
        """What is wrong with each listing (public id): `missing`, `changed` or `left_over`."""
        kinds = {"missing": self.missing, "changed": self.changed, "left_over": self.left_over}
        return {listing: kind for kind, listings in kinds.items() for listing in listings}

    def as_json(self) -> dict[str, object]:
        """Counts, and the first few of each kind."""
        kinds = {"missing": self.missing, "changed": self.changed, "left_over": self.left_over}
        told = {kind: {"count": len(ids), "first": list(ids[:10])} for kind, ids in kinds.items()}
        return {"held": self.held, "even": self.is_even, **told}

    def as_text(self) -> str:
        """One line."""
        counts = (len(self.missing), len(self.changed), len(self.left_over))
        return "{} listings indexed; {} missing, {} changed, {} left over".format(self.held, *counts)


def differences(*, index: Index) -> Differences:
    """What of the index is not as the database has it now; what changes while it is read may be told wrongly."""
    return _compared(index.held(), everything())


def differences_among(keys: range, *, index: Index) -> Differences:
    """The same of the listings with these keys alone."""
    return _compared(index.held(keys), _documents(keys))


def slices(turn: int) -> Iterator[range]:
    """All keys, each in one of at most `ROUND` slices, beginning with the one whose turn it is; the last has no end."""
    last = last_key()
    size = max(LEAST_KEYS, -(-last // ROUND))
    many = max(1, -(-last // size))
    for number in (each % many for each in range(turn, turn + many)):
        yield range(number * size + 1, (number + 1) * size + 1 if number + 1 < many else _END)


def _documents(keys: range) -> Iterator[ListingDocument]:
    sellers: Sellers = {}
    end = min(keys.stop, last_key() + 1)
    for start in range(keys.start, end, _AT_ONCE):
        some = range(start, min(start + _AT_ONCE, end))
        yield from documents_of(partial(_lies_within, some), sellers, session())


def _lies_within(keys: range, key: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return key.between(keys[0], keys[-1])


def _compared(held: Iterable[tuple[str, bytes]], documents: Iterable[ListingDocument]) -> Differences:
    stored: dict[str, bytes] = {}
    times = Counter[str]()
    for public_id, entry in held:
        stored[public_id] = entry
        times[public_id] += 1
    missing, changed, found = [], [], 0
    for document in documents:
        found += 1
        entry = stored.pop(document.public_id, b"")
        if not entry:
            missing.append(document.public_id)
        elif times[document.public_id] > 1 or entry != document.to_json().encode():
            changed.append(document.public_id)
    return Differences(times.total(), tuple(missing), tuple(changed), tuple(stored), found - times.total())
