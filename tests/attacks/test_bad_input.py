"""Whatever is sent, the answer is a page in the visitor's language, never a failure of ours, nothing half done."""

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from kernel.permissions import ANONYMOUS
from tests.attacks.town import Town
from tests.attacks.welcome import READS
from tests.storefront.orders.test_pages import hidden
from tests.storefront.shop import FORM

FORMS = "application/x-www-form-urlencoded"
NASTY = [
    "",
    "长" * 10_000,
    "a\x00b",
    "\u202eevil\u2066",
    "🧶👩‍👩‍👧",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}%(x)s{0}",
    "' OR 1=1 --",
    "１２",
    "٣",
    "-3",
    "1e9",
    "1000000000",
    "NaN",
    "9" * 5_000,
    "../../etc/passwd",
    "line\r\nSet-Cookie: a=b",
    "\ud800",
]
WIDE = "/factory-goods?price=١-٢", "/factory/listings?page=99999999999999999999", "/factory/listings?page=-1"
SOUGHT = (
    *("q", "belt", "province", "category", "price", "low", "high", "least", "from", "way", "verified"),
    *("order", "stock", "new", "sort", "page", "seen", "exact"),
)
QUERIES = {
    "nobody": ("/factory-goods", [*SOUGHT, "nonsense"]),
    "lin": ("/orders", ["state", "after", "nonsense"]),
    "wei": ("/factory/listings", ["state", "page"]),
    "mei": ("/factory/orders", ["state", "after"]),
    "yu": ("/factory/statement", ["month", "page", "nonsense"]),
    "tan": ("/ops", ["type", "state", "after"]),
    "hua": ("/ops", ["nonsense"]),
    "fang": ("/finance", ["month", "after"]),
    "bo": ("/supply", ["q", "belt", "category", "factory", "picked", "photo", "page"]),
}
MONTHS = "9999-12", "0001-01", "10000-01", "2026-13", "-1-01"

ACCOUNT = {"holder": "丹阳市视界眼镜厂", "bank": "other", "bank_name": "某银行", "branch": "", "number": "320001880091"}
NUMBERS = (("price", "12.50"), ("stock", "10"), ("was", "10"))
FORMS_OF_PEOPLE: list[tuple[str, str, dict[str, str]]] = [
    ("nobody", "/sign-in", {"recipient": "13800138001", "next": ""}),
    ("nobody", "/sign-in/code", {"code": "123456"}),
    ("nobody", "/sign-in/password", {"recipient": "wei@example.com", "password": "correct horse", "next": ""}),
    ("lin", "/account/proof", {"code": "123456", "password": "", "next": ""}),
    ("wei", "/factory/payout-account", {**ACCOUNT, "personal": "0", "consent": "1"}),
    ("wei", "/team/<organisation>/invitations", {"recipient": "13800138009", "role": "clerk"}),
    ("wei", "/team/<organisation>/members/<member>/role", {"role": "clerk"}),
]


def forms(town: Town) -> list[tuple[str, str, dict[str, str]]]:
    """Every form with words in it: who sends it, where to, and what would be right."""
    lin, offer = town.browser("lin"), town.objects["offer"]
    lin.post("/cart/lines", data={"offer": offer, "quantity": "1"})
    listing = {f"{name}_{one.public_id}": said for one in town.shop.listing.skus for name, said in NUMBERS}
    words = {"title": "围巾", "category": "服饰针织", "description": "", "image": "img/goods/scarf.svg"}
    return [
        *FORMS_OF_PEOPLE,
        ("nobody", "/language", {"lang": "en"}),
        ("nobody", "/delivery-province", {"province": "33", "back": "/"}),
        ("nobody", "/cart/lines", {"offer": offer, "quantity": "1", "next": ""}),
        ("lin", "/checkout", {**FORM, **hidden(lin.get("/checkout").text)}),
        ("lin", "<payment>", {"method": "sandbox_pays"}),
        ("bo", "/join/factory", {"name": "样厂", "uscc": "91310115MA1K35J59M", "belt": "qinghe-cashmere"}),
        ("wei", "/account/name", {"name": "魏国强"}),
        ("wei", "/factory/listings/<listing>", {**words, **listing}),
        ("wei", "/factory/listings/<listing>/supply", {"drop_ship_price": "9.90", "supply": "open"}),
        ("mei", "/factory/orders/<order>/shipment", {"carrier": "sf", "tracking": "SF1234567890123"}),
        ("wei", "/factory/listings/new", {"title": "围巾", "retail": "199", "pieces": "10", "colours": "红、黄"}),
        ("wei", "/factory/sentences", {"sentences": "羊绒围巾 出厂价118"}),
        ("wei", "/factory/sheets/<sheet>/listings", {"stock_meaning": "total", "markup_percent": "80"}),
        ("tan", "/ops/cases/<case>/refusal", {"reason": "因为所以"}),
        ("tan", "/ops/approvals", {"case": "x", "type": "listing"}),
        *_forms_of_resale(town),
    ]


def _forms_of_resale(town: Town) -> list[tuple[str, str, dict[str, str]]]:
    factory = (town.people["wei"] or ANONYMOUS).memberships[0].organisation
    goods, back = {"listing": town.objects["listing"], "markup": "30"}, "/supply?belt=%00&factory=%00&q=%ff"
    return [
        ("wei", "/join/merchant", {"name": "小店", "uscc": "91310115MA1K35J59M"}),
        ("lin", "/orders/<order>/refund", {"why": "other", "words": "", "step": "count", town.shop.offers[0]: "1"}),
        ("bo", "/supply/pick-ups", {**goods, "back": "/supply"}),
        ("bo", "/supply/pick-ups", {**goods, "back": back, "markup": "x"}),
        ("bo", "/supply/admissions", {"factory": factory, "words": "想卖", "back": back}),
        ("bo", "/merchant/goods/<pick_up>/markup", {"markup": "30", "back": "/merchant/goods"}),
        ("bo", "/merchant/offers/<offer>/price", {"price": "159.00", "back": "/merchant/goods"}),
        ("wei", "/factory/merchants/<admission>/refusal", {"reason": "因为所以"}),
        ("wei", "/refunds/<refund>/refusal", {"answer": "不行"}),
    ]


