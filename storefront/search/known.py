"""The belts as search pages name them, read once a minute: only a new edition of the house's own table changes them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from storefront.search.queries import places

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from storefront.search.queries import Place

_FRESH_SECONDS: Final = 60.0


class Belts:
    """Every belt by its slug; a new `edition` once anything about one is new."""

    def __init__(self) -> None:
        self._read_at = -_FRESH_SECONDS
        self.edition = 0
        self.by_slug: Mapping[str, Place] = {}

    def refresh(self, needed: Collection[str]) -> None:
        """Look again when the minute is over, or when a belt is `needed` that was not there yet."""
        if time.monotonic() - self._read_at < _FRESH_SECONDS and self.by_slug.keys() >= set(needed):
            return
        read, self._read_at = places(), time.monotonic()
        if read != self.by_slug:
            self.by_slug, self.edition = read, self.edition + 1
