"""What statements over all goods found, kept a minute in each process: pages ask again and again for counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

SECONDS: Final = 60.0
_MOST: Final = 500
T = TypeVar("T")


class Kept:
    """Answers by what was asked; nothing is kept for no seconds. Two threads at once may both ask."""

    def __init__(self, seconds: float = SECONDS, *, most: int = _MOST) -> None:
        self._seconds, self._most = seconds, most
        self._found: dict[Hashable, tuple[float, Any]] = {}

    def get(self, key: Hashable, ask: Callable[[], T], *, holds: Callable[[T], bool] | None = None) -> T:
        """The answer of up to so many seconds ago as long as it `holds`, else one asked for now."""
        until, kept = self._found.get(key, (0.0, None))
        if time.monotonic() < until and (holds is None or holds(kept)):
            answer: T = kept
            return answer
        found = ask()
        if len(self._found) >= self._most:
            self._found.clear()
        self._found[key] = time.monotonic() + self._seconds, found
        return found
