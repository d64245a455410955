"""A factory's desk of merchants: what it shows, what its buttons do, for whom it does not exist."""

import re

import pytest
from flask.testing import FlaskClient

from kernel.db import session
from onboarding.admissions import operations
from onboarding.admissions.queries import PAGE, is_admitted, standing
from tests.cast import BO, LIN, MEI, TAN, WEI, YU, Person
from tests.onboarding.admissions.conftest import Trade
from tests.onboarding.people import CODES, QINGHE, clerk, factory, noon, operator, post, sign_in
from tests.support.goods import make_merchant
from tests.support.statements import statements

DESK = "/factory/merchants"
DEEDS = ("admission", "refusal", "ending")


def here(admission: str) -> str:
    return f"{DESK}/{admission}"


def now_in(trade: Trade) -> str:
    session().rollback()
    return standing(trade.keys[1], [trade.keys[0]])[trade.keys[0]]


def test_who_asks_is_seen_first_with_her_words(client: FlaskClient, trade: Trade) -> None:
    admission = trade.ask()
    sign_in(client, WEI)
    page = client.get(DESK).text
    for part in ("薄荷家居", CODES[1], "抖音店，月销三千单", "待答复", f'action="{here(admission)}/admission"'):
        assert part in page
    assert BO.phone not in page


def test_an_owner_admits_from_the_list(client: FlaskClient, trade: Trade) -> None:
    admission = trade.ask()
    sign_in(client, WEI)
    assert post(client, f"{here(admission)}/admission", page=DESK).location == DESK
    assert is_admitted(*trade.keys)
    page = client.get(DESK).text
    assert "已同意供货" in page
    assert "合作开始" in page  # nobody waits, so the list opens at those who are supplied
    assert "没有等您答复的商家" in client.get(f"{DESK}?state=asked").text


@pytest.mark.parametrize(("state", "deed", "then"), [("asked", "refusal", "refused"), ("admitted", "ending", "ended")])
def test_an_owner_says_no_with_a_reason(client: FlaskClient, trade: Trade, state: str, deed: str, then: str) -> None:
    admission = trade.bring(state)
    sign_in(client, WEI)
    url = f"{here(admission)}/{deed}"
    short = post(client, url, page=here(admission), reason="否")
    assert short.status_code == 422
    assert "请写明原因" in short.text
    assert ">否</textarea>" in short.text
    assert now_in(trade) == state
    assert post(client, url, page=here(admission), reason="产能排到年底了").location == DESK
    assert now_in(trade) == then
    assert "产能排到年底了" in client.get(f"{DESK}?state=other").text
    assert "产能排到年底了" in client.get(here(admission)).text


def test_a_stale_button_is_told(client: FlaskClient, trade: Trade) -> None:
    admission = trade.bring("refused")
    sign_in(client, WEI)
    for deed in DEEDS:
        answer = post(client, f"{here(admission)}/{deed}", page="/account", reason="因为所以")
        assert answer.status_code == 422
        assert "合作状态已经变了" in answer.text
    assert now_in(trade) == "refused"


def test_a_clerk_sees_and_decides_nothing(client: FlaskClient, trade: Trade) -> None:
    admission = trade.ask()
    clerk(MEI, WEI)
    sign_in(client, MEI)
    for page in (client.get(DESK).text, client.get(here(admission)).text):
        assert "薄荷家居" in page
        assert not re.search(f'action="{here(admission)}', page)
    said = {post(client, f"{here(admission)}/{deed}", page="/account", reason="因为所以").status_code for deed in DEEDS}
    assert said == {404}


@pytest.mark.parametrize("person", [BO, LIN, YU, TAN])
def test_a_stranger_finds_nothing(client: FlaskClient, trade: Trade, person: Person) -> None:
    admission = trade.ask()
    if person is YU:
        factory(YU, uscc=CODES[2], belt=QINGHE)
    if person is TAN:
        operator(TAN)
    sign_in(client, person)
    assert client.get(DESK).status_code == (200 if person is YU else 404)
    assert person is not YU or "薄荷家居" not in client.get(f"{DESK}?state=asked").text
    assert client.get(here(admission)).status_code == 404
    said = {post(client, f"{here(admission)}/{deed}", page="/account", reason="因为所以").status_code for deed in DEEDS}
    assert said == {404}
    assert now_in(trade) == "asked"


@pytest.mark.parametrize("query", ["?state=everything", "?after=" + "a" * 41])
def test_a_strange_filter_is_refused(client: FlaskClient, trade: Trade, query: str) -> None:
    sign_in(client, WEI)
    assert client.get(DESK + query).status_code == 422


def ask_many(trade: Trade, count: int) -> None:
    for number in range(count):
        shop = make_merchant(Person("店主", f"1390013{number:04d}", ""), name=f"第{number:03d}店")
        operations.ask(actor=shop, factory=trade.factory, words="", now=noon())


def test_many_are_paged_and_cost_no_more_statements(client: FlaskClient, trade: Trade) -> None:
    ask_many(trade, 2)
    sign_in(client, WEI)
    client.get(DESK)
    with statements() as few:
        client.get(DESK)
    ask_many(trade, PAGE)
    with statements() as many:
        page = client.get(DESK).text
    assert len(few) == len(many) <= 5, many
    first = re.findall(r"第\d+店", page)
    following = re.search(r'rel="next"\s+href="([^"]+)"', page)
    assert following
    rest = re.findall(r"第\d+店", client.get(following[1].replace("&amp;", "&")).text)
    assert (len(first), len(rest)) == (PAGE, 2)


@pytest.mark.parametrize("state", ["asked", "admitted", "refused", "ended"])
def test_the_desk_speaks_english(client: FlaskClient, trade: Trade, state: str) -> None:
    admission = trade.bring(state)
    client.post("/language", data={"lang": "en"})
    sign_in(client, WEI)
    tab = state if state in {"asked", "admitted"} else "other"
    for url in (f"{DESK}?state={tab}", here(admission)):
        page = client.get(url).text
        assert "Merchants" in page
        assert "Shop opened" in page
        for label in ("开店时间", "合作商家", "申请时间", "答复", "终止合作", "合作开始", "已合作", "未同意"):
            assert label not in page
