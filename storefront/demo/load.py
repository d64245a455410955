"""Loads the demo: three factories from three real price sheets, one person per role, orders in several states.

Loading twice adds nothing; a load that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kernel.clock import Clock
from kernel.work import drain
from storefront.demo.factories import FACTORIES, open_factory
from storefront.demo.people import introduce, logins
from storefront.demo.trade import PAST_DAYS, trade
from storefront.jobs import PLAN

if TYPE_CHECKING:
    from kernel.ports import Ports


def load(*, ports: Ports, public_url: str) -> str:
    """Load what is missing and return the logins as text."""
    now = ports.get(Clock).now()
    introduce(now)
    opened = now - timedelta(days=PAST_DAYS + 3)
    made = [open_factory(factory, ports=ports, now=opened) for factory in FACTORIES]
    if any(made):
        trade(ports=ports, now=now)
    drain(PLAN, ports=ports)
    return logins(public_url)
