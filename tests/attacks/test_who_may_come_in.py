"""Every route, everybody: a stranger finds nothing, reading changes nothing, an unlisted route fails."""

import pytest
from flask import Flask

from tests.attacks.town import Town, traces

EVERYBODY = frozenset(["nobody", "lin", "bo", "wei", "mei", "yu", "tan", "hua", "fang"])
PEOPLE = EVERYBODY - {"nobody"}
SELLERS, FACTORY = frozenset({"wei", "mei", "yu"}), frozenset({"wei", "mei"})
OPERATORS, DESK = frozenset({"tan", "hua"}), frozenset({"tan"})
LIN, MONEY, OWNERS = frozenset({"lin"}), frozenset({"fang"}), frozenset({"wei", "yu"})
MERCHANT, STAFF = frozenset({"bo"}), frozenset({"tan", "hua", "fang"})
WEI = frozenset({"wei"})

READS = {
    "/": EVERYBODY,
    "/account": PEOPLE,
    "/account/contact": PEOPLE,
    "/account/contact/code": PEOPLE,
    "/account/password": PEOPLE,
    "/account/proof": PEOPLE,
    "/account/second-factor": PEOPLE,
    "/agreements/<kind>": EVERYBODY,
    "/agreements/<kind>/<version>": EVERYBODY,
    "/assets/<digest>/<path:name>": frozenset(),  # no such file for anybody here
    "/belts": EVERYBODY,
    "/belts/<slug>": EVERYBODY,
    "/cart": EVERYBODY,
    "/checkout": PEOPLE,
    "/dev/clock": frozenset(),  # time stands still in these tests
    "/dev/components": EVERYBODY,
    "/dev/messages": EVERYBODY,
    "/f/<slug>": EVERYBODY,
    "/f/<slug>/licence": EVERYBODY,
    "/f/<slug>/licence/picture": EVERYBODY,
    "/factory": SELLERS,
    "/factory/appeal": OWNERS,
    "/factory/licence": OWNERS,
    "/factory-goods": EVERYBODY,
    "/factory/listings": SELLERS,
    "/factory/listings/<listing>": FACTORY,
    "/factory/merchants": SELLERS,
    "/factory/merchants/<admission>": FACTORY,
    "/factory/orders": SELLERS,
    "/factory/orders/<order>": FACTORY,
    "/factory/orders/<order>/packing-list": FACTORY,
    "/factory/packing-lists": SELLERS,
    "/factory/profile": OWNERS,
    "/factory/refunds": SELLERS,
    "/factory/sheets": SELLERS,
    "/factory/sheets/<sheet>": FACTORY,
    "/factory/statement": OWNERS,
    "/factory/team": OWNERS,
    "/finance": MONEY,
    "/finance/entries": MONEY,
    "/finance/parties": MONEY,
    "/finance/payouts": MONEY,
    "/goods/<path:name>": EVERYBODY,
    "/healthz": EVERYBODY,
    "/invitations/<token>": PEOPLE,  # whoever holds the link sees whom it is for
    "/join": EVERYBODY,
    "/join/factory": PEOPLE,
    "/join/merchant": PEOPLE,
    "/licences/<licence>/crops/<field>": frozenset({"wei"}),
    "/licences/<licence>/photo": frozenset({"wei"}),
    "/m/<slug>": EVERYBODY,
    "/m/<slug>/<name>": EVERYBODY,
    "/manifest.webmanifest": EVERYBODY,
    "/merchant": MERCHANT,
    "/merchant/goods": MERCHANT,
    "/merchant/orders": MERCHANT,
    "/merchant/orders/<order>": MERCHANT,
    "/merchant/refunds": MERCHANT,
    "/merchant/statement": MERCHANT,
    "/merchant/team": MERCHANT,
    "/metrics": EVERYBODY,
    "/ops": OPERATORS,
    "/ops/audit": DESK,
    "/ops/cases/<case>": DESK,
    "/ops/cases/<case>/licence": DESK,
    "/ops/cases/<case>/licence/crops/<field>": DESK,
    "/ops/factories": OPERATORS,
    "/ops/factories/<organisation>": DESK,
    "/ops/factories/<organisation>/licence": DESK,
    "/ops/work": DESK,
    "/orders": PEOPLE,
    "/orders/<order>": LIN,
    "/orders/<order>/refund": LIN,
    "/pay/<payment>": LIN,
    "/rates": EVERYBODY,
    "/readyz": EVERYBODY,
    "/robots.txt": EVERYBODY,
    "/sign-in": EVERYBODY,
    "/sign-in/code": EVERYBODY,
    "/sign-in/password": EVERYBODY,
    "/sign-in/second-factor": EVERYBODY,
    "/sitemap.xml": EVERYBODY,
    "/supply": PEOPLE,
    "/supply/<listing>": PEOPLE,
    "/工厂货": EVERYBODY,
}
WRITES = {
    "/account/contact": PEOPLE,
    "/account/contact/code": PEOPLE,
    "/account/name": PEOPLE,
    "/account/other-sessions": PEOPLE,
    "/account/password": PEOPLE,
    "/account/proof": PEOPLE,
    "/account/proof/code": PEOPLE,
    "/account/second-factor": PEOPLE,
    "/account/second-factor/confirmation": PEOPLE,
    "/account/second-factor/removal": PEOPLE,
    "/agreements/<kind>": OWNERS,
    "/cart/lines": EVERYBODY,
    "/cart/lines/<offer>": EVERYBODY,
    "/cart/lines/<offer>/removal": EVERYBODY,
    "/checkout": PEOPLE,
    "/desk/filters": STAFF,
    "/desk/filters/<saved>/removal": DESK,
    "/desk/filters/<saved>/usual": DESK,
    "/dev/clock": EVERYBODY,
    "/dev/components": EVERYBODY,
    "/factory/appeal": OWNERS,
    "/factory/licence": OWNERS,
    "/factory/licence/same": OWNERS,
    "/factory/listings/<listing>": FACTORY,
    "/factory/listings/<listing>/archiving": FACTORY,
    "/factory/listings/<listing>/stock": FACTORY,
    "/factory/listings/<listing>/submission": FACTORY,
    "/factory/listings/<listing>/supply": FACTORY,
    "/factory/listings/submissions": SELLERS,
    "/factory/merchants/<admission>/admission": frozenset({"wei"}),
    "/factory/merchants/<admission>/ending": frozenset({"wei"}),
    "/factory/merchants/<admission>/refusal": frozenset({"wei"}),
    "/factory/orders/<order>/packing": FACTORY,
    "/factory/orders/<order>/shipment": FACTORY,
    "/factory/profile": OWNERS,
    "/factory/sheets": SELLERS,
    "/factory/sheets/<sheet>/listings": FACTORY,
    "/finance/payouts": MONEY,
    "/finance/refunds": MONEY,
    "/invitations/<token>": PEOPLE,
    "/join/factory": PEOPLE,
    "/join/factory/claim": PEOPLE,
    "/join/factory/later": PEOPLE,
    "/join/factory/licence": PEOPLE,
    "/join/merchant": PEOPLE,
    "/language": EVERYBODY,
    "/merchant/goods/<pick_up>/markup": MERCHANT,
    "/merchant/goods/<pick_up>/removal": MERCHANT,
    "/merchant/offers/<offer>/price": MERCHANT,
    "/ops/approvals": OPERATORS,
    "/ops/refusals": OPERATORS,
    "/ops/work/retries": DESK,
    "/ops/cases/<case>/approval": DESK,
    "/ops/cases/<case>/correction": DESK,
    "/ops/cases/<case>/refusal": DESK,
    "/ops/cases/<case>/taking": DESK,
    "/ops/factories/<organisation>/closing": DESK,
    "/ops/factories/<organisation>/reinstatement": DESK,
    "/ops/factories/<organisation>/suspension": DESK,
    "/orders/<order>/receipt": LIN,
    "/orders/<order>/refund": LIN,
    "/pay/<payment>": LIN,
    "/pay/<payment>/cancellation": LIN,
    "/refunds/<refund>/agreement": FACTORY,
    "/refunds/<refund>/refusal": FACTORY,
    "/refunds/<refund>/return": FACTORY,
    "/refunds/<refund>/withdrawal": LIN,
    "/sign-in": EVERYBODY,
    "/sign-in/code": EVERYBODY,
    "/sign-in/password": EVERYBODY,
    "/sign-in/second-factor": EVERYBODY,
    "/sign-out": PEOPLE,
    "/supply/admissions": MERCHANT,
    "/supply/pick-ups": MERCHANT,
    "/team/<organisation>/invitations": WEI,
    "/team/<organisation>/invitations/<invitation>/revocation": WEI,
    "/team/<organisation>/members/<member>/removal": WEI,
    "/team/<organisation>/members/<member>/role": WEI,
}


