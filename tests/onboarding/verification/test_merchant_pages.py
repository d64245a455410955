"""The pages of a merchant's joining, in both languages, and where she goes from there."""

import re

import pytest
from flask.testing import FlaskClient

from onboarding.verification.queries import merchant_of
from tests.cast import BO, LIN, MEI, WEI, YU, Person
from tests.onboarding.people import CODES, clerk, factory, merchant, post, sign_in, user
from tests.support.statements import statements

FORM = {"name": "薄荷家居", "uscc": CODES[1]}
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


def test_a_visitor_is_led_through_sign_in_and_back(client: FlaskClient) -> None:
    way = client.get(JOIN).location
    assert way == "/sign-in?next=/join/merchant"
    assert "开一家店铺" in client.get(way).text
    assert sign_in(client, BO, then=JOIN).location == JOIN
    page = client.get(JOIN).text
    assert re.findall(r'<input class="field-input"\s+id="(\w+)"', page) == ["name", "uscc"]
    assert post(client, JOIN, page=JOIN, **FORM).location == "/supply"
    face = merchant_of(user(BO))
    assert face
    assert (face.name, face.uscc) == ("薄荷家居", CODES[1])


def test_who_has_a_shop_goes_to_the_market(client: FlaskClient) -> None:
    merchant(BO)
    sign_in(client, BO)
    assert client.get(JOIN).location == "/supply"
    answer = post(client, JOIN, page="/account", **{**FORM, "uscc": CODES[2]})
    assert answer.status_code == 422
    assert "已经有一家店铺" in answer.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"uscc": "9133O201MA2AF5T26N"}, "第 5 位的字母 O"),
        ({"name": "薄"}, "店铺名称请填 2 到 60 个字"),
        ({"name": "薄荷🌿"}, "店铺名称里的“🌿”不能用"),
        ({"name": "123"}, "店铺名称里要有文字"),
        ({"kind": "factory"}, "几处填写需要修改"),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(client: FlaskClient, wrong: dict[str, str], said: str) -> None:
    sign_in(client, BO)
    answer = post(client, JOIN, page=JOIN, **{**FORM, **wrong})
    assert answer.status_code == 422
    assert said in answer.text or "kind" in wrong
    assert f'value="{wrong.get("name", FORM["name"])}"' in answer.text
    assert merchant_of(user(BO)) is None


def test_a_taken_code_is_refused_kindly_and_names_nobody(client: FlaskClient) -> None:
    factory(WEI, name="魏氏眼镜厂")
    sign_in(client, YU)
    answer = post(client, JOIN, page=JOIN, **{**FORM, "uscc": CODES[0]})
    assert "这个信用代码已经有人用过了" in answer.text
    assert "魏" not in answer.text


@pytest.mark.parametrize(("person", "filled"), [(WEI, True), (MEI, False)])
def test_a_factorys_owner_finds_her_code_filled_in(client: FlaskClient, person: Person, *, filled: bool) -> None:
    factory(WEI)
    clerk(MEI, WEI)
    sign_in(client, person)
    page = client.get(JOIN).text
    assert (CODES[0] in page) is filled
    assert ("已填上您工厂的信用代码" in page) is filled


def test_the_pages_speak_english(client: FlaskClient) -> None:
    client.post("/language", data={"lang": "en"})
    assert "Sell goods of factories" in client.get("/join").text
    sign_in(client, BO)
    page = client.get(JOIN).text
    assert "Open the shop and find goods" in page
    assert not re.search(r"[\u4e00-\u9fff]", page.replace("源头", "").replace("中文", ""))


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
