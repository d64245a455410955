"""What the database itself holds about notices, and who may open which evidence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.papers import headers_of, take_paper
from kernel.permissions import Actor
from kernel.workdays import is_working_day
from onboarding.accounts.models import HelpGrant
from onboarding.listings.models import Listing, Measure
from onboarding.notices.models import Notice, NoticeEvidence, NoticeGoods, NoticeStep
from onboarding.notices.operations import counter, withdraw
from onboarding.notices.queries import evidence_for
from onboarding.notices.rules import NOTICE, WRONGFUL, is_over, last_day, right_key
from tests.cast import NOW, YU
from tests.onboarding.notices.rights import FILES, WORDS, at_home, forwarded, in_force, sent
from tests.support.goods import blank_photo, make_factory

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.mark.parametrize("table", [NoticeEvidence, NoticeStep], ids=lambda table: table.__tablename__)
def test_evidence_and_steps_are_never_changed_or_lost(lin: Actor, scarf: Listing, table: type) -> None:
    sent(lin, scarf)
    moved = {"added_at": NOW + timedelta(1)} if table is NoticeEvidence else {"words": "别的话"}
    for statement in (update(table).values(**moved), delete(table)):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction():
            session().execute(statement)


def test_what_has_ended_stays_as_it_is(lin: Actor, tan: Actor, scarf: Listing) -> None:
    withdraw(actor=lin, notice=in_force(lin, tan, scarf), now=NOW)
    for table, moved in ((Notice, {"state": "in_force", "ended_at": None}), (Measure, {"ended_at": None})):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction():
            session().execute(update(table).values(**moved))


def test_goods_that_a_notice_keeps_down_are_not_on_sale(lin: Actor, tan: Actor, scarf: Listing) -> None:
    in_force(lin, tan, scarf)
    with pytest.raises(DatabaseError, match="not on sale"), transaction():
        session().execute(update(Listing).values(state="published", reason=""))


@pytest.mark.parametrize("part", ["owner", "helper"])
def test_a_notice_is_no_way_round_the_operators(lin: Actor, wei: Actor, scarf: Listing, part: str) -> None:
    if part == "helper":
        who = {"helper_id": lin.user_id, "owner_id": wei.user_id, "organisation_id": scarf.organisation_id}
        made = {"public_id": "hlp_1", "sent_by": "产业带", "granted_at": NOW, "expires_at": NOW + timedelta(days=30)}
        with transaction():
            session().add(HelpGrant(**who, **made))
    with pytest.raises(DomainError, match=r"notice\.own"):
        sent(wei if part == "owner" else lin, scarf)
    assert session().scalars(select(Notice.id)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lapsed"},
        {"ended_at": NOW},
        {"state": "waiting"},
        {"until": NOW.date()},
        {"arrived_on": NOW.date(), "until": NOW.date()},
        {"accepted_at": NOW},
        {"right_kind": "wish"},
        {"statement": ""},
    ],
    ids=str,
)
def test_no_notice_says_what_cannot_be(lin: Actor, scarf: Listing, wrong: dict[str, object]) -> None:
    sent(lin, scarf)
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Notice).values(**wrong))


def test_goods_are_named_once_of_a_right_and_taken_down_once_for_a_cause(
    lin: Actor, tan: Actor, scarf: Listing
) -> None:
    in_force(lin, tan, scarf)
    measure, named = session().scalars(select(Measure)).one(), session().scalars(select(NoticeGoods)).one()
    again = {"listing_id": scarf.id, "cause": measure.cause, "taken_at": NOW}
    with pytest.raises(IntegrityError), transaction():
        session().add(Measure(**again))
    twice = {name: getattr(named, name) for name in ("listing_id", "notifier_id", "right_key", "title", "link")}
    with pytest.raises(IntegrityError), transaction():
        session().add(NoticeGoods(notice_id=named.notice_id, is_open=True, **twice))


def opened(actor: Actor, notice: str) -> set[str]:
    """The kinds of evidence that somebody may open."""
    query = select(NoticeEvidence).join(Notice, Notice.id == NoticeEvidence.notice_id)
    kinds = set()
    for one in session().scalars(query.where(Notice.public_id == notice)).all():
        try:
            kinds.add(evidence_for(actor, one.public_id).kind)
        except NotFoundError:
            continue
    return kinds


def test_each_side_opens_what_is_meant_for_it(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    yu, theirs = at_home(make_factory(YU)), {"identity", "right", "infringement"}
    [made] = sent(lin, scarf)
    assert [opened(one, made.public_id) for one in (lin, wei, yu, tan)] == [theirs, set(), set(), set()]
    withdraw(actor=lin, notice=made.public_id, now=NOW)
    notice = in_force(lin, tan, scarf)
    counter(actor=wei, notice=notice, words=WORDS, promised=True, files=FILES, now=NOW)
    assert opened(wei, notice) == {"right", "infringement", "counter"}
    assert opened(lin, notice) == theirs
    withdraw(actor=lin, notice=notice, now=NOW)
    assert opened(lin, forwarded(lin, tan, wei, scarf)) == {*theirs, "counter"}
    assert opened(yu, notice) == set()


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_days_are_fifteen_and_end_on_a_working_day(arrived: date) -> None:
    until = last_day(arrived)
    assert until >= arrived + timedelta(days=15)
    assert [day for day in range(15, (until - arrived).days + 1) if is_working_day(arrived + timedelta(days=day))] == [
        (until - arrived).days
    ]
    assert [is_over(until, until + timedelta(days=after)) for after in (0, 1)] == [False, True]


@pytest.mark.parametrize(
    ("arrived", "until"),
    [("2026-11-16", "2026-12-01"), ("2026-11-13", "2026-11-30"), ("2026-09-20", "2026-10-08")],
)
def test_a_holiday_puts_the_end_off(arrived: str, until: str) -> None:
    assert last_day(date.fromisoformat(arrived)) == date.fromisoformat(until)


@given(st.lists(st.sampled_from(sorted({action for _state, action in NOTICE.steps})), max_size=12))
def test_no_way_leads_out_of_an_end_or_past_the_operator(actions: list[str]) -> None:
    state, seen = NOTICE.start, ["submit"]
    for action in actions:
        try:
            state = NOTICE.step(state, action).to
        except DomainError:
            continue
        seen.append(action)
    assert "accept" in seen or state in {"submitted", "incomplete", "refused", "withdrawn"}
    assert state not in {"waiting", "lapsed", "proved", "pursued"} or {"counter", "forward"} <= set(seen)
    assert state not in WRONGFUL or seen[-1] in {"refuse", "lapse", "dismiss"}


@pytest.mark.parametrize("number", ["第1234567号", " 第 1234567 号 ", "第１２３４５６７号", "第-1234567-号"])
def test_a_right_is_the_same_however_it_is_written(number: str) -> None:
    assert right_key("trademark", number) == "trademark:第1234567号"


def test_a_paper_is_a_picture_made_anew_or_a_whole_pdf() -> None:
    assert (take_paper(PDF).media, take_paper(PDF).data) == ("pdf", PDF)
    assert take_paper(blank_photo()).media == "jpeg"
    refused = {
        b"%PDF-1.7 half": "paper.broken",
        PDF + b"x" * (10 << 20): "paper.too_large",
        b"MZ": "photo.not_a_picture",
    }
    for data, code in refused.items():
        with pytest.raises(DomainError, match=code):
            take_paper(data)


def test_a_pdf_is_never_shown_inside_a_page() -> None:
    assert headers_of("pdf", "evd_x")["Content-Disposition"] == 'attachment; filename="evd_x.pdf"'
    assert "Content-Disposition" not in headers_of("jpeg", "evd_x")