@pytest.mark.only_on("sqlite")
def test_every_route_is_listed_here(app: Flask) -> None:
    rules = {(rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert {rule for rule, method in rules if method == "GET"} == set(READS)
    assert {rule for rule, method in rules if method == "POST"} == set(WRITES)
    assert {method for _rule, method in rules} == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_reading_is_for_those_listed_and_changes_nothing(town: Town, who: str) -> None:
    browser, before = town.browser(who), traces()
    for rule, welcome in READS.items():
        answer = browser.get(town.path(rule))
        said = f"{who} GET {rule}: {answer.status_code} {answer.location}"
        if who in welcome:
            assert answer.status_code < 400, said
            assert "/sign-in?" not in (answer.location or ""), said
        elif who == "nobody" and welcome <= PEOPLE and welcome:
            assert (answer.location or "").startswith("/sign-in?next="), said
        else:
            assert answer.status_code == 404, said
    assert traces() == before


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_writing_is_nothing_to_a_stranger(town: Town, who: str) -> None:
    browser, before = town.browser(who), traces()
    for rule in (rule for rule, welcome in WRITES.items() if who not in welcome):
        answer = browser.post(town.path(rule), data={"case": town.objects["case"], "reason": "因为所以"})
        assert answer.status_code == (401 if who == "nobody" else 404), (who, rule)
    assert traces() == before


@pytest.mark.parametrize("who", ["lin", "wei", "mei", "tan", "fang"])
def test_a_post_without_its_token_is_refused(town: Town, who: str) -> None:
    town.app.config["WTF_CSRF_ENABLED"] = True
    browser, before = town.browser(who), traces()
    said = {rule: browser.post(town.path(rule)).status_code for rule in WRITES if rule != "/language"}
    assert set(said.values()) == {400}, said
    assert traces() == before


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_whoever_is_welcome_is_answered(town: Town, who: str) -> None:
    browser = town.browser(who)
    for rule in (rule for rule, welcome in WRITES.items() if who in welcome):
        if rule not in {"/sign-out", "/account/other-sessions", "/dev/clock"}:
            answer = browser.post(town.path(rule))
            assert answer.status_code in {200, 302, 303, 404, 422}, (who, rule, answer.status_code)


def test_money_is_not_for_the_clerk(town: Town) -> None:
    owner, clerk = (town.browser(who).get("/factory").text for who in ("wei", "mei"))
    assert "/factory/statement" in owner
    assert "/factory/statement" not in clerk
    assert "金额已扣佣金" in owner
    assert "金额已扣佣金" not in clerk
