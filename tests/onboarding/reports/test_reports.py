"""Shoppers report goods: one case of many words, an answer for each, and no seller learns who spoke."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import Actor, Role, Scope, StaffGrant
from kernel.tables import ask
from onboarding.listings.models import Listing, Takedown
from onboarding.listings.operations import archive_listing
from onboarding.moderation.bulk import approve_cases, refuse_cases
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case, ask_case, refuse_case
from onboarding.moderation.queries import cases, following, preceding
from onboarding.moderation.tables import CASES
from onboarding.reports.models import Report
from onboarding.reports.operations import answer, report
from onboarding.reports.queries import goods_named, picture_key, reports_of
from tests.cast import BO, FANG, GUO, HUA, LIN, NOW, Person
from tests.onboarding.notices.rights import case_of, on_sale, texts
from tests.storefront.shop import make_person
from tests.support.goods import make_listing, make_merchant, make_resale, signed_in

WHY = "材质写羊绒，实际是腈纶。"


def reported(listing: Listing, *people: Person, reason: str = "unlike", words: str = WHY) -> list[Actor]:
    """People who report goods."""
    found = [make_person(one) for one in people]
    for one in found:
        report(actor=one, goods=goods_named(listing.public_id), reason=reason, words=words, pictures=[], now=NOW)
    return found


def newest(listing: Listing) -> str:
    """The report that an operator reads first."""
    return reports_of(listing.public_id)[0].report


def queue(operator: Actor) -> list[str]:
    """What the open cases are about, in their order."""
    chosen = ask(CASES, {"state": "open"}).values
    return [line.subject for line in cases(operator, chosen, now=NOW).part(offset=0, limit=50, by=None, down=False)]


def test_many_reports_are_one_case_that_rises(wei: Actor, scarf: Listing, tan: Actor) -> None:
    hat, shawl = make_listing(wei, title="帽子"), make_listing(wei, title="披肩")
    reported(scarf, LIN)
    reported(hat, BO)
    reported(shawl, HUA, FANG, GUO)
    assert queue(tan) == [shawl.public_id, scarf.public_id, hat.public_id]
    weights = dict(session().execute(select(Case.subject, Case.weight)).all())  # type: ignore[arg-type]
    assert weights == {scarf.public_id: 0, hat.public_id: 0, shawl.public_id: 2}


def test_the_next_case_is_the_next_of_the_list(wei: Actor, scarf: Listing, tan: Actor) -> None:
    hat = make_listing(wei, title="帽子")
    reported(scarf, LIN)
    reported(hat, BO, HUA)
    every = ask(CASES, {"state": "open"}).values
    heavy, light = cases(tan, every, now=NOW).part(offset=0, limit=9, by=None, down=False)
    assert following(tan, every, after=heavy, now=NOW) == light.public_id
    assert following(tan, every, after=light, now=NOW) == heavy.public_id
    assert preceding(tan, every, before=light, now=NOW) == heavy.public_id
    assert preceding(tan, every, before=heavy, now=NOW) is None


def test_one_word_of_a_person_waits_at_a_time(scarf: Listing, tan: Actor) -> None:
    [lin] = reported(scarf, LIN)
    goods = goods_named(scarf.public_id)
    with pytest.raises(DomainError, match=r"report\.known"):
        report(actor=lin, goods=goods, reason="fake", words="", pictures=[], now=NOW)
    row = {"listing_id": scarf.id, "organisation_id": scarf.organisation_id, "reporter_id": lin.user_id, "words": ""}
    with pytest.raises(IntegrityError), transaction():
        session().add(Report(public_id="rep_x", reason="fake", picture_keys=[], state="open", made_at=NOW, **row))
    refuse_case(actor=tan, case=case_of(scarf.public_id), reason="看过检测报告，是羊绒。", seen=newest(scarf), now=NOW)
    report(actor=lin, goods=goods, reason="fake", words="", pictures=[], now=NOW)


def test_goods_that_are_taken_down_are_told_to_all_and_name_nobody(scarf: Listing, tan: Actor, wei: Actor) -> None:
    make_resale(make_merchant(Person("薄二", "13800138044", "merchant_owner")), scarf)
    people = reported(scarf, LIN, HUA, words="我是林晓，13800138001")
    approve_case(
        actor=tan, case=case_of(scarf.public_id), basis="成分和说明不一致", goods=[], seen=newest(scarf), now=NOW
    )
    assert not on_sale(scarf)
    told = [(number.removeprefix("+86"), text) for number, text in texts()]
    assert sorted(number for number, text in told if "您举报的商品" in text) == [LIN.phone, HUA.phone]
    theirs = [text for number, text in told if number in {"13800138002", "13800138044"}]
    assert len(theirs) == 1
    hidden = [one for person in people for one in (person.name, person.user)] + [LIN.phone, HUA.phone]
    assert not [one for one in hidden for text in theirs if one in text]


def test_the_desk_reads_that_goods_are_off_sale(app: Flask, scarf: Listing, tan: Actor) -> None:
    reported(scarf, LIN)
    told = {"basis": "成分和说明不一致", "seen": newest(scarf)}
    answer = signed_in(app, tan).post(
        f"/ops/cases/{case_of(scarf.public_id)}/approval", data=told, follow_redirects=True
    )
    assert "举报成立，商品已下架。" in answer.text


def test_a_seller_learns_nothing_of_reports_that_are_unfounded(scarf: Listing, tan: Actor) -> None:
    reported(scarf, LIN)
    refuse_case(actor=tan, case=case_of(scarf.public_id), reason="看过检测报告，是羊绒。", seen=newest(scarf), now=NOW)
    assert on_sale(scarf)
    [(number, text)] = texts()
    assert (number.removeprefix("+86"), "没有发现问题" in text, "检测报告" in text) == (LIN.phone, True, False)


def test_a_seller_may_be_asked_to_change_goods(scarf: Listing, tan: Actor) -> None:
    reported(scarf, LIN)
    told = {"fields": [], "reason": "标题写清楚含绒量。", "seen": newest(scarf)}
    ask_case(actor=tan, case=case_of(scarf.public_id), **told, now=NOW)
    assert on_sale(scarf)
    assert session().scalars(select(Report.state)).one() == "mended"
    assert any("标题写清楚含绒量" in text for number, text in texts() if number == "13800138002")


def test_taking_down_needs_a_reason_and_is_done_one_by_one(scarf: Listing, tan: Actor) -> None:
    reported(scarf, LIN)
    case = case_of(scarf.public_id)
    with pytest.raises(InvalidInputError, match="input"):
        approve_case(actor=tan, case=case, basis="", goods=[], now=NOW)
    assert approve_cases(actor=tan, cases=[case], now=NOW).skipped[case].code == "case.singly"
    assert refuse_cases(actor=tan, cases=[case], reason="没有问题的。", now=NOW).skipped[case].code == "case.singly"
    assert on_sale(scarf)


def test_reports_that_came_after_she_looked_wait_on(scarf: Listing, tan: Actor) -> None:
    reported(scarf, LIN)
    case, seen = case_of(scarf.public_id), newest(scarf)
    reported(scarf, HUA, FANG, reason="fake", words="是假货。")
    refuse_case(actor=tan, case=case, reason="看过检测报告，是羊绒。", seen=seen, now=NOW)
    assert session().scalars(select(Report.state).order_by(Report.id)).all() == ["unfounded", "open", "open"]
    assert [number.removeprefix("+86") for number, _text in texts()] == [LIN.phone]
    weights = session().scalars(select(Case.weight).where(Case.state == "open")).all()
    assert (case_of(scarf.public_id) == case, weights) == (False, [1])


def test_only_reports_of_these_goods_are_read(scarf: Listing, wei: Actor, tan: Actor) -> None:
    hat = make_listing(wei, title="帽子")
    reported(scarf, LIN)
    reported(hat, HUA)
    for strange in (newest(hat), ""):
        with pytest.raises(NotFoundError):
            refuse_case(actor=tan, case=case_of(scarf.public_id), reason="没有问题的。", seen=strange, now=NOW)


def test_who_reported_or_sells_does_not_decide(scarf: Listing, tan: Actor, wei: Actor) -> None:
    [lin] = reported(scarf, LIN)
    for partial in (replace(lin, staff=tan.staff), replace(tan, memberships=wei.memberships)):
        with pytest.raises(DomainError, match=r"case\.own"):
            refuse_case(actor=partial, case=case_of(scarf.public_id), reason="没有问题的。", now=NOW)


def test_goods_that_went_off_sale_meanwhile_do_not_come_back_unseen(scarf: Listing, wei: Actor, tan: Actor) -> None:
    reported(scarf, LIN)
    archive_listing(actor=wei, listing=scarf.public_id, now=NOW)
    told = {"action": "uphold", "reason": "检测报告不对。"}
    answer(actor=tan, listing=scarf.public_id, seen=newest(scarf), **told, now=NOW)
    assert session().execute(select(Takedown.ending, Takedown.told)).one() == ("archived", "检测报告不对。")


def test_only_a_desk_answers(scarf: Listing, tan: Actor, wei: Actor) -> None:
    [lin] = reported(scarf, LIN)
    away = replace(tan, staff=(StaffGrant(Role.OPERATOR, Scope("belt", "danyang-glasses")),))
    told = {"action": "uphold", "reason": "因为所以"}
    for stranger in (lin, wei, away):
        with pytest.raises(NotFoundError):
            answer(actor=stranger, listing=scarf.public_id, seen=newest(scarf), **told, now=NOW)


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        ({"reason": "", "words": ""}, {"reason"}),
        ({"reason": "other", "words": "坏"}, {"words"}),
        ({"reason": "fake", "words": "长" * 501}, {"words"}),
        ({"reason": "fake", "words": "", "pictures": ["0" * 64] * 4}, {"pictures"}),
    ],
)
def test_what_a_report_lacks_is_said_by_field(scarf: Listing, told: dict[str, object], fields: set[str]) -> None:
    given = {"actor": make_person(LIN), "goods": goods_named(scarf.public_id), "pictures": [], "now": NOW} | told
    with pytest.raises(InvalidInputError) as refused:
        report(**given)  # type: ignore[arg-type]
    assert set(refused.value.fields) == fields


def test_a_picture_is_counted_from_one_and_others_are_nowhere(scarf: Listing) -> None:
    told = {"actor": make_person(LIN), "goods": goods_named(scarf.public_id), "pictures": ["1" * 64, "2" * 64]}
    report(**told, reason="fake", words="", now=NOW)  # type: ignore[arg-type]
    [one] = reports_of(scarf.public_id)
    assert picture_key(scarf.public_id, one.report, "2") == "2" * 64
    for place in ("0", "3", "x", "9" * 5_000):
        with pytest.raises(NotFoundError):
            picture_key(scarf.public_id, one.report, place)


def test_what_is_not_on_sale_is_not_reported(wei: Actor) -> None:
    for goods in (make_listing(wei, state="draft").public_id, "lst_nothing", "pck_222222222222222a", ""):
        with pytest.raises(NotFoundError):
            goods_named(goods)


def test_goods_of_a_merchant_are_reported_at_her_shop(wei: Actor, scarf: Listing) -> None:
    bo = make_merchant(BO)
    goods = goods_named(make_resale(bo, scarf).public_id)
    assert (goods.listing, goods.shop_id) == (scarf.public_id, bo.memberships[0].organisation_id)


def test_the_record_names_no_reporter_to_the_seller(scarf: Listing, tan: Actor) -> None:
    [lin] = reported(scarf, LIN)
    refuse_case(actor=tan, case=case_of(scarf.public_id), reason="没有问题的。", seen=newest(scarf), now=NOW)
    rows = session().scalars(select(AuditRow).where(AuditRow.operation == "case.refuse")).all()
    assert not [row for row in rows if lin.user in str(row.changes)]