def clear(answer: TestResponse, *said: object) -> None:
    """A page of ours: no failure, no traceback, nothing of ours let slip."""
    assert answer.status_code < 500, (*said, answer.status_code)
    if answer.status_code >= 400:
        assert any("一" <= sign <= "鿿" for sign in answer.text), said
        assert "Traceback" not in answer.text, said
    assert "<script>alert" not in answer.text, said
    assert "49$49" not in answer.text, said


def test_no_field_fails_whatever_it_holds(town: Town) -> None:
    for who, rule, right in forms(town):
        browser, path = town.browser(who), town.path(rule.replace("<payment>", "/pay/<payment>"))
        for number, field in enumerate(right):
            for nasty in NASTY[number % 3 :: 3]:  # every form meets them all; any mix comes in the last test here
                clear(_post(browser, path, {**right, field: nasty}), who, path, field, nasty[:20])


def test_no_field_is_missed_doubled_or_invented(town: Town) -> None:
    for who, rule, right in forms(town):
        browser, path = town.browser(who), town.path(rule.replace("<payment>", "/pay/<payment>"))
        for field in right:
            clear(browser.post(path, data={name: value for name, value in right.items() if name != field}), path)
            clear(browser.post(path, data={**right, field: [right[field], "2"]}), path, field)
        invented = {**right, "role": "owner", "price_fen": "1", "organisation_id": "1", "state": "paid"}
        clear(browser.post(path, data=invented), path)


def test_no_body_fails_whatever_it_is(town: Town) -> None:
    for who, rule, right in forms(town)[1::3]:
        browser, path = town.browser(who), town.path(rule.replace("<payment>", "/pay/<payment>"))
        clear(browser.post(path, json=right), path)
        clear(browser.post(path, data=b"\xff\xfe%%%", content_type="text/plain"), path)
        clear(browser.post(path, data=b"--x\r\nbroken", content_type="multipart/form-data; boundary=x"), path)
        clear(browser.post(path, data=b"x", content_type="multipart/form-data"), path)
        clear(browser.post(path, data={**right, "x": "y" * 2_000_000}), path)


def test_no_address_fails_whatever_it_asks(town: Town) -> None:
    for who, (path, names) in QUERIES.items():
        browser = town.browser(who)
        for number, name in enumerate(names):
            for nasty in NASTY[number % 2 :: 2]:
                clear(browser.get(path, query_string={name: nasty.encode("utf-8", "replace").decode()}), path, name)
    for who, desk in (("wei", "factory"), ("bo", "merchant")):
        for month in MONTHS:
            clear(town.browser(who).get(f"/{desk}/statement?month={month}"), desk, month)
    for address in WIDE:
        clear(town.browser("wei").get(address), address)


@pytest.mark.parametrize("part", ["..", "%00", "%2e%2e%2fetc", "a" * 3_000, "源头", "%ff", "a%0d%0aX: y", "lst_%00x"])
def test_no_path_fails_whatever_it_names(town: Town, part: str) -> None:
    browsers = [town.browser(who) for who in ("lin", "wei", "tan")]
    for rule in (rule for rule in READS if "<" in rule):
        pieces = [part if piece.startswith("<") else piece for piece in rule.replace("path:", "").split("/")]
        for browser in browsers:
            clear(browser.get("/".join(pieces)), rule, part)


def test_raw_bytes_in_an_address_are_no_failure(town: Town) -> None:
    goods = town.path("/goods/<path:name>")
    raw = {"QUERY_STRING": "sku=\xff\xfe"}
    clear(town.browser("lin").get(goods, environ_overrides=raw), goods)
    clear(town.browser("lin").get("/factory-goods", environ_overrides=raw))
    clear(town.app.test_client().get("/account", environ_overrides=raw))


@pytest.mark.parametrize("host", ["evil.example", "a b", "x" * 300, "a:99999", "[::1", "é", ""])
def test_no_host_is_believed(town: Town, host: str) -> None:
    browser = town.browser("lin")
    for path in ("/", "/account", "/goods/" + town.objects["listing"]):
        answer = browser.get(path, headers={"Host": host})
        clear(answer, host)
        assert "evil.example" not in (answer.location or "") + answer.text
    switched = browser.post("/language", headers={"Host": host, "Referer": f"http://{host}//evil.example/x"})
    assert switched.location in {"/", None}


def test_no_list_of_cases_fails(town: Town) -> None:
    for nasty in NASTY:
        clear(_post(town.browser("tan"), "/ops/approvals", {"case": nasty}), nasty[:20])


@settings(max_examples=40, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(data=st.data())
def test_no_form_fails_whatever_comes_together(town: Town, data: st.DataObject) -> None:
    if "forms" not in town.app.extensions:
        town.app.extensions["forms"] = forms(town)
    who, rule, right = data.draw(st.sampled_from(town.app.extensions["forms"]))
    values = st.one_of(st.sampled_from(NASTY), st.text(max_size=50), st.integers().map(str))
    path = town.path(rule.replace("<payment>", "/pay/<payment>"))
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(right)), values))
    clear(_post(town.browser(who), path, {**right, **changed}), path, changed)


def _post(browser: FlaskClient, path: str, form: dict[str, str]) -> TestResponse:
    return browser.post(path, data=urlencode(form, errors="surrogatepass"), content_type=FORMS)
