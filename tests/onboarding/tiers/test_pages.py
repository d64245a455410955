"""The pages of tiers: an owner's ladder, an operator's list and form, what a shopper reads."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from kernel.db import session
from kernel.files import Files
from kernel.permissions import Actor
from onboarding.tiers.models import Inspection
from onboarding.tiers.operations import ask_visit
from onboarding.tiers.rules import FINDINGS
from tests.cast import HUA, MEI, TAN, WEI
from tests.onboarding.people import QINGHE, begun, clerk, noon, operator, post, sign_in
from tests.onboarding.tiers.visits import day, mark, record
from tests.support.statements import statements

LADDER, ASK = "/factory/tier", "/factory/tier/visit"


def photo(*, side: int = 800) -> tuple[BytesIO, str]:
    """A picture as a phone takes it, with where it was taken."""
    file, told = BytesIO(), Image.Exif()
    told[0x8825] = {1: "N", 2: (32.0, 0.0, 0.0)}
    Image.new("RGB", (side, side), "white").save(file, "JPEG", exif=told)
    return BytesIO(file.getvalue()), "gate.jpg"


def tells(client: FlaskClient, owner: Actor, *, pictures: int = 2, **said: object) -> TestResponse:
    """An operator sends the form of a visit."""
    page = f"/ops/factories/{owner.memberships[0].organisation}/inspection"
    form = {"visited_on": day().isoformat(), **dict.fromkeys(FINDINGS, "yes"), "profile": mark(owner), **said}
    return post(client, page, page=page, **form, pictures=[photo() for _ in range(pictures)])


@pytest.fixture
def desk(client: FlaskClient, ready: Actor, tan: Actor) -> FlaskClient:
    """Tan's browser."""
    sign_in(client, TAN)
    return client


def test_an_owner_climbs_the_ladder_and_asks_for_a_visit(client: FlaskClient, ready: Actor) -> None:
    sign_in(client, WEI)
    assert LADDER in client.get("/factory").text
    assert "请人来验厂" in client.get(LADDER).text
    assert post(client, ASK, page=LADDER).location == LADDER
    assert "已列进平台的上门名单" in client.get(LADDER).text
    assert "已经在上门名单里了" in post(client, ASK, page=LADDER).text
    post(client, f"{ASK}/withdrawal", page=LADDER)
    assert "请人来验厂" in client.get(LADDER).text


def test_from_what_shoppers_read_an_owner_finds_back(client: FlaskClient, ready: Actor) -> None:
    assert f'href="{LADDER}"' not in client.get("/tiers").text
    sign_in(client, WEI)
    assert f'href="{LADDER}"' in client.get("/tiers").text


def test_what_is_missing_leads_to_where_it_is_done(client: FlaskClient, wei: Actor) -> None:
    sign_in(client, WEI)
    page = client.get(LADDER).text
    assert all(f'href="{place}"' in page for place in ("/factory/profile", "/factory/payout-account"))
    assert f'action="{ASK}"' not in page
    assert post(client, ASK, page="/account").status_code == 422


def test_a_clerk_reads_and_does_nothing(client: FlaskClient, ready: Actor) -> None:
    clerk(MEI, WEI)
    sign_in(client, MEI)
    page = client.get(LADDER).text
    assert "资料已核验" in page
    assert ASK not in page
    assert "/factory/payout-account" not in page
    assert post(client, ASK).status_code == 404


def test_an_operator_sees_who_waits_goes_and_tells(desk: FlaskClient, ready: Actor) -> None:
    ask_visit(actor=ready, now=noon())
    assert "丹阳明视眼镜厂" in desk.get("/ops/visits?belt=danyang-glasses").text
    assert "丹阳明视眼镜厂" not in desk.get(f"/ops/visits?belt={QINGHE}").text
    house = f"/ops/factories/{ready.memberships[0].organisation}"
    assert "厂主请人来验厂" in desk.get(house).text
    assert tells(desk, ready).location == house
    assert "没有人在等" in desk.get("/ops/visits").text
    assert "已验厂" in desk.get(house).text
    made = session().scalars(select(Inspection)).one()
    assert "是" in desk.get(f"/ops/inspections/{made.public_id}").text


def test_pictures_are_private_and_say_nothing_but_what_they_show(app: Flask, desk: FlaskClient, ready: Actor) -> None:
    tells(desk, ready, pictures=1)
    made = session().scalars(select(Inspection)).one()
    kept = app.extensions["ports"].get(Files).get(made.pictures)
    assert not dict(Image.open(BytesIO(kept)).getexif())
    url = f"/ops/inspections/{made.public_id}/pictures"
    shown = desk.get(f"{url}/1")
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert {desk.get(f"{url}/{place}").status_code for place in ("0", "2", "x", "-1")} == {404}
    sign_in(desk, WEI)
    assert desk.get(f"{url}/1").status_code == 404


