"""Which tier a factory stands on, what each next one needs, and when a visit counts."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from kernel.clock import business_date, start_of
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import clean, lazy
from onboarding.standing.rules import EVERY
from onboarding.verification.rules import Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onboarding.licences.credit_code import Fault


class Tier(StrEnum):
    """What the channel has checked of a factory, each more than the one before."""

    LISTED = "listed"
    VERIFIED = "verified"
    INSPECTED = "inspected"


class Need(StrEnum):
    """One thing that a tier rests on."""

    APPROVED = "approved"
    LICENCE = "licence"
    PROFILE = "profile"
    ACCOUNT = "account"
    VISIT = "visit"


NEEDS: Final[Mapping[Tier, tuple[Need, ...]]] = {
    Tier.LISTED: (Need.APPROVED,),
    Tier.VERIFIED: (Need.LICENCE, Need.PROFILE, Need.ACCOUNT),
    Tier.INSPECTED: (Need.VISIT,),
}
"""What each tier needs besides the ones below it."""
NAMES: Final = {Tier.LISTED: lazy("已入驻"), Tier.VERIFIED: lazy("资料已核验"), Tier.INSPECTED: lazy("已验厂")}

FINDINGS: Final = {
    "at_address": lazy("厂址和执照上的住所一致"),
    "makes_goods": lazy("现场在做它上架的这类货"),
    "fits_profile": lazy("机器和人数与工厂介绍相符"),
    "in_order": lazy("成品和仓库整齐，没有明显问题"),
}
"""What is looked at on a visit, in this order; all of it must be so."""
OUTCOMES: Final = ("passed", "failed")
NOTE_LENGTH: Final = 500
PICTURES: Final = range(1, 7)
KEY_LENGTH: Final = 64
MONTHS: Final = 12
TOLD_WITHIN: Final = timedelta(days=30)
"""How long after a visit it can still be put on record."""
AGAIN: Final = timedelta(days=60)
"""How long before a visit runs out the next one can be asked for."""

_MONTHS_OF_YEAR: Final = 12
_MOMENT: Final = timedelta(microseconds=1)
_NO_END: Final = datetime(9999, 1, 1, tzinfo=UTC)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARKS: Final = re.compile(r"(?<=\d)\s*([\W_]+?)\s*(?=\d)|[\W_]+")

VISIT: Final = Lifecycle(
    name="visit",
    start="open",
    steps={
        ("open", "go"): Step("visited", Permission.OPS_CASES_DECIDE),
        ("open", "take_back"): Step("taken_back", Permission.SELLER_ORGANISATION_EDIT),
    },
    labels={"open": "等人上门", "visited": "来过了", "taken_back": "已撤回"},
    tones={"open": "warn", "visited": "good"},
)
"""How an owner's wish for a visit moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a tier follows from; moments are the ends of half-open times, none where there is nothing.

    `visited_on` is the day of the newest visit that stands; `inspected_until` is none when that one was not passed, or
    the factory has since been `told_anew`.
    """

    state: str = ""
    licence_until: datetime | None = None
    told: Told = field(default_factory=Told)
    has_account: bool = False
    visited_on: date | None = None
    inspected_until: datetime | None = None
    told_anew: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One tier as its owner sees it: whether she stands on it or above, what it needs, until when it holds at most."""

    tier: Tier
    is_reached: bool
    needs: tuple[tuple[Need, bool], ...]
    until: datetime | None

    @property
    def left(self) -> int:
        """How many of its own needs are not met."""
        return sum(not is_met for _need, is_met in self.needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A visit as whoever was there tells it: `found` by the names of `FINDINGS`, `pictures` the keys of their files.

    `profile` is the mark of what the factory told of itself when it was held against that.
    """

    visited_on: date | None
    found: Mapping[str, bool | None]
    note: str = ""
    pictures: tuple[str, ...] = ()
    profile: str = ""

    @property
    def is_passed(self) -> bool:
        """Whether all that is looked at was as it should be."""
        return all(self.found.get(name) is True for name in FINDINGS)

    def cleaned(self) -> Seen:
        """The same in one spelling."""
        return replace(self, note=clean(self.note, keep_lines=True))

    def faults(self, today: date, applied: datetime) -> dict[str, Fault]:
        """What is wrong with it or missing on this day, by field, as `(code of refusal, params)`.

        A visit before the factory `applied` was of something else.
        """
        earliest = max(today - TOLD_WITHIN, business_date(applied))
        wrong: dict[str, Fault] = {
            name: ("field.finding", {}) for name in FINDINGS if self.found.get(name) not in {True, False}
        }
        if self.visited_on is None or not earliest <= self.visited_on <= today:
            wrong["visited_on"] = "field.visited_on", {"least": earliest.isoformat(), "most": today.isoformat()}
        if len(self.note) > NOTE_LENGTH:
            wrong["note"] = "field.words_length", {"most": NOTE_LENGTH}
        elif not wrong and not self.is_passed and not self.note:
            wrong["note"] = "field.inspection_note", {}
        if len(self.pictures) not in PICTURES:
            wrong["pictures"] = "field.inspection_pictures", {"least": PICTURES.start, "most": PICTURES.stop - 1}
        return wrong


def tier_of(known: Known, now: datetime) -> Tier | None:
    """The highest tier whose needs, and those of all below it, are met; none for who may not trade."""
    reached = None
    for tier, lacking in missing(known, now).items():
        if lacking:
            break
        reached = tier
    return reached


def missing(known: Known, now: datetime) -> dict[Tier, tuple[Need, ...]]:
    """What each tier still needs besides the ones below it, in their order."""
    met = _met(known, now)
    return {tier: tuple(need for need in needs if need not in met) for tier, needs in NEEDS.items()}


def ladder(known: Known, now: datetime) -> list[Rung]:
    """Every tier from the lowest on, with all that it needs."""
    met, reached = _met(known, now), tier_of(known, now)
    below = list(Tier)[: list(Tier).index(reached) + 1] if reached else []
    return [
        Rung(tier, tier in below, tuple((need, need in met) for need in needs), holds_until(known, tier))
        for tier, needs in NEEDS.items()
    ]


def holds_until(known: Known, tier: Tier) -> datetime | None:
    """The moment at which a tier that is reached is lost by time, if nothing is done; none where time takes nothing."""
    ends = {Tier.LISTED: (), Tier.VERIFIED: (known.licence_until,)}
    known_ends = [end for end in ends.get(tier, (known.licence_until, known.inspected_until)) if end is not None]
    return min((end for end in known_ends if end < _NO_END), default=None)


def may_ask(known: Known, now: datetime) -> bool:
    """Whether somebody may be asked to come: all else is done, and no visit counts for long any more."""
    tier = tier_of(known, now)
    runs_out = known.inspected_until is None or known.inspected_until - now <= AGAIN
    return tier is Tier.VERIFIED or (tier is Tier.INSPECTED and runs_out)


def licence_until(
    checked_at: datetime | None, expires_on: date | None, answered_at: datetime | None = None
) -> datetime | None:
    """Until when a check of a licence counts: half a year, and no longer than the licence itself (its last day).

    Who did her part of the next check in time (`answered_at`) loses nothing while the operator takes hers.
    """
    if checked_at is None:
        return None
    checked_until = checked_at + EVERY
    if answered_at is not None and answered_at < checked_until:
        checked_until = _NO_END
    return min(checked_until, start_of(expires_on + timedelta(days=1))) if expires_on else checked_until


def valid_until(visited_on: date) -> date:
    """The day from which a passed visit counts no longer: twelve months on, the same day or the month's last."""
    months = visited_on.month - 1 + MONTHS
    year, month = visited_on.year + months // _MONTHS_OF_YEAR, months % _MONTHS_OF_YEAR + 1
    return date(year, month, min(visited_on.day, monthrange(year, month)[1]))


def own_decision(approved_by: int | None, inspector: int | None) -> str:
    """Why somebody (ids of users) tells of no visit to a factory that she let in herself, as the code of a refusal.

    A visit is the second pair of eyes.
    """
    return "inspection.own_decision" if approved_by is not None and approved_by == inspector else ""


def own_part(inspected_by: int, outcome: str, approved_by: int | None, actor: int | None) -> str:
    """Why somebody (ids of users) takes no visit off the record, as the code of a refusal: she told of it herself.

    Nor does she take a failed one away who let the factory in: what speaks against her decision is not hers to judge.
    """
    if inspected_by == actor:
        return "inspection.own_record"
    return "inspection.own_failure" if outcome == "failed" and own_decision(approved_by, actor) else ""


def last_day(until: datetime) -> date:
    """The last day of a half-open time, as people say until when something holds."""
    return business_date(until - _MOMENT)


def profile_mark(told: Told) -> str:
    """What two tellings of a factory share that say the same of it; a comma or a blank more says nothing else.

    Between digits it does: 1.5 is not 15, 10-20 is not 1020.
    """
    said = (str(told.founded or ""), str(told.people or ""), _bare(told.capacity), _bare(told.makes))
    return sha256("\n".join(said).encode()).hexdigest()


def is_told(told: Told) -> bool:
    """Whether a factory has told all of itself that its profile asks for."""
    return bool(told.founded and told.people and told.capacity and told.makes)


def _bare(words: str) -> str:
    return _MARKS.sub(r"\1", _THOUSANDS.sub("", unicodedata.normalize("NFKC", words).casefold()))


def _met(known: Known, now: datetime) -> set[Need]:
    facts = {
        Need.APPROVED: known.state == "approved",
        Need.LICENCE: known.licence_until is not None and now < known.licence_until,
        Need.PROFILE: is_told(known.told),
        Need.ACCOUNT: known.has_account,
        Need.VISIT: known.inspected_until is not None and now < known.inspected_until,
    }
    return {need for need, is_met in facts.items() if is_met}
