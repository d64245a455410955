"""Each side of a resold order sees its own leg: every page, form, text, header and cookie, in both languages."""

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select
from werkzeug.routing import Rule

from kernel.db import session
from kernel.notify import Message
from storefront.orders.models import OrderGroup
from storefront.orders.rules import Address
from tests.attacks.sides import TOLD, Sides
from tests.attacks.walk import Scan, Seen, Walk, filled, rules
from tests.attacks.whose import Secret
from tests.support.goods import credit_code

# No such file, time stands still, nobody waits for a code or a second factor or another's word, nobody is invited.
CLOSED = {
    "/assets/<digest>/<path:name>",
    "/dev/clock",
    "/handoff/<link>",
    "/handoff/waiting",
    "/f/<slug>/licence/picture",  # nobody drew one
    "/m/<slug>/licence/picture",
    "/invitations/<token>",
    "/join/factory/word",
    "/reports/new",  # what its address asks says of which goods
    "/sign-in/code",
    "/sign-in/second-factor",
}
SOME_OF_ALL = ("/factory/orders", "/merchant/orders", "/orders")
PLANTED = (
    ("bo", "/merchant/orders/<order>", "merchants/order.html", "{{ order.group.address }}", "a consignee"),
    ("mei", "/factory/orders/<order>", "shipments/sold_order.html", "{{ retail|yuan }}", "what a shopper paid"),
    ("wei", "/factory/packing-lists", "shipments/packing_lists.html", "{{ retail }}", "what a shopper paid"),
    ("wei", "/factory", "shipments/today.html", "{{ shop }}", "a house that is none of hers"),
    ("nobody", "/m/<slug>/<name>", "catalogue/resold.html", "{{ variant.sku }}", "goods of a factory"),
    ("rui", "/m/<slug>", "catalogue/merchant.html", "{{ told }}", "what a maker tells of itself"),
    ("lin", "/orders/<order>", "shipments/bought.html", "{{ order.shipper }}", "who makes resold goods"),
    ("nan", "/merchant", "merchants/today.html", "{{ fee|yuan }}", "processing fee of an order"),
)


@pytest.fixture
def sides(app: Flask) -> Sides:
    return Sides(app)


def test_nobody_reads_what_is_of_the_other_side(sides: Sides) -> None:
    scan, opened = Scan(sides), set[str]()
    for who in sides.people:
        walk = Walk(sides, who)
        assert scan.leaks(walk.reads()) == []
        assert scan.pages[who] > 300
        opened |= {rule for rule, was_shown in walk.opened.items() if was_shown}
    staff = {rule.rule for rule in rules(sides.app, "GET") if rule.rule.startswith(("/assist", "/ops", "/finance"))}
    assert {rule.rule for rule in rules(sides.app, "GET")} - opened == CLOSED | staff


def test_every_list_is_walked_to_its_end(sides: Sides) -> None:
    for who, path in zip(("wei", "bo", "lin"), SOME_OF_ALL, strict=True):
        shown = [seen.page for seen in Walk(sides, who).reads(path)]
        assert any("after=" in page for page in shown), path


def test_no_form_answers_with_what_is_of_the_other_side(sides: Sides) -> None:
    scan = Scan(sides)
    for who in sides.people:
        answers = list(Walk(sides, who).writes())
        assert scan.leaks(answers) == []
        assert {one.status for one in answers} <= {200, 302, 303, 400, 401, 404, 422}
    assert scan.leaks(_texts(sides)) == []


def test_no_text_tells_of_the_other_side(sides: Sides) -> None:
    scan, texts = Scan(sides), _texts(sides)
    assert {one.who for one in texts} == {"lin", "qin", "bo", "rui", "wei", "yu"}
    assert scan.leaks(texts) == []
    retail = next(one for one in texts if one.who == "bo" and "¥183.86" in one.text)
    [leak, *_more] = scan.leaks([Seen("wei", "a text", 200, retail.text)])
    assert "wei sees what a shopper paid '183.86'" in leak


def test_what_is_planted_is_found(sides: Sides) -> None:
    facts = {"retail": 18_386, "fee": sides.fee("to ship"), "shop": sides.yu.memberships[0].name}
    facts["told"] = TOLD.capacity
    sides.app.context_processor(lambda: facts)
    loader = sides.app.jinja_loader
    for who, rule, template, planted, what in PLANTED:
        assert Scan(sides).leaks(Walk(sides, who).reads(rule)) == []
        source, *_rest = sides.app.jinja_env.loader.get_source(sides.app.jinja_env, template)  # type: ignore[union-attr]
        leaky = DictLoader({template: source.replace("{% endblock", planted + "{% endblock")})
        sides.app.jinja_loader = ChoiceLoader([leaky, loader])  # type: ignore[list-item, method-assign]
        sides.app.jinja_env.cache.clear()  # type: ignore[union-attr]
        found = Scan(sides).leaks(Walk(sides, who).reads(rule))
        sides.app.jinja_loader = loader  # type: ignore[method-assign]
        sides.app.jinja_env.cache.clear()  # type: ignore[union-attr]
        assert any(leak.startswith(f"{who} sees {what} ") for leak in found), (who, rule, found[:3])


def test_the_scan_reads_figures_however_they_are_written_and_knows_many(sides: Sides) -> None:
    scan = Scan(sides)
    for written in ("¥1,377.71", "1377.71", "data-cost='137771'", '{"fen": 137771}', "−1,377.71"):
        assert scan.leaks([Seen("nobody", "/", 200, written)]), written
    for written in ("11377.71", "1,377.715", "ord_x137771y", "3137771", credit_code(137_771)):
        assert not scan.leaks([Seen("nobody", "/", 200, written)]), written
    for who in ("lin", "qin", "nobody", "rui", "yu"):
        assert {3_777, 3_963, 137_771} <= _figures(scan.forbidden(who)), who
    for who in ("wei", "mei", "yu", "rui", "nobody"):
        assert {9_193, 229_193, 18_386, 45_965} <= _figures(scan.forbidden(who)), who
    assert len(_figures(scan.forbidden("nan")) - _figures(scan.forbidden("bo"))) > 10
    assert len(_figures(scan.forbidden("mei")) - _figures(scan.forbidden("wei"))) > 10


def test_a_route_that_nobody_can_fill_fails() -> None:
    with pytest.raises(AssertionError, match=r"/boats/<boat>: say in `things` what \['boat'\] may be"):
        filled(Rule("/boats/<boat>"), {"order": ["ord_x"]})


def _figures(secrets: list[Secret]) -> set[int | str]:
    return {one.value for one in secrets if not one.places}


def _texts(sides: Sides) -> list[Seen]:
    """Every text that was sent, under the name of who got it; a consignee is the buyer who named her."""
    phones = {number: who for phone, who in sides.phones().items() for number in (phone, f"+86{phone}")}
    for group in session().scalars(select(OrderGroup)):
        buyer = next(who for who, actor in sides.people.items() if actor and actor.user_id == group.buyer_id)
        phones[Address.from_json(group.address).phone] = buyer
    sent = session().scalars(select(Message).order_by(Message.id))
    return [Seen(phones[one.recipient], f"text {one.public_id}", 200, one.text) for one in sent]
