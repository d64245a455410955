"""The pages of a merchant's joining, in both languages, and where she goes from there."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kernel.db import session
from kernel.permissions import SYSTEM
from onboarding.accounts.models import Organisation
from onboarding.licences.models import Licence
from onboarding.licences.operations import record_reading
from onboarding.verification import operations
from onboarding.verification.queries import seller_of
from tests.cast import BO, LIN, MEI, WEI, YU, Person
from tests.onboarding.people import (
    CODES,
    clerk,
    factory,
    merchant,
    noon,
    post,
    reading,
    said,
    shop_begun,
    sign_in,
    user,
)
from tests.support.goods import blank_photo
from tests.support.statements import statements

FORM = {"name": "薄荷家居", "uscc": CODES[1]}
READ = {"name": FORM["name"], "uscc": FORM["uscc"]}
JOIN = "/join/merchant"


def test_the_way_in_offers_both(client: FlaskClient) -> None:
    page = client.get("/join").text
    assert 'name="next" value="/join/factory"' in page
    assert 'name="next" value="/join/merchant"' in page
    assert "1%" in page
    sign_in(client, LIN)
    page = client.get("/join").text
    assert 'href="/join/factory"' in page
    assert 'href="/join/merchant"' in page


@pytest.mark.parametrize("kind", ["factory", "merchant"])
def test_the_photo_may_come_from_the_other_device(client: FlaskClient, kind: str) -> None:
    sign_in(client, LIN)
    page = client.get(f"/join/{kind}").text
    assert re.findall(r'/handoff/phone\?next=([^"]+)"', page) == [f"/join/{kind}"]


def show(client: FlaskClient) -> TestResponse:
    """Send a photo of the licence as the page does."""
    return post(client, f"{JOIN}/licence", page=JOIN, licence=(BytesIO(blank_photo()), "执照.jpg"))


def read(**how: Any) -> None:  # noqa: ANN401  what a reading is made of
    """The worker has read the newest photo."""
    photo = session().scalars(select(Licence.public_id).order_by(Licence.id.desc()).limit(1)).one()
    record_reading(actor=SYSTEM, licence=photo, reading=reading(**{**READ, **how}), now=noon())


def form(**told: str) -> dict[str, str]:
    """What the form sends when nothing is missing."""
    return {**FORM, "agreement": said(kind="merchant").agreement, **told}


def test_one_photo_and_one_look_open_a_shop(client: FlaskClient) -> None:
    way = client.get(JOIN).location
    assert way == "/sign-in?next=/join/merchant"
    assert "开一家店铺" in client.get(way).text
    assert sign_in(client, BO, then=JOIN).location == JOIN
    assert show(client).location == JOIN
    assert client.get(JOIN).headers["Refresh"] == "2"
    read()
    page = client.get(JOIN).text
    for value in ("核对店铺资料", *FORM.values()):
        assert value in page
    for unasked in ('name="belt"', 'name="ways"', "价目表"):
        assert unasked not in page
    assert post(client, JOIN, page=JOIN, **form()).location == "/supply"
    assert "店铺开好了" in client.get("/supply").text
    assert client.get(JOIN).location == "/merchant"


def test_what_has_to_be_looked_at_waits_and_the_day_says_so(client: FlaskClient) -> None:
    sign_in(client, BO)
    show(client)
    read(confidence=0.5)
    assert post(client, JOIN, page=JOIN, **form()).location == "/merchant"
    page = client.get("/merchant").text
    assert "资料已提交" in page
    assert "排队等审核" in page
    assert "平台在处理" in page
    slug = session().scalars(select(Organisation.slug)).one()
    for address in (f"/m/{slug}", f"/m/{slug}/licence"):
        assert client.get(address).status_code == 404


def test_who_has_no_licence_at_hand_looks_at_the_goods(client: FlaskClient) -> None:
    sign_in(client, BO)
    assert post(client, f"{JOIN}/later", page=JOIN).location == "/supply"
    assert "费率" in client.get("/supply").text  # nobody is led away, though no rates are published here
    page = client.get("/merchant").text
    assert "只要这一张照片" in page
    assert 'href="/join/merchant"' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"uscc": "9133O201MA2AF5T26N"}, "第 5 位的字母 O"),
        ({"name": "薄"}, "店铺名称请填 2 到 60 个字"),
        ({"name": "薄荷🌿"}, "店铺名称里的“🌿”不能用"),
        ({"agreement": ""}, "请"),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(client: FlaskClient, wrong: dict[str, str], said: str) -> None:
    shop_begun(BO)
    sign_in(client, BO)
    answer = post(client, JOIN, page=JOIN, **form(**wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{wrong.get("name", FORM["name"])}"' in answer.text
    assert seller_of(user(BO), "merchant") is None


def test_a_taken_code_is_refused_kindly_names_nobody_and_can_be_claimed(client: FlaskClient) -> None:
    factory(WEI, name="魏氏眼镜厂")
    shop_begun(YU, uscc=CODES[0])
    sign_in(client, YU)
    answer = post(client, JOIN, page=JOIN, **form(uscc=CODES[0]))
    assert "这个信用代码已经有人用了" in answer.text
    assert 'formaction="/join/merchant/claim"' in answer.text
    assert "魏" not in answer.text
    claimed = post(client, f"{JOIN}/claim", page=JOIN, **form(uscc=CODES[0]), words="这是我的执照")
    assert claimed.location == JOIN
    assert f"您在认领代码 {CODES[0]}" in client.get(JOIN).text


def test_the_pages_speak_english(client: FlaskClient) -> None:
    client.post("/language", data={"lang": "en"})
    assert "Sell goods of factories" in client.get("/join").text
    shop_begun(BO, name="Mint Living")
    sign_in(client, BO)
    for path, words in ((JOIN, "Open the shop"), ("/merchant", "Check the details, accept the agreement")):
        page = client.get(path).text
        assert words in page
        assert not re.search(r"[\u4e00-\u9fff]", re.sub("新店铺|源头|中文|薄亮|薄", "", page))


def test_the_account_page_leads_to_each_workplace(client: FlaskClient) -> None:
    factory(WEI)
    sign_in(client, WEI)
    page = client.get("/account").text
    assert 'href="/factory"' in page
    assert 'href="/join/merchant"' in page
    merchant(WEI, uscc=CODES[0], name="明视直营店")
    page = client.get("/account").text
    assert 'href="/factory"' in page
    assert 'href="/merchant"' in page
    assert page.count('href="/join/merchant"') == 1  # the foot of every page


@pytest.mark.parametrize(
    ("person", "then", "place"),
    [
        (BO, "", "/merchant"),
        (MEI, "", "/merchant"),
        (WEI, "", "/factory"),
        (LIN, "", "/account"),
        (YU, "", "/account"),  # a factory and a shop: which one is for her to say
        (BO, "/cart", "/cart"),
        (BO, "//evil.example", "/merchant"),
    ],
)
def test_after_sign_in_one_goes_to_ones_only_workplace(
    client: FlaskClient, person: Person, then: str, place: str
) -> None:
    factory(WEI)
    merchant(BO)
    clerk(MEI, BO)
    factory(YU, uscc=CODES[2])
    merchant(YU, uscc=CODES[2], name="余家直营店")
    assert sign_in(client, person, then=then).location == place
    assert client.get(f"/sign-in?next={then}").location == place


def test_a_merchant_does_not_land_on_a_factorys_desk(client: FlaskClient) -> None:
    merchant(BO)
    sign_in(client, BO)
    for path in ("/factory", "/factory/orders", "/factory/merchants", "/factory/listings", "/factory/statement"):
        assert client.get(path).status_code == 404


def test_a_person_of_both_sees_each_name_at_its_desk(client: FlaskClient) -> None:
    merchant(WEI, uscc=CODES[0], name="明视直营店")
    factory(WEI)
    sign_in(client, WEI)
    page = client.get("/factory").text
    assert "丹阳明视眼镜厂" in page
    assert "明视直营店" not in page


def test_the_form_asks_little_of_the_database(client: FlaskClient) -> None:
    sign_in(client, BO)
    client.get(JOIN)
    with statements() as asked:
        client.get(JOIN)
    assert len(asked) <= 3, asked
    shop_begun(BO)
    with statements() as asked:
        client.get(JOIN)
    assert len(asked) <= 6, asked


@pytest.mark.parametrize(
    ("name", "read", "why"),
    [("薄荷家居", {}, "店名和别家有点像"), ("青柠家居", {"name": "青檬家居"}, "照片或填的内容")],
)
def test_who_is_not_let_in_at_once_is_told_why(client: FlaskClient, name: str, read: dict[str, str], why: str) -> None:
    factory(WEI, name="薄荷家居厂")
    shop_begun(BO, uscc=CODES[1], **{"name": name, **read})
    operations.hand_in(actor=user(BO), said=said(kind="merchant", name=name, uscc=CODES[1]), now=noon())
    sign_in(client, BO)
    shown = client.get("/merchant").text
    assert why in shown
    assert "薄荷家居厂" not in shown


def test_who_bears_the_very_name_of_another_is_told_so(client: FlaskClient) -> None:
    factory(WEI, name="薄荷家居")
    shop_begun(BO, uscc=CODES[1], name="薄荷家居")
    operations.hand_in(actor=user(BO), said=said(kind="merchant", name="薄荷家居", uscc=CODES[1]), now=noon())
    sign_in(client, BO)
    assert "店名和别家有点像" in client.get("/merchant").text
