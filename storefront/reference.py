"""What every deployment has from the first day: the belts and rate card version 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commission.rates.operations import publish_first_card
from kernel.clock import Clock
from kernel.db import upgrade
from kernel.permissions import SYSTEM
from onboarding.belts.operations import load_belts

if TYPE_CHECKING:
    from flask import Flask

    from kernel.ports import Ports


def prepare(app: Flask) -> None:
    """Bring the database to the newest schema with its reference data; doing it again changes nothing."""
    upgrade(app)
    ports: Ports = app.extensions["ports"]
    now = ports.get(Clock).now()
    with app.app_context():
        load_belts(actor=SYSTEM, now=now)
        publish_first_card(actor=SYSTEM, now=now)
