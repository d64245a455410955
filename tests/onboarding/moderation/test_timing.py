"""What is promised and what it took: shares, middle and slow ones, and for whom they are."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case
from onboarding.moderation.rules import PROMISED, SUBJECTS
from onboarding.moderation.timing import _Case, taken, times
from tests.cast import BO, HUA, NOW, TAN, WEI
from tests.onboarding.people import CODES, QINGHE, factory, noon, operator, sign_in, waiting


def took(*hours: float, kind: str = "listing") -> list[_Case]:
    return [_Case(kind, NOW, NOW + timedelta(hours=one), "田") for one in hours]


def test_every_kind_is_promised() -> None:
    assert set(PROMISED) == set(SUBJECTS)


@pytest.mark.parametrize(
    ("hours", "share", "middle", "slow"),
    [
        ((), None, 0, 0),
        ((1,), 10_000, 60, 60),
        ((PROMISED["listing"],), 10_000, PROMISED["listing"] * 60, PROMISED["listing"] * 60),
        ((PROMISED["listing"] + 0.1,), 0, PROMISED["listing"] * 60 + 6, PROMISED["listing"] * 60 + 6),
        ((1, 2, 3, 4, 5, 6, 7, 8, 9, 100), 9_000, 330, 540),
        ((1, 1, 1, 100, 100), 6_000, 60, 6_000),
    ],
)
def test_what_some_cases_took(hours: tuple[float, ...], share: int | None, middle: int, slow: int) -> None:
    found = taken(took(*hours))
    assert (found.count, found.in_time_bp, found.middle, found.slow) == (len(hours), share, middle, slow)


@pytest.mark.parametrize(("hours", "late", "share"), [((), 1, 0), ((1, 2, 3), 1, 7_500), ((), 0, None)])
def test_what_waits_too_long_is_not_in_time(hours: tuple[float, ...], late: int, share: int | None) -> None:
    assert taken(took(*hours), late).in_time_bp == share


@pytest.fixture
def two(app: Flask) -> None:
    """A factory of Danyang that Tan decided after two hours, and one of Qinghe that waits two days."""
    factory(WEI, name="丹阳厂")
    factory(BO, name="清河厂", uscc=CODES[1], belt=QINGHE)
    lines = {line.title: line.public_id for line in waiting(SYSTEM)}
    with transaction():
        for title, ago in (("丹阳厂", 2), ("清河厂", 48)):
            opened = noon() - timedelta(hours=ago)
            session().execute(update(Case).where(Case.public_id == lines[title]).values(opened_at=opened))
    approve_case(actor=operator(TAN), case=lines["丹阳厂"], now=noon())


def test_the_desk_gives_account_of_its_own(two: None) -> None:
    found = times(operator(HUA), now=noon())
    [kind] = [one for one in found.kinds if one.subject_type == "factory"]
    assert (kind.waiting, kind.late, kind.oldest) == (1, 1, 48 * 60)
    assert (kind.month.count, kind.month.in_time_bp, kind.month.middle) == (1, 5_000, 120)
    assert (found.days[-1][1], sum(count for _day, count in found.days), len(found.days)) == (1, 1, 30)
    assert [name for name, _taken in found.people] == [TAN.name]


def test_another_desk_is_none_of_hers(two: None) -> None:
    found = times(operator(HUA, scope_kind="belt", scope_value=QINGHE), now=noon())
    assert (found.month.count, sum(kind.waiting for kind in found.kinds)) == (0, 1)


@pytest.mark.parametrize(("scope", "sees"), [("channel", True), ("belt", False)])
def test_who_decided_is_for_whoever_may_see_the_trail(two: None, client: FlaskClient, scope: str, sees: bool) -> None:  # noqa: FBT001
    operator(HUA, scope_kind=scope, scope_value="danyang-glasses" if scope == "belt" else "")
    sign_in(client, HUA)
    page = client.get("/ops/times").text
    assert "处理时效" in page
    assert ("按处理人" in page) is sees
