"""Reported goods that their seller is asked to mend: she reads what and by when, and somebody looks again."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Actor
from onboarding.listings.mendings import last_mending, say_mended
from onboarding.listings.models import Listing
from onboarding.listings.operations import archive_listing
from onboarding.listings.rules import MEND_WITHIN
from onboarding.listings.takedowns import take_down
from onboarding.listings.tasks import bring_back
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case, ask_case, refuse_case
from tests.cast import HUA, LIN, NOW, YU
from tests.onboarding.notices.rights import case_of, on_sale, texts
from tests.onboarding.reports.test_reports import newest, reported
from tests.support.goods import make_factory, signed_in

TOLD = "划线价请给出依据"
LATE = NOW + MEND_WITHIN


@pytest.fixture
def asked(scarf: Listing, tan: Actor) -> Listing:
    """Goods that Lin reported, and that Wei is to mend."""
    reported(scarf, LIN)
    ask_case(actor=tan, case=case_of(scarf.public_id), fields=[], reason=TOLD, seen=newest(scarf), now=NOW)
    return scarf


def open_cases(listing: Listing) -> list[str]:
    session().rollback()
    waiting = (Case.subject == listing.public_id) & (Case.state == "open")
    return list(session().scalars(select(Case.public_id).where(waiting)))


def pass_by(app: Flask) -> None:
    for now in (LATE - timedelta(seconds=1), LATE, LATE):
        bring_back({}, ports=app.extensions["ports"], now=now)


def test_she_reads_it_on_today_and_on_the_page_and_says_when_it_is_done(
    app: Flask,
    wei: Actor,
    asked: Listing,
) -> None:
    browser, place = signed_in(app, wei), f"/factory/listings/{asked.public_id}"
    assert f'href="{place}"' in browser.get("/factory").text
    assert {TOLD in browser.get(place).text, "改好了" in browser.get(place).text} == {True}
    assert open_cases(asked) == []
    assert browser.post(f"{place}/mending", data={"words": "划线价去掉了"}).status_code == 303
    assert len(open_cases(asked)) == 1
    assert f'href="{place}"' not in browser.get("/factory").text
    with pytest.raises(DomainError, match=r"mending\.none"):
        say_mended(actor=wei, listing=asked.public_id, words="", now=NOW)


def test_an_operator_looks_again_and_the_matter_ends(
    app: Flask,
    wei: Actor,
    tan: Actor,
    asked: Listing,
) -> None:
    say_mended(actor=wei, listing=asked.public_id, words="划线价去掉了", now=NOW)
    [case] = open_cases(asked)
    assert "划线价去掉了" in signed_in(app, tan).get(f"/ops/cases/{case}").text
    refuse_case(actor=tan, case=case, reason="改好了", seen=newest(asked), now=NOW)
    assert any("没有问题了" in text for _number, text in texts())
    pass_by(app)
    assert (open_cases(asked), on_sale(asked)) == ([], True)


def test_what_nobody_answers_comes_back_once(app: Flask, tan: Actor, asked: Listing) -> None:
    pass_by(app)
    [case] = open_cases(asked)
    assert "到期没有答复" in signed_in(app, tan).get(f"/ops/cases/{case}").text
    approve_case(actor=tan, case=case, basis="三天没有改", goods=[], seen=newest(asked), now=LATE)
    assert not on_sale(asked)


@pytest.mark.parametrize("how", ["taken down", "given up"])
def test_goods_that_are_off_sale_are_not_asked_about(
    app: Flask,
    wei: Actor,
    tan: Actor,
    asked: Listing,
    how: str,
) -> None:
    if how == "given up":
        archive_listing(actor=wei, listing=asked.public_id, now=NOW)
    else:
        take_down(actor=tan, listing=asked.public_id, reason_code="words", told="", internal="", now=NOW)
    pass_by(app)
    found = last_mending(asked.id)
    assert (open_cases(asked), found and found.ended_at) == ([], LATE)


def test_asked_again_she_has_her_days_again(app: Flask, tan: Actor, asked: Listing) -> None:
    pass_by(app)
    [case] = open_cases(asked)
    ask_case(actor=tan, case=case, fields=[], reason="还没有改", seen=newest(asked), now=LATE)
    found = last_mending(asked.id)
    assert found is not None
    assert (found.told, found.due_at, found.back) == ("还没有改", LATE + MEND_WITHIN, "")


def test_a_stranger_says_nothing_of_it(asked: Listing) -> None:
    with pytest.raises(NotFoundError):
        say_mended(actor=make_factory(YU), listing=asked.public_id, words="", now=NOW)


def test_the_desk_reads_that_goods_are_down_already(app: Flask, tan: Actor, scarf: Listing) -> None:
    reported(scarf, LIN)
    place = f"/ops/cases/{case_of(scarf.public_id)}"
    assert "请卖家改正" in signed_in(app, tan).get(place).text
    take_down(actor=tan, listing=scarf.public_id, reason_code="words", told="", internal="", now=NOW)
    shown = signed_in(app, tan).get(place).text
    assert ("不用再下架" in shown, "请卖家改正…" in shown) == (True, False)


def test_the_desk_is_told_what_it_did(app: Flask, tan: Actor, scarf: Listing) -> None:
    desk = signed_in(app, tan)
    told_by = ((LIN, "correction", {"words": TOLD}), (HUA, "refusal", {"reason": "看过了"}))
    for who, deed, words in told_by:
        reported(scarf, who)
        place = f"/ops/cases/{open_cases(scarf)[0]}"
        told = desk.post(f"{place}/{deed}", data=words | {"seen": newest(scarf)}, follow_redirects=True).text
        assert {"correction": "3 天内改正", "refusal": "只有同事看得到"}[deed] in told
        assert "只用改勾选的几处" not in told
