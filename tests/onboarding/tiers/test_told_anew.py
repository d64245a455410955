"""A visit counts for what the factory told of itself then, and a check that is answered in time takes nothing away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Actor
from onboarding.standing.operations import answer_check, ask_again, open_due_checks
from onboarding.standing.rules import AHEAD, EVERY
from onboarding.tiers.models import Inspection
from onboarding.tiers.operations import ask_visit, record_inspection
from onboarding.tiers.rules import Tier
from onboarding.verification.operations import describe
from onboarding.verification.rules import Told
from tests.cast import TAN, WEI
from tests.onboarding.people import noon, post, sign_in
from tests.onboarding.tiers.conftest import TOLD, move
from tests.onboarding.tiers.test_pages import tells
from tests.onboarding.tiers.visits import record, seen, tier

PROFILE = "/factory/profile"
MORE = replace(TOLD, people=860)


def tell(owner: Actor, told: Told) -> None:
    describe(actor=owner, told=told, now=noon())


@pytest.mark.parametrize("other", [{"people": 860}, {"founded": 1999}, {"capacity": "120 万件"}, {"makes": "铜锅"}])
def test_who_tells_something_else_is_looked_at_again(ready: Actor, tan: Actor, other: dict[str, object]) -> None:
    record(tan, ready, back=1)
    tell(ready, replace(TOLD, **other))
    assert tier(ready) is Tier.VERIFIED
    tell(ready, TOLD)
    assert tier(ready) is Tier.INSPECTED
    tell(ready, replace(TOLD, **other))
    ask_visit(actor=ready, now=noon())
    record(tan, ready)
    assert tier(ready) is Tier.INSPECTED


def test_a_blank_or_a_comma_changes_nothing(ready: Actor, tan: Actor) -> None:
    record(tan, ready)
    tell(ready, replace(TOLD, capacity="1.2万件", makes="镜架。"))
    assert tier(ready) is Tier.INSPECTED


@pytest.mark.parametrize(
    ("seen_as", "told"),
    [
        ("1.5 万件", "15 万件"),
        ("1 . 5 万件", "15 万件"),
        ("10-20 万件", "1020 万件"),
        ("½ 万件", "12 万件"),
        ("1、2 万", "12 万"),
    ],
)
def test_what_stands_between_digits_is_said(ready: Actor, tan: Actor, seen_as: str, told: str) -> None:
    tell(ready, replace(TOLD, capacity=seen_as))
    record(tan, ready)
    tell(ready, replace(TOLD, capacity=told))
    assert tier(ready) is Tier.VERIFIED


def test_a_comma_for_thousands_says_nothing(ready: Actor, tan: Actor) -> None:
    tell(ready, replace(TOLD, capacity="1,200,000 件"))
    record(tan, ready)
    tell(ready, replace(TOLD, capacity="1200000件。"))
    assert tier(ready) is Tier.INSPECTED


def test_the_owner_is_warned_before_and_told_after(client: FlaskClient, ready: Actor, tan: Actor) -> None:
    sign_in(client, WEI)
    assert "改了以后验厂要重来" not in client.get(PROFILE).text
    record(tan, ready)
    assert "改了以后验厂要重来" in client.get(PROFILE).text
    form = {"founded": "2009", "people": "860", "capacity": TOLD.capacity, "makes": TOLD.makes}
    assert post(client, PROFILE, page=PROFILE, **form).location == PROFILE
    assert "改了以后验厂要重来" not in client.get(PROFILE).text
    page = client.get("/factory/tier").text
    assert ("验厂以后工厂介绍改过" in page, "请人来验厂" in page) == (True, True)


def test_words_that_changed_under_her_hands_are_shown_to_her(client: FlaskClient, ready: Actor, tan: Actor) -> None:
    old = seen()
    house = ready.memberships[0].organisation
    with pytest.raises(DomainError, match=r"inspection\.told_anew"):
        record_inspection(actor=tan, organisation=house, seen=old, now=noon())
    sign_in(client, TAN)
    assert TOLD.makes in client.get(f"/ops/factories/{house}/inspection").text
    answer = tells(client, ready, profile="0" * 64)
    assert (answer.status_code, "工厂介绍刚刚改过" in answer.text) == (422, True)
    assert session().scalar(select(func.count(Inspection.id))) == 0


def due(owner: Actor, *, before: timedelta) -> None:
    """A check is open, so long before the half year is over, as the schedule opened it."""
    move(checked_at=noon() - EVERY + before)
    with transaction():
        assert open_due_checks(actor=SYSTEM, now=noon()) == 1
    assert tier(owner) is Tier.VERIFIED


def test_the_owner_has_her_days_before_the_tier_is_lost(ready: Actor) -> None:
    due(ready, before=AHEAD)
    assert [tier(ready, days=31), tier(ready, days=33)] == [Tier.VERIFIED, Tier.LISTED]


def test_who_answered_in_time_waits_without_harm(ready: Actor, tan: Actor) -> None:
    due(ready, before=timedelta(days=1))
    check = answer_check(actor=ready, answer="same", now=noon())
    assert check
    assert tier(ready, days=60) is Tier.VERIFIED
    move(expires_on=business_date(noon()) + timedelta(days=20))
    assert [tier(ready, days=19), tier(ready, days=22)] == [Tier.VERIFIED, Tier.LISTED]
    ask_again(actor=tan, check=check.public_id, reason="看不清", now=noon())
    assert tier(ready, days=2) is Tier.LISTED


def test_a_better_photo_later_takes_nothing_from_who_answered_in_time(ready: Actor) -> None:
    due(ready, before=timedelta(days=1))
    answer_check(actor=ready, answer="same", now=noon())
    answer_check(actor=ready, answer="photo", now=noon() + timedelta(days=40))
    assert tier(ready, days=60) is Tier.VERIFIED


def test_who_answers_late_waits_for_the_operator(ready: Actor) -> None:
    due(ready, before=timedelta(days=1))
    answer_check(actor=ready, answer="same", now=noon() + timedelta(days=2))
    assert tier(ready, days=3) is Tier.LISTED
