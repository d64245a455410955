"""An owner hands a certificate in by her phone, an operator compares it with its photo; nobody else sees that."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM, Actor
from onboarding.certificates.models import Certificate
from onboarding.certificates.operations import revoke, run_out
from onboarding.certificates.queries import goods_of
from onboarding.listings.models import Listing
from onboarding.moderation.models import Case
from onboarding.verification.models import Application
from tests.cast import BO, NOW, YU
from tests.support.certificates import certificate_of, confirmed_of
from tests.support.goods import blank_photo, make_factory, make_merchant, signed_in

FORM = {
    "kind": "sc",
    "number": "sc 1143 5052 400015",
    "holder": "魏国强羊绒厂",
    "factory": "",
    "scope": "茶叶",
    "valid_from": "",
    "valid_until": "2029-01-01",
}
PLACE = "/factory/certificates"


def send(browser: FlaskClient, *, photo: bytes = b"", **changes: object) -> tuple[int, str]:
    data = FORM | {"photo": (BytesIO(photo or blank_photo()), "证书.jpg")} | changes
    answer = browser.post(PLACE, data=data, content_type="multipart/form-data")
    return answer.status_code, answer.text


def held() -> Certificate:
    session().rollback()
    return session().scalars(select(Certificate)).one()


def test_goods_say_what_they_need_and_where_to_hand_it_in(app: Flask, wei: Actor, tea: Listing) -> None:
    browser = signed_in(app, wei)
    place = f"/factory/listings/{tea.public_id}"
    shown = browser.get(place).text
    assert "食品生产许可证：没有交" in shown
    assert f'href="{PLACE}?kind=sc"' in shown
    refused = browser.post(f"{place}/submission")
    assert (refused.status_code, "要有食品生产许可证才能上架" in refused.text) == (422, True)
    assert send(browser)[0] == 303
    assert "食品生产许可证：交了，还没核对" in browser.get(place).text
    assert browser.post(f"{place}/submission").status_code == 303


def test_a_certificate_is_kept_as_it_was_told(app: Flask, wei: Actor, tea: Listing) -> None:
    browser = signed_in(app, wei)
    assert send(browser, goods=tea.public_id)[0] == 303
    one = held()
    assert (one.kind, one.number, one.state, one.covers_all) == ("sc", "SC11435052400015", "waiting", False)
    assert goods_of(one.id) == {tea.id}
    shown = browser.get(PLACE).text
    assert "SC11435052400015" in shown
    assert browser.get(f"{PLACE}/{one.public_id}/photo").mimetype == "image/jpeg"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": "SC11435052400016"}, "最后一位对不上"),
        ({"number": "QS123"}, "编号的样子是"),
        ({"scope": ""}, "这一项不能空着"),
        ({"valid_until": "2020-01-01"}, "已经过期了"),
        ({"valid_until": "明年"}, "field-error"),
        ({"kind": "gold"}, "field-error"),
        ({"goods": "lst_elsewhere"}, "请从列出的选项里选一个"),
        ({"photo": b"no picture"}, "field-error"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    app: Flask, wei: Actor, changes: dict[str, Any], said: str
) -> None:
    status, shown = send(signed_in(app, wei), **changes)
    assert (status, said in shown, "魏国强羊绒厂" in shown) == (422, True, True)
    assert session().scalars(select(Certificate)).all() == []


def test_nobody_else_sees_the_photo_or_the_page(app: Flask, wei: Actor) -> None:
    certificate = certificate_of(app, wei)
    for stranger in (make_factory(YU), make_merchant(BO)):
        assert signed_in(app, stranger).get(f"{PLACE}/{certificate}/photo").status_code == 404
    assert signed_in(app, make_merchant(BO)).get(PLACE).status_code == 404


def test_an_operator_compares_it_and_confirms(app: Flask, wei: Actor, tan: Actor) -> None:
    certificate_of(app, wei)
    case = session().scalars(select(Case.public_id)).one()
    browser = signed_in(app, tan)
    shown = browser.get(f"/ops/cases/{case}").text
    assert all(part in shown for part in ("SC11435052400015", "食品安全法", "没有发现问题", f"{case}/certificate"))
    assert browser.get(f"/ops/cases/{case}/certificate").mimetype == "image/jpeg"
    assert browser.post(f"/ops/cases/{case}/approval").status_code in {302, 303}
    assert held().state == "confirmed"


def test_an_operator_is_told_what_goods_lack_and_by_which_law(app: Flask, wei: Actor, tan: Actor, tea: Listing) -> None:
    certificate_of(app, wei)
    signed_in(app, wei).post(f"/factory/listings/{tea.public_id}/submission")
    case = session().scalars(select(Case.public_id).where(Case.subject == tea.public_id)).one()
    shown = signed_in(app, tan).get(f"/ops/cases/{case}?lang=en").text
    assert "Food Safety Law, article 35" in shown
    assert "handed in, not checked yet" in shown


def test_everybody_reads_the_number_on_the_goods_and_nobody_before_it_holds(
    app: Flask, wei: Actor, tan: Actor, tea: Listing
) -> None:
    certificate_of(app, wei)
    signed_in(app, wei).post(f"/factory/listings/{tea.public_id}/submission")
    cases = session().scalars(select(Case.public_id).order_by(Case.id)).all()
    for case in cases:
        signed_in(app, tan).post(f"/ops/cases/{case}/approval")
    shown = app.test_client().get(f"/goods/{tea.public_id}", follow_redirects=True).text
    assert re.search(r"食品生产许可证</dt>\s*<dd>SC11435052400015", shown)
    with transaction():
        session().execute(update(Certificate).values(valid_until=date(2025, 1, 1)))
    assert "SC11435052400015" not in app.test_client().get(f"/goods/{tea.public_id}", follow_redirects=True).text


def test_an_operator_revokes_what_was_confirmed_with_a_reason(app: Flask, wei: Actor, tan: Actor) -> None:
    certificate_of(app, wei)
    case = session().scalars(select(Case.public_id)).one()
    browser = signed_in(app, tan)
    browser.post(f"/ops/cases/{case}/approval")
    assert "撤销这张证书" in browser.get(f"/ops/cases/{case}").text
    browser.post(f"/ops/cases/{case}/certificate-revocation", data={"reason": ""})
    assert held().state == "confirmed"
    browser.post(f"/ops/cases/{case}/certificate-revocation", data={"reason": "编号在官网查不到"})
    assert (held().state, held().reason) == ("revoked", "编号在官网查不到")


def test_one_that_waits_is_taken_back_and_its_case_with_it(app: Flask, wei: Actor, tea: Listing) -> None:
    browser = signed_in(app, wei)
    send(browser)
    one = held().public_id
    assert signed_in(app, make_factory(YU)).post(f"{PLACE}/{one}/withdrawal").status_code == 404
    assert browser.post(f"{PLACE}/{one}/withdrawal").status_code == 303
    assert (held().state, session().scalars(select(Case.state)).one()) == ("withdrawn", "dropped")
    assert browser.post(f"{PLACE}/{one}/withdrawal").status_code == 422
    assert (send(browser)[0], held().state) == (303, "waiting")


def test_the_same_number_again_is_said_to_owner_and_operator(app: Flask, wei: Actor, tan: Actor, tea: Listing) -> None:
    browser = signed_in(app, wei)
    send(browser)
    assert "还交过" not in browser.get(PLACE).text
    send(browser, valid_until="2031-01-01")
    assert "这个编号您还交过 1 张" in browser.get(PLACE).text
    case = session().scalars(select(Case.public_id).order_by(Case.id.desc())).first()
    assert "这家工厂还交过同一个编号：魏国强羊绒厂 2029-01-01" in signed_in(app, tan).get(f"/ops/cases/{case}").text


@pytest.mark.parametrize(("end", "said"), [("expired", "要用的证书过期了"), ("revoked", "要用的证书被撤销了")])
def test_goods_off_sale_say_what_became_of_their_certificate(
    app: Flask, wei: Actor, tea: Listing, end: str, said: str
) -> None:
    licence = confirmed_of(wei)
    with transaction():
        session().execute(update(Listing).where(Listing.id == tea.id).values(state="published", needs="sc"))
    if end == "revoked":
        revoke(actor=SYSTEM, certificate=licence.public_id, reason="编号查不到", now=NOW)
    else:
        run_out(actor=SYSTEM, now=NOW + timedelta(days=365 * 3))
    browser = signed_in(app, wei)
    shown = browser.get(f"/factory/listings/{tea.public_id}").text
    assert (held().state, said in shown) == (end, True)
    assert "商品因证书停售" in browser.get("/factory").text


def test_the_desk_finds_the_certificate_from_the_goods(app: Flask, wei: Actor, tan: Actor, tea: Listing) -> None:
    confirmed_of(wei)
    with transaction():
        session().execute(update(Listing).where(Listing.id == tea.id).values(state="published", needs="sc"))
        session().execute(update(Application).values(scope="服装、针织品"))
    case = session().scalars(select(Case.public_id)).one()
    desk = signed_in(app, tan)
    assert f'href="/ops/cases/{case}"' in desk.get(f"/ops/goods/{tea.public_id}").text
    assert "服装、针织品" in desk.get(f"/ops/cases/{case}").text


def test_the_form_says_what_each_kind_needs(app: Flask, wei: Actor) -> None:
    shown = signed_in(app, wei).get(f"{PLACE}?kind=sc").text
    assert "3C 认证证书、食品生产许可证、消毒产品卫生许可证必填" in shown
    assert shown.count("选填") == 1
