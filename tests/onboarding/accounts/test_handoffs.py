"""One device signs another in: by the number on its screen, once, within two minutes, and in no other browser."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import ANONYMOUS
from onboarding.accounts import handoffs
from onboarding.accounts.models import Handoff
from onboarding.accounts.operations import sign_out_elsewhere
from onboarding.accounts.queries import actor_for, browsers_of, is_proved
from onboarding.accounts.rules import HANDOFF_LIFE, HANDOFF_TRIES, device_words
from tests.cast import LIN, WEI
from tests.onboarding.people import noon, post, sign_in, user
from tests.support.crowd import crowd


def wrong(number: str) -> str:
    return f"{(int(number) + 1) % 10_000:04d}"


def ask() -> handoffs.Asked:
    return handoffs.ask(device="Windows · Edge", actor=ANONYMOUS, now=noon())


def asked_by(computer: FlaskClient, then: str = "/factory-goods") -> tuple[str, str]:
    """What a computer shows: the link behind the picture, and the number."""
    answer = post(computer, f"/handoff?next={then}", page="/sign-in")
    assert answer.location == "/handoff/waiting"
    with computer.session_transaction() as kept:
        token = kept["handoff"]["token"]
    shown = computer.get("/handoff/waiting")
    found = re.search(r"<strong>(\d{4})</strong>", shown.text)
    assert found
    assert shown.headers["Refresh"] == "3"
    return token, found[1]


def test_a_phone_signs_a_computer_in_and_it_goes_on(app: Flask) -> None:
    computer, phone = app.test_client(), app.test_client()
    sign_in(phone, WEI)
    token, number = asked_by(computer)
    page = f"/handoff/{token}"
    assert post(phone, page, page=page, number=number).location == "/account"
    shown = computer.get("/handoff/waiting")
    assert user(WEI).name in shown.text
    assert "Refresh" not in shown.headers
    answer = post(computer, "/handoff/session", page="/handoff/waiting")
    assert answer.location == "/factory-goods"
    assert computer.get("/account").status_code == 200
    assert len(browsers_of(user(WEI), sid="", now=noon())) == 2


def test_the_picture_alone_opens_nothing(app: Flask) -> None:
    """Whoever photographs the screen has the link, not what the browser keeps for itself."""
    asked = ask()
    handoffs.approve(token=asked.token, number=asked.number, actor=user(WEI), now=noon())
    for stolen in (asked.token, asked.number, "", "0" * 43):
        with pytest.raises(NotFoundError):
            handoffs.use(secret=stolen, language="zh", actor=ANONYMOUS, now=noon())
    thief = app.test_client()
    assert post(thief, "/handoff/session", page="/sign-in").status_code == 404


def test_without_the_number_nobody_is_let_in_and_three_wrong_ones_end_it(app: Flask) -> None:
    asked, wei = ask(), user(WEI)
    for _try in range(3):
        with pytest.raises(DomainError, match=r"handoff\.refused"):
            handoffs.approve(token=asked.token, number=wrong(asked.number), actor=wei, now=noon())
    with pytest.raises(NotFoundError):
        handoffs.approve(token=asked.token, number=asked.number, actor=wei, now=noon())
    assert handoffs.approved_by(asked.secret, now=noon()) is None


def test_what_nobody_approved_lets_nobody_in(app: Flask) -> None:
    asked = ask()
    assert handoffs.approved_by(asked.secret, now=noon()) == ""
    with pytest.raises(NotFoundError):
        handoffs.use(secret=asked.secret, language="zh", actor=ANONYMOUS, now=noon())
    with pytest.raises(NotFoundError):
        handoffs.approve(token=asked.token, number=asked.number, actor=ANONYMOUS, now=noon())


def test_two_minutes_and_not_a_moment_longer(app: Flask) -> None:
    begun, wei = noon(), user(WEI)
    late = begun + HANDOFF_LIFE
    asked = handoffs.ask(device="", actor=ANONYMOUS, now=begun)
    with pytest.raises(NotFoundError):
        handoffs.approve(token=asked.token, number=asked.number, actor=wei, now=late)
    handoffs.approve(token=asked.token, number=asked.number, actor=wei, now=late - timedelta(microseconds=1))
    with pytest.raises(NotFoundError):
        handoffs.use(secret=asked.secret, language="zh", actor=ANONYMOUS, now=late)


@pytest.mark.parametrize("scans", [True, False])
def test_who_waited_for_too_long_is_told_and_can_begin_again(client: FlaskClient, *, scans: bool) -> None:
    asked_by(client)
    with client.session_transaction() as kept:
        kept["handoff"] = {**kept["handoff"], "scans": scans}
    with transaction():
        session().execute(update(Handoff).values(tries=HANDOFF_TRIES))
    shown = client.get("/handoff/waiting")
    assert ("换一个二维码</button>" in re.sub(r"\s", "", shown.text)) is scans
    assert "/sign-in?next=/factory-goods" in shown.text
    assert "Refresh" not in shown.headers


def test_an_approval_stands_and_no_second_person_takes_it_over(app: Flask) -> None:
    asked = ask()
    handoffs.approve(token=asked.token, number=asked.number, actor=user(WEI), now=noon())
    with pytest.raises(NotFoundError):
        handoffs.approve(token=asked.token, number=asked.number, actor=user(LIN), now=noon())
    assert handoffs.approved_by(asked.secret, now=noon()) == user(WEI).name


def test_of_many_uses_at_once_one_opens_a_session(app: Flask) -> None:
    asked = ask()
    handoffs.approve(token=asked.token, number=asked.number, actor=user(WEI), now=noon())

    def use() -> bool:
        try:
            return bool(handoffs.use(secret=asked.secret, language="zh", actor=ANONYMOUS, now=noon()))
        except NotFoundError:
            return False

    assert sum(crowd(app, [use] * 4)) == 1
    assert len(browsers_of(user(WEI), sid="", now=noon())) == 1


def test_a_session_so_opened_is_no_fresh_proof(app: Flask) -> None:
    asked, now = ask(), noon()
    handoffs.approve(token=asked.token, number=asked.number, actor=user(WEI), now=now)
    entrance = handoffs.use(secret=asked.secret, language="zh", actor=ANONYMOUS, now=now)
    assert actor_for(entrance.token, now=now).user == user(WEI).user
    assert not is_proved(entrance.token, now=now)


def test_signing_out_elsewhere_ends_what_would_let_one_more_in(app: Flask) -> None:
    approved, kept, now = ask(), ask(), noon()
    handoffs.approve(token=approved.token, number=approved.number, actor=user(WEI), now=now)
    offered = handoffs.offer(actor=user(WEI), now=now)
    taken = handoffs.take(token=handoffs.offer(actor=user(LIN), now=now), device="", actor=ANONYMOUS, now=now)
    sign_out_elsewhere(sid="", actor=user(WEI), now=now)
    with pytest.raises(NotFoundError):
        handoffs.use(secret=approved.secret, language="zh", actor=ANONYMOUS, now=now)
    with pytest.raises(NotFoundError):
        handoffs.take(token=offered, device="", actor=ANONYMOUS, now=now)
    handoffs.approve(token=kept.token, number=kept.number, actor=user(LIN), now=now)
    handoffs.approve(token=taken.token, number=taken.number, actor=user(LIN), now=now)  # whoever is not Wei goes on


def test_nothing_that_is_kept_opens_anything(app: Flask) -> None:
    asked = ask()
    row = session().execute(select(Handoff.__table__)).one()
    assert not {asked.token, asked.secret, asked.number} & {str(value) for value in row}


@pytest.mark.parametrize(
    "lie", ["user_id", "approved_at", "used_at", "tries", "expires_at", "secret_fingerprint", "number_fingerprint"]
)
def test_the_table_refuses_what_no_handoff_is(app: Flask, lie: str) -> None:
    ask()
    now, wei = noon(), user(WEI).user_id
    lies = {"user_id": wei, "approved_at": now, "used_at": now, "tries": 4, "expires_at": now - timedelta(1)}
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Handoff).values({lie: lies.get(lie)}))


def test_the_table_lets_nobody_but_her_approve_what_she_offered(app: Flask) -> None:
    wei, lin = user(WEI), user(LIN)
    token = handoffs.offer(actor=wei, now=noon())
    for approved_by in (wei, lin):  # not yet taken up; taken up, by somebody else
        with pytest.raises(IntegrityError), transaction():
            session().execute(update(Handoff).values(user_id=approved_by.user_id, approved_at=noon()))
        if approved_by is wei:
            handoffs.take(token=token, device="", actor=ANONYMOUS, now=noon())


def test_where_it_goes_on_stays_on_this_site(app: Flask) -> None:
    computer = app.test_client()
    post(computer, "/handoff?next=//evil.example", page="/sign-in")
    with computer.session_transaction() as kept:
        assert kept["handoff"]["next"] == ""


def offered_by(computer: FlaskClient, then: str = "/join/factory") -> str:
    """The link behind the picture that a signed-in computer shows to a phone."""
    assert post(computer, f"/handoff/phone?next={then}", page="/join/factory").location == "/handoff/phone"
    shown = computer.get("/handoff/phone")
    assert "<svg" in shown.text
    assert shown.headers["Refresh"] == "3"
    with computer.session_transaction() as kept:
        return f"/handoff/phone/{kept['handoff_offer']['token']}?next={then}"


def test_a_signed_in_computer_lets_a_phone_in_and_both_go_on(app: Flask) -> None:
    computer, phone = app.test_client(), app.test_client()
    sign_in(computer, WEI)
    link = offered_by(computer)
    assert post(phone, link, page=link).location == "/handoff/waiting"
    shown = phone.get("/handoff/waiting").text
    number = re.search(r"<strong>(\d{4})</strong>", shown)
    assert number
    assert '<svg class="segno' not in shown
    page = computer.get("/handoff/phone").location
    assert post(computer, page, page=page, number=number[1]).location == "/join/factory"
    assert post(phone, "/handoff/session", page="/handoff/waiting").location == "/join/factory"
    assert phone.get("/account").status_code == 200


def test_an_offer_is_taken_up_once_and_a_look_takes_nothing(app: Flask) -> None:
    computer, phone, thief = app.test_client(), app.test_client(), app.test_client()
    sign_in(computer, WEI)
    link = offered_by(computer)
    assert [phone.get(link).status_code for _look in range(3)] == [200] * 3
    assert post(phone, link, page=link).status_code == 303
    used, unknown = post(thief, link, page="/sign-in"), post(thief, "/handoff/phone/none", page="/sign-in")
    assert used.status_code == unknown.status_code == 404
    assert "用过、过期" in used.text
    assert "用过、过期" in unknown.text
    assert thief.get(link).status_code == 404


def test_only_who_offered_says_yes_and_only_in_time(app: Flask) -> None:
    begun, wei = noon(), user(WEI)
    token = handoffs.offer(actor=wei, now=begun)
    asked = handoffs.take(token=token, device="iPhone · Safari", actor=ANONYMOUS, now=begun)
    for other, moment in ((user(LIN), begun), (wei, begun + HANDOFF_LIFE)):
        with pytest.raises(NotFoundError):
            handoffs.waiting(token, actor=other, now=moment)
        with pytest.raises(NotFoundError):
            handoffs.approve(token=token, number=asked.number, actor=other, now=moment)
    assert handoffs.waiting(token, actor=wei, now=begun).device == "iPhone · Safari"
    with pytest.raises(NotFoundError):
        handoffs.take(token=handoffs.offer(actor=wei, now=begun), device="", actor=ANONYMOUS, now=begun + HANDOFF_LIFE)


def test_of_many_phones_one_takes_an_offer_up(app: Flask) -> None:
    token = handoffs.offer(actor=user(WEI), now=noon())

    def take() -> bool:
        try:
            return bool(handoffs.take(token=token, device="", actor=ANONYMOUS, now=noon()))
        except NotFoundError:
            return False

    assert sum(crowd(app, [take] * 4)) == 1


def test_where_a_phone_goes_on_stays_on_this_site(client: FlaskClient) -> None:
    sign_in(client, WEI)
    link = offered_by(client, "//evil.example").split("?")[0]
    assert client.get(f"{link}?next=//evil.example").location == "/account"


def test_every_step_is_in_the_audit_trail(app: Flask) -> None:
    wei, now = user(WEI), noon()
    token = handoffs.offer(actor=wei, now=now)
    asked = handoffs.take(token=token, device="iPhone · Safari", actor=ANONYMOUS, now=now)
    handoffs.approve(token=token, number=asked.number, actor=wei, now=now)
    handoffs.use(secret=asked.secret, language="zh", actor=ANONYMOUS, now=now)
    done = session().scalars(select(AuditRow.operation).where(AuditRow.operation.startswith("handoff.")))
    assert sorted(done) == ["handoff.approve", "handoff.offer", "handoff.take", "handoff.use"]


def test_wechat_is_told_to_open_the_real_browser(client: FlaskClient) -> None:
    sign_in(client, WEI)
    agent = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"}
    assert "在浏览器打开" in client.get("/join/factory", headers=agent).text
    assert "在浏览器打开" not in client.get("/join/factory").text


def test_devices_are_called_by_what_they_say() -> None:
    assert device_words("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120") == "Windows · Edge"
    assert device_words("<script>") == ""
