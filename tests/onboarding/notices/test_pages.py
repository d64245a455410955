"""A right holder by her phone, a seller by hers, an operator: pages, files, and what strangers find."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kernel.db import session
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import Listing
from onboarding.moderation.models import Case
from onboarding.notices.models import Notice, NoticeEvidence
from onboarding.offers.operations import open_own_offers
from tests.cast import BO, NOW, YU
from tests.onboarding.notices.rights import TOLD, WORDS, at_home, case_of, in_force, on_sale
from tests.onboarding.notices.test_guards import PDF
from tests.storefront.conftest import app, browser_of
from tests.support.goods import blank_photo, make_factory, make_merchant, make_resale

__all__ = ["app"]


def photo() -> tuple[BytesIO, str]:
    return BytesIO(blank_photo()), "图.jpg"


def form(listing: Listing, **changes: object) -> dict[str, object]:
    told = {name: getattr(TOLD, name) for name in TOLD.__slots__}
    files = {"identity": photo(), "right": (BytesIO(PDF), "证.pdf"), "infringement": photo()}
    return told | files | {"links": f"https://y.example/goods/{listing.public_id}", "promise": "1"} | changes


def send(browser: FlaskClient, listing: Listing, **changes: object) -> TestResponse:
    return browser.post("/rights/new", data=form(listing, **changes), content_type="multipart/form-data")


@pytest.fixture
def hers(app: Flask, lin: Actor) -> FlaskClient:
    return browser_of(app, lin)


def test_a_notice_has_a_number_and_a_place_to_look_it_up(hers: FlaskClient, scarf: Listing) -> None:
    answer = send(hers, scarf)
    [notice] = session().scalars(select(Notice)).all()
    assert answer.location == f"/rights/notices/{notice.public_id}"
    receipt = hers.get(answer.location).text
    assert all(said in receipt for said in ("IP1001", "等平台审查", scarf.title))
    assert notice.number in hers.get("/rights/notices").text


def test_all_that_is_wrong_is_told_at_once(hers: FlaskClient, scarf: Listing) -> None:
    links = (
        f"https://y.example/\nhttps://y.example/goods/{scarf.public_id}\nhttps://y.example/goods/lst_22222222222222aa"
    )
    answer = send(hers, scarf, name="", links=links, right=(BytesIO(b"%PDF-1.7 half"), "证.pdf"))
    assert answer.status_code == 422
    wrong = set(re.findall(r'id="(\w+)-error"', answer.text))
    assert wrong == {"name", "links", "right"}
    assert "第 1、3 行没有找到在售商品" in answer.text
    assert TOLD.statement in answer.text


def test_goods_of_a_merchant_are_named_without_their_maker(
    app: Flask, hers: FlaskClient, wei: Actor, scarf: Listing
) -> None:
    held = make_resale(make_merchant(BO), scarf)
    answer = send(hers, scarf, links=f"https://y.example/m/shop/{held.public_id}-x")
    receipt = hers.get(answer.location).text
    assert scarf.title in receipt
    assert scarf.public_id not in receipt
    assert wei.memberships[0].name not in receipt


def test_a_seller_reads_the_name_and_not_how_it_is_reached(
    app: Flask, lin: Actor, tan: Actor, wei: Actor, scarf: Listing
) -> None:
    notice = in_force(lin, tan, scarf)
    shown = browser_of(app, wei).get(f"/factory/notices/{notice}").text
    assert TOLD.name in shown
    assert TOLD.statement in shown
    assert "13900001111" not in shown
    assert lin.name not in shown


def test_strangers_find_nothing(app: Flask, lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    notice, yu = in_force(lin, tan, scarf), browser_of(app, at_home(make_factory(YU)))
    evidence = session().scalars(select(NoticeEvidence.public_id)).all()
    pages = [
        f"/factory/notices/{notice}",
        f"/rights/notices/{notice}",
        *(f"/rights/evidence/{one}" for one in evidence),
    ]
    assert {yu.get(page).status_code for page in pages} == {404}
    assert {app.test_client().get(page).status_code for page in pages} == {302}
    assert browser_of(app, wei).get(f"/rights/notices/{notice}").status_code == 404
    assert notice not in yu.get("/factory/notices").text


def test_a_pdf_is_handed_out_as_a_file(app: Flask, hers: FlaskClient, scarf: Listing) -> None:
    send(hers, scarf)
    for one in session().scalars(select(NoticeEvidence)):
        answer = hers.get(f"/rights/evidence/{one.public_id}")
        assert answer.mimetype == {"pdf": "application/pdf", "jpeg": "image/jpeg"}[one.media]
        assert answer.headers["Cache-Control"] in {"private", "no-store"}
        assert ("attachment" in answer.headers.get("Content-Disposition", "")) == (one.media == "pdf")


def test_an_operator_decides_by_her_page(app: Flask, hers: FlaskClient, tan: Actor, scarf: Listing) -> None:
    send(hers, scarf)
    notice = session().scalars(select(Notice.public_id)).one()
    place, operator = f"/ops/cases/{case_of(notice)}", browser_of(app, replace(tan, roles=frozenset()))
    shown = operator.get(place).text
    assert TOLD.contact in shown
    evidence = re.findall(rf"{place}/evidence/evd_\w+", shown)
    assert [operator.get(one).status_code for one in evidence] == [200] * 3
    assert "没有勾选要停售的商品" in operator.post(f"{place}/approval").text
    assert operator.post(f"{place}/approval", data={"goods": scarf.public_id}).status_code == 302
    assert not on_sale(scarf)
    assert "goods" not in re.findall(r'name="(\w+)"', operator.get(place).text)


def test_a_seller_answers_by_her_page(app: Flask, lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    notice, browser = in_force(lin, tan, scarf), browser_of(app, wei)
    place = f"/factory/notices/{notice}"
    assert browser.post(f"{place}/counter", data={"words": WORDS}).status_code == 422
    told = {"words": WORDS, "promise": "1", "counter": photo()}
    answer = browser.post(f"{place}/counter", data=told, content_type="multipart/form-data")
    assert answer.location == place
    assert "声明已收到，平台看过就转送权利人" in browser.get(place).text
    assert WORDS not in browser_of(app, lin).get(f"/rights/notices/{notice}").text
    assert session().scalars(select(Case).where(Case.state == "open")).one().subject == notice


def test_what_is_published_names_nobody(app: Flask, lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    in_force(lin, tan, scarf)
    shown = app.test_client().get("/rights/published").text
    assert all(said in shown for said in ("IP1001", "商标权", scarf.title, "已采取措施"))
    hidden = (TOLD.name, TOLD.statement, TOLD.contact, TOLD.right_number, wei.memberships[0].name, lin.name)
    assert not [one for one in hidden if one in shown]


def test_so_many_a_day_are_enough(hers: FlaskClient, scarf: Listing) -> None:
    assert {send(hers, scarf, links="x").status_code for _ in range(10)} == {422}
    assert send(hers, scarf).status_code == 429


def test_goods_on_sale_lead_to_the_report_of_their_own(app: Flask, hers: FlaskClient, scarf: Listing) -> None:
    open_own_offers(actor=SYSTEM, listing=scarf.public_id, now=NOW)
    assert f"/reports/new?goods={scarf.public_id}" in hers.get(f"/goods/{scarf.public_id}", follow_redirects=True).text
    told = {"goods": scarf.public_id, "reason": "unlike", "words": "不是羊绒", "pictures": photo()}
    answer = hers.post("/reports/new", data=told, content_type="multipart/form-data")
    assert answer.location == f"/goods/{scarf.public_id}"
    again = hers.post("/reports/new", data=told | {"pictures": photo()}, content_type="multipart/form-data")
    assert "您举报过这件商品" in again.text
    assert hers.post("/reports/new", data={"goods": "lst_nothing"}).status_code == 404
    refused = hers.post("/reports/new", data={"goods": scarf.public_id, "pictures": (BytesIO(b"MZ"), "x.exe")})
    assert refused.status_code == 422
