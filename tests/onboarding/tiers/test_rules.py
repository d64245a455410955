"""A tier follows from what is known, step by step, and time alone takes it away."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import start_of
from onboarding.standing.rules import EVERY
from onboarding.tiers.rules import (
    FINDINGS,
    NEEDS,
    Known,
    Need,
    Seen,
    Tier,
    holds_until,
    ladder,
    last_day,
    licence_until,
    may_ask,
    missing,
    tier_of,
    valid_until,
)
from onboarding.verification.rules import Told

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LATER, MOMENT = NOW + timedelta(days=90), timedelta(microseconds=1)
TOLD = Told(founded=2009, people=86, capacity="1.2 万件", makes="羊绒衫")
ALL = Known(state="approved", licence_until=LATER, told=TOLD, has_account=True, inspected_until=LATER)
BARE = Known(state="approved")
VERIFIED = replace(ALL, inspected_until=None)
STATES = ("", "draft", "submitted", "in_review", "correction", "approved", "refused", "suspended", "closed")
MOMENTS = st.none() | st.integers(-400, 400).map(lambda days: NOW + timedelta(days=days))
TELLINGS = st.builds(
    Told,
    founded=st.sampled_from([None, 2009]),
    people=st.sampled_from([None, 86]),
    capacity=st.sampled_from(["", "1.2 万件"]),
    makes=st.sampled_from(["", "羊绒衫"]),
)
KNOWN = st.builds(
    Known,
    state=st.sampled_from(STATES),
    licence_until=MOMENTS,
    told=TELLINGS,
    has_account=st.booleans(),
    inspected_until=MOMENTS,
)
BETTER: Mapping[str, Any] = {
    "state": "approved",
    "licence_until": NOW + timedelta(days=500),
    "told": TOLD,
    "has_account": True,
    "inspected_until": NOW + timedelta(days=500),
}


def rank(tier: Tier | None) -> int:
    return list(Tier).index(tier) + 1 if tier else 0


@pytest.mark.parametrize(
    ("known", "tier"),
    [
        (Known(), None),
        (BARE, Tier.LISTED),
        (VERIFIED, Tier.VERIFIED),
        (ALL, Tier.INSPECTED),
        (replace(ALL, licence_until=None), Tier.LISTED),
        (replace(ALL, licence_until=NOW), Tier.LISTED),
        (replace(ALL, licence_until=NOW + MOMENT), Tier.INSPECTED),
        (replace(ALL, told=replace(TOLD, people=None)), Tier.LISTED),
        (replace(ALL, told=replace(TOLD, makes="")), Tier.LISTED),
        (replace(ALL, has_account=False), Tier.LISTED),
        (replace(ALL, inspected_until=NOW), Tier.VERIFIED),
        (replace(ALL, inspected_until=NOW + MOMENT), Tier.INSPECTED),
        *((replace(ALL, state=state), None) for state in STATES if state != "approved"),
    ],
)
def test_each_tier_needs_what_it_says(known: Known, tier: Tier | None) -> None:
    assert tier_of(known, NOW) == tier


def test_what_is_missing_is_told_for_every_tier() -> None:
    assert missing(BARE, NOW) == {Tier.LISTED: (), Tier.VERIFIED: NEEDS[Tier.VERIFIED], Tier.INSPECTED: (Need.VISIT,)}
    assert set(missing(ALL, NOW).values()) == {()}
    assert {need for needs in NEEDS.values() for need in needs} == set(Need)


@given(known=KNOWN, better=st.sampled_from(sorted(BETTER)))
def test_nothing_that_gets_better_takes_a_tier_away(known: Known, better: str) -> None:
    assert rank(tier_of(replace(known, **{better: BETTER[better]}), NOW)) >= rank(tier_of(known, NOW))


@given(known=KNOWN, days=st.integers(0, 800))
def test_time_alone_gives_no_tier(known: Known, days: int) -> None:
    assert rank(tier_of(known, NOW + timedelta(days=days))) <= rank(tier_of(known, NOW))


@given(known=KNOWN)
def test_there_is_no_gap_and_the_next_tier_says_what_it_needs(known: Known) -> None:
    tier, lacking = tier_of(known, NOW), list(missing(known, NOW).values())
    assert lacking[: rank(tier)] == [()] * rank(tier)
    assert rank(tier) == len(Tier) or lacking[rank(tier)]
    rungs = ladder(known, NOW)
    assert [rung.is_reached for rung in rungs] == [one <= rank(tier) for one in range(1, len(Tier) + 1)]
    assert [rung.left for rung in rungs] == [len(needs) for needs in lacking]


@given(known=KNOWN)
def test_a_tier_holds_until_the_moment_that_is_told(known: Known) -> None:
    tier = tier_of(known, NOW)
    until = holds_until(known, tier) if tier else None
    if until:
        assert tier_of(known, until - MOMENT) == tier
        assert rank(tier_of(known, until)) < rank(tier)


@pytest.mark.parametrize(
    ("known", "may"),
    [
        (BARE, False),
        (VERIFIED, True),
        (replace(ALL, inspected_until=NOW + timedelta(days=61)), False),
        (replace(ALL, inspected_until=NOW + timedelta(days=60)), True),
        (replace(VERIFIED, state="suspended"), False),
    ],
)
def test_a_visit_is_asked_for_when_all_else_is_done(known: Known, may: bool) -> None:  # noqa: FBT001
    assert may_ask(known, NOW) is may


def test_a_check_of_a_licence_counts_for_half_a_year_and_no_longer_than_the_licence() -> None:
    assert licence_until(None, date(2030, 1, 1)) is None
    assert licence_until(NOW, None) == licence_until(NOW, date(2030, 1, 1)) == NOW + EVERY
    assert licence_until(NOW, date(2026, 3, 5)) == start_of(date(2026, 3, 6))
    assert last_day(start_of(date(2026, 3, 6))) == date(2026, 3, 5)


def test_a_check_that_is_answered_in_time_ends_with_the_licence_alone() -> None:
    assert licence_until(NOW, date(2030, 1, 1), NOW + EVERY - MOMENT) == start_of(date(2030, 1, 2))
    assert licence_until(NOW, date(2030, 1, 1), NOW + EVERY) == NOW + EVERY
    waits = replace(VERIFIED, licence_until=licence_until(NOW, None, NOW))
    assert tier_of(waits, NOW + 3 * EVERY) is Tier.VERIFIED
    assert holds_until(waits, Tier.VERIFIED) is None


def test_nothing_of_before_the_application_is_a_visit_to_it() -> None:
    assert set(GOOD.faults(date(2026, 3, 2), NOW)) == {"visited_on"}
    assert GOOD.faults(date(2026, 3, 2), NOW - timedelta(days=1)) == {}


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 3, 2), date(2027, 3, 2)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_visit_counts_for_twelve_months(day: date, until: date) -> None:
    assert valid_until(day) == until


GOOD = Seen(visited_on=date(2026, 3, 1), found=dict.fromkeys(FINDINGS, True), pictures=("0" * 64,))


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        (GOOD, set()),
        (replace(GOOD, visited_on=date(2026, 3, 2)), set()),
        (replace(GOOD, visited_on=date(2026, 3, 3)), {"visited_on"}),
        (replace(GOOD, visited_on=date(2026, 1, 31)), set()),
        (replace(GOOD, visited_on=date(2026, 1, 30)), {"visited_on"}),
        (replace(GOOD, visited_on=None, pictures=()), {"visited_on", "pictures"}),
        (replace(GOOD, pictures=("0" * 64,) * 6), set()),
        (replace(GOOD, pictures=("0" * 64,) * 7), {"pictures"}),
        (replace(GOOD, found={}), set(FINDINGS)),
        (replace(GOOD, found={**GOOD.found, "in_order": False}), {"note"}),
        (replace(GOOD, found={**GOOD.found, "in_order": False}, note="仓库漏雨"), set()),
        (replace(GOOD, note="看" * 500), set()),
        (replace(GOOD, note="看" * 501), {"note"}),
    ],
)
def test_what_is_told_of_a_visit_is_whole(seen: Seen, wrong: set[str]) -> None:
    assert set(seen.faults(date(2026, 3, 2), NOW - timedelta(days=300))) == wrong


@pytest.mark.parametrize("finding", FINDINGS)
def test_all_must_be_so_for_a_visit_to_be_passed(finding: str) -> None:
    assert GOOD.is_passed
    for answer in (False, None):
        assert not replace(GOOD, found={**GOOD.found, finding: answer}).is_passed
