"""What is to be looked at of goods: brands, prices, titles of others, each with its rule and what to do."""

import pytest
from flask import Flask

from kernel.db import session, transaction
from kernel.permissions import Actor
from onboarding.certificates.models import Certificate
from onboarding.certificates.rules import NAMES
from onboarding.listings.doubts import doubts, own_doubts
from onboarding.listings.findings import COMPARED, KINDS, Facts, findings
from onboarding.listings.models import Listing
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, make_listing

MANY = [10_000] * COMPARED
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("retail", "supply", "beside", "code"),
    [
        (10_000, 5_000, MANY, ""),
        (5_000, 5_000, [], ""),
        (4_999, 5_000, [], "price.below_supply"),
        (100_000, 5_000, [], ""),
        (100_001, 5_000, [], "price.marked_up"),
        (100_000, None, MANY, ""),
        (100_001, None, MANY, "price.far"),
        (999, None, MANY, "price.far"),
        (1_000_000, None, MANY, "price.slip"),
        (100, None, MANY, "price.slip"),
        (1_000_000, None, MANY[1:], ""),
    ],
)
def test_a_price_is_held_against_its_own_and_those_of_its_leaf(
    retail: int, supply: int | None, beside: list[int], code: str
) -> None:
    found = findings(Facts(words={}, prices=[(retail, supply)], beside=beside))
    assert [one.code for one in found] == ([code] if code else [])


@pytest.mark.parametrize("code", KINDS)
def test_every_finding_cites_its_rule_and_says_what_to_do(code: str) -> None:
    severity, text, rule, fix = KINDS[code]
    assert severity in {"bad", "warn", "info"}
    assert text
    assert "《" in rule or "平台规则" in rule
    assert fix


def test_the_gravest_come_first_and_variants_alike_are_said_once() -> None:
    words = {"title": "适用华为手机壳", "description": "NIKE风"}
    found = findings(Facts(words=words, prices=[(1, 2), (1, 2)], namesakes=["样厂"]))
    assert [one.code for one in found] == ["brand.confusable", "price.below_supply", "title.same", "brand.nominative"]


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


def codes(listing: Listing) -> list[str]:
    session().rollback()
    return [one.code for one in doubts(session().get_one(Listing, listing.id), today=TODAY)]


def licensed(wei: Actor, scope: str, state: str = "confirmed", *, kind: str = "brand") -> None:
    with transaction():
        said = dict.fromkeys(("holder", "factory", "reason"), "")
        said |= {"scope": scope, "kind": kind, "number": "1234567", "photo_key": "0" * 64}
        if state == "refused":
            said["reason"] = "看不清"
        home = wei.memberships[0].organisation_id
        dated = dict.fromkeys(("valid_from", "valid_until", "decided_by", "warned_at"))
        decided = None if state == "waiting" else NOW
        found = Certificate(public_id="cer_b", organisation_id=home, covers_all=True, state=state, **said, **dated)
        found.handed_in_at, found.decided_at = NOW, decided
        session().add(found)


@pytest.mark.parametrize(
    ("scope", "state", "exempt"),
    [
        ("第25类 NIKE 运动鞋", "confirmed", True),
        ("第25类 运动鞋", "confirmed", False),
        ("第25类 NIKE 运动鞋", "waiting", False),
        ("第25类 NIKE 运动鞋", "refused", False),
    ],
)
def test_a_confirmed_licence_of_the_brand_exempts(wei: Actor, scope: str, state: str, exempt: bool) -> None:  # noqa: FBT001
    listing = make_listing(wei, title="耐克运动鞋")
    assert codes(listing) == ["brand.named"]
    licensed(wei, scope, state)
    assert codes(listing) == ([] if exempt else ["brand.named"])


def test_prices_of_the_leaf_and_titles_of_others_are_for_operators_alone(wei: Actor) -> None:
    yu = make_factory(YU)
    for number in range(COMPARED):
        make_listing(yu, title=f"围巾{number}", price_fen=10_000)
    make_listing(yu, title="羊绒围巾")
    mine = make_listing(wei, title="羊绒围巾", price_fen=1_280_000)
    assert codes(mine) == ["price.slip", "title.same"]
    assert own_doubts(mine, today=TODAY) == []


@pytest.mark.parametrize(
    ("title", "category", "code"),
    [
        ("东北大米 5kg", "粮油/其他", "category.evades"),
        ("东北大米 5kg", "日用百货", "category.evades"),
        ("东北大米 5kg", "别的", "category.evades"),
        ("东北大米 5kg", "厨具/炒锅", "category.doubtful"),
        ("东北大米 5kg", "粮油/大米", ""),
        ("大米桶", "日用百货", ""),
        ("羊绒围巾", "日用百货", ""),
    ],
)
def test_what_its_title_says_needs_a_certificate_whatever_its_category_says(
    wei: Actor, title: str, category: str, code: str
) -> None:
    goods = make_listing(wei, title=title)
    with transaction():
        goods.category = category
    told = [
        (one.code, str(one.params["kind"])) for one in doubts(goods, today=TODAY) if one.code.startswith("category")
    ]
    assert told == ([(code, str(NAMES["sc"]))] if code else [])
    assert [one.code for one in own_doubts(goods, today=TODAY)] == ([code] if code else [])
    named = {"title": "羊绒围巾", "category": category}
    assert own_doubts(goods, today=TODAY, typed=named) == []


@pytest.mark.parametrize(("state", "answers"), [("waiting", True), ("confirmed", True), ("refused", False)])
def test_a_certificate_that_was_handed_in_answers_the_title(wei: Actor, state: str, *, answers: bool) -> None:
    goods = make_listing(wei, title="东北大米 5kg")
    with transaction():
        goods.category = "粮油/其他"
    licensed(wei, "大米", state, kind="sc")
    assert (codes(goods) == []) is answers


def test_goods_not_on_sale_are_no_measure(wei: Actor) -> None:
    for number in range(COMPARED):
        make_listing(wei, title=f"围巾{number}", price_fen=100, state="draft")
    assert codes(make_listing(wei, price_fen=1_000_000)) == []