@pytest.mark.parametrize(
    ("said", "pictures", "word"),
    [
        ({}, 0, "1 到 6 张"),
        ({}, 7, "1 到 6 张"),
        ({"visited_on": "2999-01-01"}, 1, "去过才能记"),
        ({"visited_on": "昨天"}, 1, "去过才能记"),
        ({"in_order": "perhaps"}, 1, "请选一个"),
        ({"in_order": "no"}, 1, "请写明哪里不符"),
    ],
)
def test_what_is_not_whole_is_told_beside_its_field(
    desk: FlaskClient, ready: Actor, said: dict[str, str], pictures: int, word: str
) -> None:
    answer = tells(desk, ready, pictures=pictures, note="", **said)
    assert answer.status_code == 422
    assert word in answer.text
    assert session().scalars(select(Inspection)).all() == []


def test_a_file_that_is_no_picture_is_refused(desk: FlaskClient, ready: Actor) -> None:
    page = f"/ops/factories/{ready.memberships[0].organisation}/inspection"
    form = {"visited_on": day().isoformat(), **dict.fromkeys(FINDINGS, "yes")}
    answer = post(desk, page, page=page, **form, pictures=[(BytesIO(b"%PDF-1.7"), "a.pdf")])
    assert (answer.status_code, "PDF" in answer.text) == (422, True)


def test_a_visit_is_withdrawn_with_a_reason(desk: FlaskClient, ready: Actor, hua: Actor) -> None:
    page = f"/ops/inspections/{record(hua, ready).public_id}"
    assert post(desk, f"{page}/withdrawal", page=page, reason="").status_code == 422
    assert post(desk, f"{page}/withdrawal", page=page, reason="去错了厂").location == page
    assert "去错了厂" in desk.get(page).text
    sign_in(desk, WEI)
    assert "去错了厂" in desk.get(LADDER).text


def test_a_picture_without_number_is_nowhere(desk: FlaskClient, ready: Actor, hua: Actor) -> None:
    pictures = f"/ops/inspections/{record(hua, ready).public_id}/pictures"
    assert {desk.get(f"{pictures}/{place}").status_code for place in ("0", "x", "9" * 5_000)} == {404}


def test_the_desk_of_elsewhere_sees_nothing_of_it(client: FlaskClient, ready: Actor, tan: Actor) -> None:
    made = record(tan, ready)
    ask = f"/ops/factories/{ready.memberships[0].organisation}/inspection"
    operator(HUA, scope_kind="belt", scope_value=QINGHE)
    sign_in(client, HUA)
    assert "丹阳明视眼镜厂" not in client.get("/ops/visits").text
    places = (ask, f"/ops/inspections/{made.public_id}", f"/ops/inspections/{made.public_id}/pictures/1")
    assert {client.get(place).status_code for place in places} == {404}
    assert post(client, ask).status_code == 404


def test_a_shopper_reads_what_is_not_promised_in_both_languages(client: FlaskClient) -> None:
    assert "不是质量认证" in client.get("/tiers").text
    assert "no certificate of quality" in client.get("/tiers?lang=en").text


@pytest.mark.parametrize(("url", "at_most"), [(LADDER, 8), ("/ops/visits", 7), ("/ops/factories/{}/inspection", 16)])
def test_pages_ask_few_questions(desk: FlaskClient, ready: Actor, tan: Actor, url: str, at_most: int) -> None:
    if url == LADDER:
        sign_in(desk, WEI)
    spent = []
    for again in range(2):
        record(tan, ready, back=again)
        with statements() as asked:
            assert desk.get(url.format(ready.memberships[0].organisation)).status_code == 200
        spent.append(len(asked))
    assert spent[1] <= spent[0] <= at_most, asked


def test_photographs_that_are_too_large_together_are_told_on_the_form(desk: FlaskClient, ready: Actor) -> None:
    url = f"/ops/factories/{ready.memberships[0].organisation}/inspection"
    head = b'--b\r\nContent-Disposition: form-data; name="pictures"; filename="a.jpg"\r\n\r\n\xff\xd8\xff'
    sent = {"data": head + bytes(22 << 20) + b"\r\n--b--\r\n", "content_type": "multipart/form-data; boundary=b"}
    answer = desk.post(url, **sent)
    assert (answer.status_code, "加起来超过 20 MB" in answer.text, "哪天去的" in answer.text) == (413, True, True)
    sign_in(desk, WEI)
    answer = desk.post(url, **sent)
    assert (answer.status_code, "哪天去的" in answer.text) == (413, False)


def test_a_ladder_of_a_draft_leads_nowhere_that_is_not_there_yet(client: FlaskClient) -> None:
    begun(WEI)
    sign_in(client, WEI)
    shown = client.get(LADDER).text
    assert "/factory/licence" not in shown
    assert "/factory/profile" not in shown
    assert "提交资料后再填" in shown
