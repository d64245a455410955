"""What is offered while somebody types: the right things, by every spelling, and only what may be shown."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from kernel.db import session, transaction
from onboarding.verification.models import Application
from storefront.demand import suggestions
from storefront.demand.journal import Journal
from storefront.demand.names import Name, best, named
from storefront.demand.suggestions import MOST, Directory, Words
from storefront.search.index import Index
from storefront.search.rules import Facets, Query, Result
from tests.cast import FANG
from tests.storefront.demand.conftest import Seek
from tests.support.goods import make_factory, make_listing
from tests.support.statements import statements

LINE = re.compile(r'<a class="suggest-line".*?href="([^"]*)".*?><span>(.*?)</span>', re.DOTALL)
MARK = re.compile(r"</?mark[^>]*>")
HOSTILE = ["", " ", "a" * 10_000, "羊" * 10_000, "\u202e巾围\u202c", "<script>", "'\" OR 1=1 --", "((((a+)+)+)+)+$"]
HOSTILE += ["😀😀", "%s%(x)s{0}", "﷽" * 200, "\u0000", "=1+1", "../..", "\u200b"]


def offered(browser: FlaskClient, text: str, language: str = "zh") -> dict[str, str]:
    asked = {"q": text, "lang": language}
    page = browser.get("/factory-goods/suggestions", query_string=asked)
    assert page.status_code == 200
    return {MARK.sub("", label): address for address, label in LINE.findall(page.text)}


@pytest.mark.parametrize("text", ["清河", "qinghe", "qhyr", "羊rong", "羊绒", "QINGHE"])
def test_a_belt_is_offered_by_characters_sound_and_initials(browser: FlaskClient, text: str) -> None:
    assert offered(browser, text)["河北·清河羊绒"] == "/belts/qinghe-cashmere"


@pytest.mark.parametrize(("text", "label"), [("针织", "服饰针织"), ("zhenzhi", "服饰针织"), ("fszz", "服饰针织")])
def test_a_category_is_offered_by_its_own_name(browser: FlaskClient, text: str, label: str) -> None:
    assert offered(browser, text)[label].startswith("/factory-goods?category=")


def test_in_english_names_are_english(browser: FlaskClient) -> None:
    assert any(address == "/belts/qinghe-cashmere" for address in offered(browser, "cashmere", "en").values())
    assert not [label for label in offered(browser, "sun", "en") if not label.isascii()]


def test_a_factory_is_offered_while_it_trades_and_not_a_moment_longer(browser: FlaskClient) -> None:
    assert offered(browser, "魏国强")["魏国强羊绒厂"].startswith("/f/")
    with transaction():
        session().execute(update(Application).values(state="suspended", reason="执照过期"))
    assert "魏国强羊绒厂" not in offered(browser, "魏国强")


def test_a_factory_that_has_nothing_to_show_is_not_offered(browser: FlaskClient) -> None:
    factory = make_factory(FANG)
    assert "方静羊绒厂" not in offered(browser, "方静")
    make_listing(factory)
    browser.application.extensions["names"] = Directory()
    assert "方静羊绒厂" in offered(browser, "方静")


class Silent:
    def suggest(self, text: str, *, limit: int) -> tuple[str, ...]:  # noqa: ARG002  it knows no words
        return ()


@pytest.mark.parametrize("text", ["酒", "丹阳", "鞋", "隐形"])
def test_what_has_no_goods_is_not_offered(browser: FlaskClient, text: str) -> None:
    assert offered(browser, text) == {}


def test_how_many_goods_there_are_stands_beside_each(browser: FlaskClient) -> None:
    page = browser.get("/factory-goods/suggestions?q=清河").text
    assert re.search(r'<mark class="suggest-hit">清河</mark>羊绒</span> <span class="chip-count">\d+ 件</span>', page)


def test_before_anything_is_typed_the_fullest_categories_are_offered(browser: FlaskClient) -> None:
    assert offered(browser, "")["服饰针织"].startswith("/factory-goods?category=")


@pytest.mark.parametrize(
    ("text", "word"),
    [("scarf", "scarf"), ("sca", "scarf"), ("cashm", "cashmere"), ("围巾 羊", "围巾 羊绒")],
)
def test_english_words_and_second_words_go_on(browser: FlaskClient, text: str, word: str) -> None:
    assert word in offered(browser, text)


def test_a_second_word_is_offered_only_where_goods_have_both(browser: FlaskClient) -> None:
    assert not [label for label in offered(browser, "太阳镜 羊") if label.startswith("太阳镜 ")]


def test_a_known_english_word_begins_no_other() -> None:
    sockets, socks = named("a", "插座开关", "Sockets and switches"), named("b", "棉袜", "Socks")
    assert [name.key for name in best([sockets, socks], "sock", 3)] == ["b"]
    assert [name.key for name in best([sockets, socks], "socke", 3)] == ["a"]
    assert [name.key for name in best([sockets, socks], "switch", 3)] == ["a"]


class Emptied:
    def search(self, query: Query) -> Result:  # noqa: ARG002  it holds nothing
        return Result((), 0, Facets(), "none")


@pytest.mark.usefixtures("browser")
def test_goods_that_go_while_somebody_is_answered_fail_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    directory, index = Directory(), app.extensions["ports"].get(Index)
    asked: dict[str, Any] = {"source": Silent(), "goods": index, "language": "zh"}
    directory.suggest("", **asked)

    def looked_at_again(names: Sequence[Name], text: str, limit: int) -> list[Name]:
        directory._read_at = float("-inf")  # noqa: SLF001  the minute is over for another thread
        directory.lead("", goods=Emptied(), language="zh")
        return best(names, text, limit)

    monkeypatch.setattr(suggestions, "best", looked_at_again)
    assert [(one.label, one.count) for one in directory.suggest("针织", **asked)] == [("服饰针织", 0)]


def test_what_is_popular_comes_first(browser: FlaskClient, seek: Seek, journal: Journal) -> None:
    for network in range(3):
        seek("羊绒围巾", network)
    journal.flush()
    journal.read_popular()
    address = "/factory-goods?q=%E7%BE%8A%E7%BB%92%E5%9B%B4%E5%B7%BE"
    for text in ("", "羊", "yang", "围巾"):
        assert offered(browser, text)["羊绒围巾"] == address
    assert "羊绒围巾" not in offered(browser, "杯")


def test_an_index_that_knows_words_is_asked_for_them(app: Flask, browser: FlaskClient) -> None:
    class Knowing(Emptied):
        def suggest(self, text: str, *, limit: int) -> tuple[str, ...]:
            return tuple(f"{text}{number}" for number in range(limit))

    app.extensions["ports"]._implementations[Index] = Knowing()  # noqa: SLF001
    assert [label for label in offered(browser, "杯") if label.startswith("杯")][:2] == ["杯0", "杯1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_it(browser: FlaskClient, text: str) -> None:
    page = browser.get("/factory-goods/suggestions", query_string={"q": text})
    assert page.status_code == (400 if "\0" in text else 200)
    assert "<script>" not in page.text


@pytest.mark.parametrize("asked", ["q=%ff%fe", "q=%ED%A0%80", "q=a%00b", "q=1&q=2", "q[]=x", ""])
def test_no_address_breaks_it(browser: FlaskClient, asked: str) -> None:
    assert browser.get(f"/factory-goods/suggestions?{asked}").status_code in {200, 400}


def test_it_asks_the_database_once_at_most_and_writes_nothing(browser: FlaskClient, journal: Journal) -> None:
    offered(browser, "羊")
    with statements() as asked:
        found = offered(browser, "羊")
    assert len(asked) == 1, asked
    assert asked[0].lower().startswith("select")
    assert "魏国强羊绒厂" in found
    with statements() as asked:
        offered(browser, "眼镜")
    assert asked == []
    assert journal.waiting == 0


def test_no_group_is_longer_than_a_glance() -> None:
    texts = tuple(f"围巾{number}" for number in range(50))
    assert len(Words(texts, Silent()).suggest("围", limit=MOST["words"])) == MOST["words"]


def test_the_part_of_a_page_says_how_many_there_are(browser: FlaskClient) -> None:
    page = browser.get("/factory-goods/suggestions?q=清河").text
    many = len(LINE.findall(page))
    assert f'data-says="{many} 条建议"' in page
    assert page.count('role="option"') == many == len(set(re.findall(r'id="(suggest-[^"]+)"', page)))
    assert 'data-says="没有建议"' in browser.get("/factory-goods/suggestions?q=qqqqzzz").text
