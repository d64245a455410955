"""Visits as operators tell of them."""

from datetime import date, timedelta
from typing import Any

from kernel.clock import business_date
from kernel.permissions import Actor
from onboarding.tiers.models import Inspection
from onboarding.tiers.operations import record_inspection
from onboarding.tiers.queries import known_of, tiers_of
from onboarding.tiers.rules import FINDINGS, Seen, Tier, profile_mark, tier_of
from onboarding.verification.queries import told_by
from tests.onboarding.people import noon

KEY = "0" * 64


def day(back: int = 0) -> date:
    """Today, or some days ago."""
    return business_date(noon()) - timedelta(days=back)


def seen(*, back: int = 0, passed: bool = True, **other: Any) -> Seen:  # noqa: ANN401  whatever a visit has
    """A visit some days ago; one that was not passed found no order."""
    found = dict.fromkeys(FINDINGS, True) | ({} if passed else {"in_order": False})
    note = "" if passed else "仓库漏雨，成品堆在地上"
    return Seen(**{"visited_on": day(back), "found": found, "note": note, "pictures": (KEY,), **other})


def record(actor: Actor, owner: Actor, *, back: int = 0, passed: bool = True) -> Inspection:
    """Put a visit to somebody's factory on record."""
    told = seen(back=back, passed=passed, profile=mark(owner))
    return record_inspection(actor=actor, organisation=owner.memberships[0].organisation, seen=told, now=noon())


def mark(owner: Actor) -> str:
    """What somebody's factory tells of itself, as the form of a visit has it."""
    return profile_mark(told_by(owner.memberships[0].organisation_id))


def tier(owner: Actor, *, days: float = 0) -> Tier | None:
    """The tier of somebody's factory, asked for alone and among many."""
    home, when = owner.memberships[0].organisation_id, noon() + timedelta(days=days)
    alone = tier_of(known_of(home, now=when), when)
    assert tiers_of([home, 0], now=when) == {home: alone, 0: None}
    return alone
