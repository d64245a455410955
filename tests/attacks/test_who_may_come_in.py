"""Every route, everybody: a stranger finds nothing, reading changes nothing, an unlisted route fails."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.attacks.town import Town, traces

EVERYBODY = frozenset(["nobody", "lin", "bo", "wei", "mei", "yu", "tan", "hua", "fang", "min"])
HELPER = frozenset({"min"})  # with Wei's matters in hand
PEOPLE = EVERYBODY - {"nobody"} - HELPER
SELLERS, FACTORY = frozenset({"wei", "mei", "yu"}), frozenset({"wei", "mei"})
OPERATORS, DESK = frozenset({"tan", "hua"}), frozenset({"tan"})
LIN, MONEY, OWNERS = frozenset({"lin"}), frozenset({"fang"}), frozenset({"wei", "yu"})
MERCHANT, STAFF, WEI = frozenset({"bo"}), frozenset({"tan", "hua", "fang"}), frozenset({"wei"})

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
    "/assist": HELPER,
    "/assist/code": HELPER,
    "/assist/steps": HELPER,
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
    "/factory/helpers": OWNERS,
    "/factory/leaving": OWNERS,
    "/factory/licence": OWNERS,
    "/factory-goods": EVERYBODY,
    "/factory/closing": OWNERS,
    "/factory/listings": SELLERS | HELPER,
    "/factory/listings/<listing>": FACTORY | HELPER,
    "/factory/merchants": SELLERS,
    "/factory/merchants/<admission>": FACTORY,
    "/factory/orders": SELLERS,
    "/factory/orders/<order>": FACTORY,
    "/factory/orders/<order>/packing-list": FACTORY,
    "/factory/packing-lists": SELLERS,
    "/factory/payout-account": OWNERS,
    "/factory/profile": OWNERS | HELPER,
    "/factory/refunds": SELLERS,
    "/factory/sheets": SELLERS | HELPER,
    "/factory/sheets/<sheet>": FACTORY | HELPER,
    "/factory/statement": OWNERS,
    "/factory/team": OWNERS,
    "/factory/terms": OWNERS,
    "/factory/tier": SELLERS,
    "/finance": MONEY,
    "/finance/entries": MONEY,
    "/finance/parties": MONEY,
    "/finance/payouts": MONEY,
    "/goods/<path:name>": EVERYBODY,
    "/handoff/<link>": PEOPLE,  # whoever holds the link still needs the number
    "/handoff/phone": PEOPLE,
    "/handoff/phone/<link>": EVERYBODY,
    "/handoff/waiting": EVERYBODY,
    "/healthz": EVERYBODY,
    "/invitations/<token>": PEOPLE,  # whoever holds the link sees whom it is for
    "/join": EVERYBODY,
    "/join/factory": PEOPLE | HELPER,
    "/join/factory/word": HELPER,
    "/join/merchant": PEOPLE,
    "/licences/<licence>/crops/<field>": WEI | HELPER,
    "/licences/<licence>/photo": WEI | HELPER,
    "/m/<slug>": EVERYBODY,
    "/m/<slug>/<name>": EVERYBODY,
    "/m/<slug>/licence": EVERYBODY,
    "/m/<slug>/licence/picture": EVERYBODY,
    "/manifest.webmanifest": EVERYBODY,
    "/merchant": MERCHANT,
    "/merchant/appeal": MERCHANT,
    "/merchant/goods": MERCHANT,
    "/merchant/leaving": MERCHANT,
    "/merchant/licence": MERCHANT,
    "/merchant/orders": MERCHANT,
    "/merchant/orders/<order>": MERCHANT,
    "/merchant/payout-account": MERCHANT,
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
    "/ops/factories/<organisation>/inspection": DESK,
    "/ops/factories/<organisation>/licence": DESK,
    "/ops/inspections/<inspection>": DESK,
    "/ops/inspections/<inspection>/pictures/<place>": DESK,
    "/ops/leaving": OPERATORS,
    "/ops/visits": OPERATORS,
    "/ops/work": DESK,
    "/orders": PEOPLE,
    "/orders/<order>": LIN,
    "/orders/<order>/refund": LIN,
    "/pay/<payment>": LIN,
    "/payout-accounts/<account>": WEI,
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
    "/tiers": EVERYBODY,
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
    "/assist": HELPER,
    "/assist/<grant>/end": HELPER,
    "/assist/<grant>/turn": HELPER,
    "/assist/code": HELPER,
    "/assist/rest": EVERYBODY,
    "/cart/lines": EVERYBODY,
    "/cart/lines/<offer>": EVERYBODY,
    "/cart/lines/<offer>/removal": EVERYBODY,
    "/checkout": PEOPLE,
    "/desk/filters": STAFF,
    "/desk/filters/<saved>/removal": DESK,
    "/desk/filters/<saved>/usual": DESK,
    "/dev/clock": EVERYBODY,
    "/dev/components": EVERYBODY,
    "/factory/closing": OWNERS,
    "/factory/closing/end": OWNERS,
    "/factory/appeal": OWNERS,
    "/factory/helpers/<grant>/end": WEI,
    "/factory/licence": OWNERS,
    "/factory/licence/same": OWNERS,
    "/factory/listings/<listing>": FACTORY | HELPER,
    "/factory/listings/<listing>/archiving": FACTORY | HELPER,
    "/factory/listings/<listing>/stock": FACTORY | HELPER,
    "/factory/listings/<listing>/submission": FACTORY | HELPER,
    "/factory/listings/<listing>/supply": FACTORY | HELPER,
    "/factory/listings/submissions": SELLERS | HELPER,
    "/factory/merchants/<admission>/admission": frozenset({"wei"}),
    "/factory/merchants/<admission>/ending": frozenset({"wei"}),
    "/factory/merchants/<admission>/refusal": frozenset({"wei"}),
    "/factory/orders/<order>/packing": FACTORY,
    "/factory/orders/<order>/shipment": FACTORY,
    "/factory/payout-account": OWNERS,
    "/factory/profile": OWNERS | HELPER,
    "/factory/sheets": SELLERS | HELPER,
    "/factory/sheets/<sheet>/listings": FACTORY | HELPER,
    "/factory/terms": OWNERS,
    "/factory/tier/visit": OWNERS,
    "/factory/tier/visit/withdrawal": OWNERS,
    "/finance/payouts": MONEY,
    "/finance/refunds": MONEY,
    "/handoff": EVERYBODY,
    "/handoff/<link>": PEOPLE,
    "/handoff/phone": PEOPLE,
    "/handoff/phone/<link>": EVERYBODY,
    "/handoff/session": EVERYBODY,
    "/invitations/<token>": PEOPLE,
    "/join/factory": PEOPLE | HELPER,
    "/join/factory/claim": PEOPLE,
    "/join/factory/later": PEOPLE | HELPER,
    "/join/factory/licence": PEOPLE | HELPER,
    "/join/factory/word": PEOPLE | HELPER,
    "/join/merchant": PEOPLE,
    "/join/merchant/claim": PEOPLE,
    "/join/merchant/later": PEOPLE,
    "/join/merchant/licence": PEOPLE,
    "/language": EVERYBODY,
    "/leaving/<organisation>/announcement": WEI,
    "/leaving/<organisation>/copies": WEI,
    "/leaving/<organisation>/copies/<copy>/file": WEI,
    "/leaving/<organisation>/disposal": WEI,
    "/leaving/<organisation>/withdrawal": WEI,
    "/merchant/appeal": MERCHANT,
    "/merchant/goods/<pick_up>/markup": MERCHANT,
    "/merchant/licence": MERCHANT,
    "/merchant/licence/same": MERCHANT,
    "/merchant/goods/<pick_up>/removal": MERCHANT,
    "/merchant/offers/<offer>/price": MERCHANT,
    "/merchant/payout-account": MERCHANT,
    "/ops/approvals": OPERATORS,
    "/ops/refusals": OPERATORS,
    "/ops/work/retries": DESK,
    "/ops/cases/<case>/approval": DESK,
    "/ops/cases/<case>/correction": DESK,
    "/ops/cases/<case>/refusal": DESK,
    "/ops/cases/<case>/taking": DESK,
    "/ops/factories/<organisation>/closing": DESK,
    "/ops/factories/<organisation>/inspection": DESK,
    "/ops/factories/<organisation>/reinstatement": DESK,
    "/ops/factories/<organisation>/suspension": DESK,
    "/ops/inspections/<inspection>/withdrawal": DESK,
    "/orders/<order>/receipt": LIN,
    "/orders/<order>/refund": LIN,
    "/pay/<payment>": LIN,
    "/pay/<payment>/cancellation": LIN,
    "/payout-accounts/<account>/confirmation": WEI,
    "/payout-accounts/<account>/withdrawal": WEI,
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


def turned_away(answer: TestResponse, who: str) -> bool:
    """Whether there is no such page for her; a helper's own matters rest, and she is led back to her desk."""
    rests = who in HELPER and answer.location == "/assist"
    return rests or answer.status_code == (401 if who == "nobody" and answer.request.method == "POST" else 404)


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
        elif who == "nobody" and welcome <= PEOPLE | HELPER and welcome:
            assert (answer.location or "").startswith("/sign-in?next="), said
        else:
            assert turned_away(answer, who), said
    assert traces() == before


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_writing_is_nothing_to_a_stranger(town: Town, who: str) -> None:
    browser, before = town.browser(who), traces()
    for rule in (rule for rule, welcome in WRITES.items() if who not in welcome):
        answer = browser.post(town.path(rule), data={"case": town.objects["case"], "reason": "因为所以"})
        assert turned_away(answer, who), (who, rule, answer.status_code)
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
