"""Every route, everybody: a stranger finds nothing, reading changes nothing, an unlisted route fails."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.attacks.senders import WRITES
from tests.attacks.town import Town, traces
from tests.attacks.welcome import EVERYBODY, HELPER, PEOPLE, READS


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
