"""Every table of the consoles is had as a file with the rows of its pages, by whoever sees the page and nobody else."""

import csv
import html
import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.permissions import Role
from tests.attacks.sides import Sides
from tests.attacks.town import staff
from tests.cast import FANG, TAN
from tests.storefront.conftest import browser_of

CONSOLES = ("/ops", "/finance", "/factory", "/merchant")
MORE = {
    "fang": ("/finance?order={number}",),
    "tan": ("/ops?state=approved", "/ops/audit?by=", "/ops/searches?list=missed"),
}
WITHOUT_FILE = {"/factory/packing-lists"}  # paper
WITHOUT_FILE |= {
    "/factory/sheets/template.xlsx",
    "/factory/listings/export.xlsx",
    "/factory/listings/export.csv",
}  # files
FILES = {
    "tan": {
        "/ops": {"cases"},
        "/ops/factories": {"factories"},
        "/ops/goods": {"goods"},
        "/ops/searches": {"searched", "missed"},
        "/ops/audit": {"audit"},
        "/ops/work": {"schedules"},
    },
    "fang": {
        "/finance": {"balances", "sales", "entries"},
        "/finance/parties": {"parties"},
        "/finance/payouts": {"payouts"},
        "/finance/entries": {"entries"},
    },
    "wei": {"/factory/orders": {"orders"}, "/factory/statement": {"settled", "held", "payouts"}},
    "bo": {"/merchant/orders": {"orders"}, "/merchant/statement": {"settled", "held", "payouts"}},
}
LINK = re.compile(r'data-csv\s+href="([^"]+)"')
SHEET = re.compile(r'<table[^>]*data-sheet="(\w+)".*?</table>', re.DOTALL)
ROW = re.compile(r'data-row="([^"]+)"')
NEXT = re.compile(r'rel="next"\s+href="([^"]+)"')


@pytest.fixture
def browsers(app: Flask) -> dict[str, FlaskClient]:
    sides = Sides(app)
    known = {who: sides.browser(who) for who in ("wei", "bo", "yu", "lin", "nobody")}
    known["lin"].get("/factory-goods?q=没人做的货")
    app.extensions["searches"].flush()
    known["tan"] = browser_of(app, staff(TAN, Role.OPERATOR))
    known["fang"] = browser_of(app, staff(FANG, Role.FINANCE))
    return known


@pytest.mark.parametrize("who", FILES)
def test_a_file_has_the_rows_of_all_pages(browsers: dict[str, FlaskClient], who: str) -> None:
    found: dict[str, set[str]] = {}
    for path in pages(browsers[who], who):
        shown = browsers[who].get(path).text
        for link in links(shown):
            name = re.search(r"csv=(\w+)", link)[1]  # type: ignore[index]
            rows = table(browsers[who], link)[1:]
            assert rows, link
            if seen := list(rows_of(browsers[who], path, name)):
                assert [row[0] for row in rows] == seen, link
            else:
                named = numbers(browsers[who], path)
                assert all(named.intersection(row) for row in rows), link
            found.setdefault(path.partition("?")[0], set()).add(name)
    assert found == FILES[who]


def test_a_file_is_nobody_elses(browsers: dict[str, FlaskClient]) -> None:
    for who in FILES:
        files = [link for path in pages(browsers[who], who) for link in links(browsers[who].get(path).text)]
        strangers = {"lin", "tan", "fang", "bo" if who == "wei" else "wei"} - {who}
        assert {browsers[one].get(link).status_code for one in strangers for link in files} == {404}
        assert {browsers["nobody"].get(link).location.split("?")[0] for link in files} == {"/sign-in"}


def test_one_factorys_file_is_not_anothers(browsers: dict[str, FlaskClient]) -> None:
    for link in ("/factory/orders?state=all&csv=orders", "/factory/statement?csv=settled"):
        mine, others = ({row[0] for row in table(browsers[who], link)[1:]} for who in ("wei", "yu"))
        assert mine
        assert others
        assert not mine & others


def pages(browser: FlaskClient, who: str) -> list[str]:
    """Every page of a console without a variable that she may open, and some that are asked for more."""
    rules = [rule.rule for rule in browser.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    known = [rule for rule in rules if rule.startswith(CONSOLES) and "<" not in rule and rule not in WITHOUT_FILE]
    order = "Y1001-1"
    return [
        path for path in (*known, *(more.format(number=order) for more in MORE.get(who, ()))) if is_open(browser, path)
    ]


def is_open(browser: FlaskClient, path: str) -> bool:
    return browser.get(path).status_code == 200


def links(shown: str) -> list[str]:
    """The files of a page; a table that says nothing of a file is told."""
    found = [html.unescape(link) for link in LINK.findall(shown)]
    for sheet in SHEET.finditer(shown):
        assert any(link.endswith(f"csv={sheet[1]}") for link in found), f"{sheet[1]}: no file"
    return list(dict.fromkeys(found))


def numbers(browser: FlaskClient, path: str) -> set[str]:
    """What a page and those after it name: order numbers, payouts."""
    shown = browser.get(path).text
    following = NEXT.search(shown)
    more = numbers(browser, html.unescape(following[1])) if following else set()
    return more | set(re.findall(r"Y\d+-\d+|po_\w+", shown))


def rows_of(browser: FlaskClient, path: str, name: str) -> Iterator[str]:
    """The rows of a table on all pages; none where the page shows them otherwise."""
    while path:
        shown = browser.get(path).text
        yield from (row for sheet in SHEET.finditer(shown) if sheet[1] == name for row in ROW.findall(sheet[0]))
        following = NEXT.search(shown)
        path = html.unescape(following[1]) if following and f'data-sheet="{name}"' in shown else ""


def table(browser: FlaskClient, link: str) -> list[list[str]]:
    answer = browser.get(link)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
