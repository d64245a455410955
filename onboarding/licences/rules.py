"""What is true of licences: how often they may be sent, the states of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

UPLOADS: Final = (30, timedelta(hours=1))
"""Photographs that one organisation may hand in; reading one keeps a processor busy for seconds."""

WAITING: Final = "waiting"
READ: Final = "read"
UNREADABLE: Final = "unreadable"
STATES: Final = (WAITING, READ, UNREADABLE)
