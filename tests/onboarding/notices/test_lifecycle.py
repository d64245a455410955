"""A notice from its sending to its end: who decides, what comes off sale and back, who hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel.db import session
from kernel.errors import DomainError, InvalidInputError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import Listing, Measure
from onboarding.moderation.bulk import approve_cases
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case, ask_case, refuse_case
from onboarding.notices import decisions
from onboarding.notices.decisions import accept, lapse_due
from onboarding.notices.models import Notice
from onboarding.notices.operations import complete, counter, hand_outcome, prove, send, withdraw
from onboarding.notices.queries import Named, published, wrongful_before
from onboarding.notices.rules import NOTICE, Told
from tests.cast import BO, HUA, NOW, YU
from tests.onboarding.notices.rights import (
    ALL,
    FILES,
    SUED,
    TOLD,
    WORDS,
    case_of,
    day,
    forwarded,
    in_force,
    on_sale,
    pursued,
    sent,
    state,
    texts,
)
from tests.storefront.shop import make_person
from tests.support.goods import make_factory, make_listing, make_merchant, make_resale

LAST_MOMENT = timedelta(microseconds=1)
TOLD_PARTS = tuple(getattr(TOLD, name) for name in Told.__slots__)


def test_nothing_comes_off_sale_before_an_operator_accepts(lin: Actor, tan: Actor, scarf: Listing) -> None:
    [made] = sent(lin, scarf)
    assert on_sale(scarf)
    approve_case(actor=tan, case=case_of(made.public_id), goods=[scarf.public_id], now=NOW)
    assert (state(made.public_id), on_sale(scarf)) == ("in_force", False)


def test_an_incomplete_notice_takes_nothing_down_until_it_is_completed(lin: Actor, tan: Actor, scarf: Listing) -> None:
    [made] = sent(lin, scarf)
    ask_case(actor=tan, case=case_of(made.public_id), fields=[], reason="没有权利证明，请补上。", now=NOW)
    assert (state(made.public_id), on_sale(scarf)) == ("incomplete", True)
    assert "没有权利证明，请补上" in texts()[-1][1]
    with pytest.raises(DomainError, match=r"notice\.state"):
        accept(actor=tan, notice=made.public_id, goods=[scarf.public_id], now=NOW)
    complete(actor=lin, notice=made.public_id, statement=WORDS, files={"right": FILES}, now=NOW)
    approve_case(actor=tan, case=case_of(made.public_id), goods=[scarf.public_id], now=NOW)
    assert not on_sale(scarf)


def test_a_refused_notice_is_told_to_its_sender_alone(lin: Actor, tan: Actor, scarf: Listing) -> None:
    [made] = sent(lin, scarf)
    refuse_case(actor=tan, case=case_of(made.public_id), reason="权利证明已经过期。", now=NOW)
    assert (state(made.public_id), on_sale(scarf)) == ("refused", True)
    assert {number for number, _text in texts()} == {"+8613800138001"}


def test_the_operator_chooses_which_goods_come_off_sale(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    hat = make_listing(wei, title="帽子")
    [made] = sent(lin, scarf, hat)
    case = case_of(made.public_id)
    with pytest.raises(DomainError, match=r"notice\.no_goods"):
        approve_case(actor=tan, case=case, goods=["lst_nothing"], now=NOW)
    approve_case(actor=tan, case=case, goods=[hat.public_id], now=NOW)
    assert (on_sale(scarf), on_sale(hat)) == (True, False)


def test_many_notices_are_never_decided_at_once(lin: Actor, tan: Actor, scarf: Listing) -> None:
    case = case_of(sent(lin, scarf)[0].public_id)
    assert approve_cases(actor=tan, cases=[case], now=NOW).skipped[case].code == "case.singly"
    assert on_sale(scarf)


def test_merchants_whose_copies_fell_are_told_and_so_are_both_sides(lin: Actor, tan: Actor, scarf: Listing) -> None:
    make_resale(make_merchant(BO), scarf)
    in_force(lin, tan, scarf)
    told = {number.removeprefix("+86"): text for number, text in texts()}
    assert "已受理" in told["13800138001"]
    assert "知识产权通知 IP1001" in told["13800138002"]
    assert "您铺货的商品“羊绒围巾”因知识产权通知已暂停销售" in told["13800138004"]
    assert not any(TOLD.contact[:11] in text or TOLD.name in text for _number, text in texts())


def test_goods_of_two_sellers_are_two_notices(lin: Actor, scarf: Listing) -> None:
    hers, other = sent(lin, scarf, make_listing(make_factory(YU)))
    assert hers.organisation_id != other.organisation_id


@pytest.mark.parametrize(("after", "ends"), [(1, False), (14, False), (15, False), (16, True), (30, True)])
def test_measures_end_on_the_sixteenth_day(
    lin: Actor, tan: Actor, wei: Actor, scarf: Listing, after: int, *, ends: bool
) -> None:
    notice = forwarded(lin, tan, wei, scarf)
    assert lapse_due(actor=SYSTEM, now=day(after)) == int(ends)
    assert (state(notice) == "lapsed", on_sale(scarf)) == (ends, ends)


def test_the_day_is_that_of_shanghai(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    notice = forwarded(lin, tan, wei, scarf, now=day(1) - LAST_MOMENT)
    assert lapse_due(actor=SYSTEM, now=day(16) - LAST_MOMENT) == 0
    prove(actor=lin, notice=notice, words=SUED, files=FILES, now=day(16) - LAST_MOMENT)
    assert lapse_due(actor=SYSTEM, now=day(16)) == 0
    assert state(notice) == "proved"


def test_proof_after_the_days_is_too_late(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    notice = forwarded(lin, tan, wei, scarf)
    with pytest.raises(DomainError, match=r"notice\.too_late"):
        prove(actor=lin, notice=notice, words=SUED, files=FILES, now=day(16))


def test_a_second_run_ends_nothing_again(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    forwarded(lin, tan, wei, scarf)
    assert (lapse_due(actor=SYSTEM, now=day(16)), lapse_due(actor=SYSTEM, now=day(16))) == (1, 0)
    assert len([text for _number, text in texts() if "已恢复销售" in text]) == 1


def test_a_run_that_dies_in_the_middle_is_done_again_whole(
    lin: Actor, tan: Actor, wei: Actor, scarf: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    hat = make_listing(wei, title="帽子")
    for goods in (scarf, hat):
        forwarded(lin, tan, wei, goods)
    told = iter([None, KeyboardInterrupt()])
    with monkeypatch.context() as killed:
        killed.setattr(decisions, "tell_seller", lambda *_a, **_k: _raise(next(told)))
        with pytest.raises(KeyboardInterrupt):
            lapse_due(actor=SYSTEM, now=day(16))
    assert (on_sale(scarf), on_sale(hat)) == (False, False)
    assert (lapse_due(actor=SYSTEM, now=day(16)), lapse_due(actor=SYSTEM, now=day(16))) == (2, 0)
    assert len(session().scalars(select(Measure).where(Measure.ended_at.is_not(None))).all()) == 2


def _raise(error: BaseException | None) -> None:
    if error is not None:
        raise error


def test_proof_that_holds_keeps_goods_down_until_the_outcome(
    lin: Actor, tan: Actor, wei: Actor, scarf: Listing
) -> None:
    notice = pursued(lin, tan, wei, scarf)
    assert (lapse_due(actor=SYSTEM, now=day(40)), on_sale(scarf)) == (0, False)
    hand_outcome(actor=wei, notice=notice, side="seller", words=WORDS, files=FILES, now=day(40))
    refuse_case(actor=tan, case=case_of(notice), reason="判决不侵权。", now=day(40))
    assert (state(notice), on_sale(scarf)) == ("dismissed", True)


def test_what_is_upheld_stays_down(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    notice = pursued(lin, tan, wei, scarf)
    hand_outcome(actor=lin, notice=notice, side="holder", words=WORDS, files=FILES, now=day(9))
    approve_case(actor=tan, case=case_of(notice), goods=[], now=day(9))
    assert (state(notice), on_sale(scarf)) == ("upheld", False)


def test_proof_that_proves_nothing_lets_the_days_go_on(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    notice = forwarded(lin, tan, wei, scarf)
    prove(actor=lin, notice=notice, words=SUED, files=FILES, now=day(15))
    refuse_case(actor=tan, case=case_of(notice), reason="没有受理号，看不出已经投诉。", now=day(17))
    assert state(notice) == "waiting"
    assert lapse_due(actor=SYSTEM, now=day(17)) == 1


def test_a_counter_notice_that_says_nothing_goes_back(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    notice = in_force(lin, tan, scarf)
    with pytest.raises(InvalidInputError):
        counter(actor=wei, notice=notice, words="没有", promised=False, files=[], now=NOW)
    counter(actor=wei, notice=notice, words=WORDS, promised=True, files=FILES, now=NOW)
    refuse_case(actor=tan, case=case_of(notice), reason="证书看不清，请重新拍。", now=NOW)
    assert (state(notice), on_sale(scarf)) == ("in_force", False)
    assert texts()[-1][0] == "13800138002"


@pytest.mark.parametrize("far", [in_force, forwarded, pursued], ids=lambda far: far.__name__)
def test_whoever_withdraws_her_notice_brings_goods_back_at_once(
    lin: Actor, tan: Actor, wei: Actor, scarf: Listing, far: object
) -> None:
    notice = in_force(lin, tan, scarf) if far is in_force else far(lin, tan, wei, scarf)  # type: ignore[operator]
    withdraw(actor=lin, notice=notice, now=NOW)
    assert (state(notice), on_sale(scarf)) == ("withdrawn", True)
    with pytest.raises(DomainError, match=r"notice\.state"):
        withdraw(actor=lin, notice=notice, now=NOW)


def test_a_withdrawn_notice_leaves_no_case_open(lin: Actor, scarf: Listing) -> None:
    [made] = sent(lin, scarf)
    withdraw(actor=lin, notice=made.public_id, now=NOW)
    case = session().scalars(select(Case).where(Case.subject == made.public_id)).one()
    assert (case.state, case.decided_by) == ("refused", lin.user_id)


def test_goods_that_two_notices_hold_come_back_with_the_second(lin: Actor, tan: Actor, scarf: Listing) -> None:
    first, other = in_force(lin, tan, scarf), make_person(HUA)
    second = _again(other, tan, scarf)
    withdraw(actor=lin, notice=first, now=NOW)
    assert not on_sale(scarf)
    withdraw(actor=other, notice=second, now=NOW)
    assert on_sale(scarf)


def _again(holder: Actor, operator: Actor, scarf: Listing) -> str:
    """A second notice against goods that were named while they were still on sale."""
    named = [Named(scarf.id, scarf.public_id, scarf.title, scarf.organisation_id, "x")]
    [made] = send(actor=holder, told=TOLD, promised=True, goods=named, files=ALL, now=NOW)
    approve_case(actor=operator, case=case_of(made.public_id), goods=[scarf.public_id], now=NOW)
    return made.public_id


def test_of_one_right_goods_are_named_once_while_it_is_open(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    [made] = sent(lin, scarf)
    with pytest.raises(DomainError, match=r"notice\.known"):
        sent(lin, scarf, told=Told(*TOLD_PARTS[:4], "第1234567号", TOLD_PARTS[5]))
    sent(lin, scarf, told=Told(*TOLD_PARTS[:4], "第 7654321 号", TOLD_PARTS[5]))
    sent(make_person(HUA), scarf)
    withdraw(actor=lin, notice=made.public_id, now=NOW)
    assert sent(lin, scarf)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("contact", ""),
        ("holder_kind", "robot"),
        ("right_kind", "x"),
        ("right_number", ""),
        ("statement", "抄"),
    ],
)
def test_what_a_notice_lacks_is_said_by_field(lin: Actor, scarf: Listing, field: str, value: str) -> None:
    parts = dict(zip(Told.__slots__, TOLD_PARTS, strict=True)) | {field: value}
    with pytest.raises(InvalidInputError) as refused:
        sent(lin, scarf, told=Told(**parts))
    assert set(refused.value.fields) == {field}


def test_without_files_goods_or_promise_there_is_no_notice(lin: Actor) -> None:
    with pytest.raises(InvalidInputError) as refused:
        send(actor=lin, told=TOLD, promised=False, goods=[], files={}, now=NOW)
    assert set(refused.value.fields) == {"identity", "right", "infringement", "links", "promise"}


def test_an_operator_reads_of_earlier_wrongful_notices(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    forwarded(lin, tan, wei, scarf)
    lapse_due(actor=SYSTEM, now=day(16))
    [second] = sent(lin, scarf)
    assert [one.state for one in wrongful_before(second)] == ["lapsed"]


def test_only_what_was_decided_is_published(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    sent(lin, make_listing(wei, title="帽子"))
    notice = in_force(lin, tan, scarf)
    lines, more = published(1)
    assert ([line.notice.public_id for line in lines], lines[0].titles, more) == ([notice], ["羊绒围巾"], False)


def test_every_end_is_an_end() -> None:
    ends = {name for name in NOTICE.states if not NOTICE.actions(name)}
    assert ends == {"refused", "withdrawn", "lapsed", "upheld", "dismissed"}


def test_a_measure_ends_once(lin: Actor, tan: Actor, scarf: Listing) -> None:
    withdraw(actor=lin, notice=in_force(lin, tan, scarf), now=NOW)
    [measure] = session().scalars(select(Measure)).all()
    assert (measure.listing_id, measure.ended_at) == (scarf.id, NOW)
    assert session().scalars(select(Notice.ended_at)).one() == NOW
