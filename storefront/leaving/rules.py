"""Who may begin to close a shop, and how long a copy of one's data lies ready."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MAY_LEAVE: Final = ("approved", "suspended")
"""States of an application that can be left: before them there is nothing to close, after them nothing left."""
COPIES_A_DAY: Final = 3
COPY_KEPT: Final = timedelta(days=7)
COPY_STATES: Final = ("waiting", "ready", "failed", "gone")
