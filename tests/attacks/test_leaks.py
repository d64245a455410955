"""What must not be seen: buyers' addresses, other sellers' lines, goods that are not on sale, secrets in answers."""

import re

import pytest
from sqlalchemy import update

from kernel.db import session, transaction
from onboarding.accounts.models import Organisation
from onboarding.listings.models import Listing
from onboarding.offers.queries import offers_of_listing
from onboarding.verification.models import Application
from storefront.search.index import Index
from storefront.search.tasks import rebuild
from tests.attacks.town import Town
from tests.attacks.welcome import READS
from tests.storefront.orders.test_pages import check_out
from tests.storefront.shop import HOME

SCRIPT = "<script>alert(1)</script>围巾"


def _set(table: type[Listing | Application | Organisation], where: object, **values: object) -> None:
    with transaction():
        session().execute(update(table).where(where).values(**values))  # type: ignore[arg-type]


@pytest.mark.parametrize("hidden_by", ["draft", "submitted", "refused", "archived", "factory"])
def test_goods_not_on_sale_are_nowhere(town: Town, hidden_by: str) -> None:
    buyer, offer, goods = town.browser("bo"), town.objects["offer"], town.shop.listing.public_id
    rebuild(index=town.app.extensions["ports"].get(Index))
    assert goods in buyer.get("/factory-goods?q=羊绒").text
    assert buyer.post("/cart/lines", data={"offer": offer, "quantity": "1"}).status_code == 303
    home = town.shop.wei.memberships[0].organisation_id
    if hidden_by == "factory":
        _set(Application, Application.organisation_id == home, state="submitted")
    else:
        _set(Listing, Listing.id == town.shop.listing.id, state=hidden_by, reason="x" * (hidden_by == "refused"))
    assert buyer.get(town.path("/goods/<path:name>")).status_code == 404
    for page in ("/", "/factory-goods?q=羊绒", "/belts/qinghe-cashmere", town.path("/f/<slug>")):
        assert goods not in buyer.get(page).text, page
    assert town.browser("yu").post("/cart/lines", data={"offer": offer, "quantity": "1"}).status_code == 422
    assert buyer.get("/checkout").location == "/cart"


def test_a_factory_sees_its_own_lines_and_an_address_only_to_ship(town: Town) -> None:
    order, mei = town.objects["order"], town.browser("mei")
    before = mei.get(f"/factory/orders/{order}").text
    assert HOME.line in before
    assert HOME.line not in mei.get("/factory/orders").text
    mei.post(f"/factory/orders/{order}/shipment", data={"carrier": "sf", "tracking": "SF1234567890123"})
    after = mei.get(f"/factory/orders/{order}").text
    assert HOME.line not in after
    assert HOME.call not in after


def test_no_seller_sees_the_other_half_of_a_checkout(town: Town) -> None:
    yu, bo = town.people["yu"], town.browser("bo")
    assert yu is not None
    other = town.shop.put_on_sale(yu, price_fen=7_700)
    for offer in (town.objects["offer"], offers_of_listing(other.public_id)[0].offer):
        bo.post("/cart/lines", data={"offer": offer, "quantity": "1"})
    pay = check_out(bo)
    bo.post(pay, data={"method": "sandbox_pays"})
    pages = town.browser("wei").get("/factory/orders").text
    mine = re.findall(r"/factory/orders/(ord_\w+)", pages)
    for page in (pages, *(town.browser("wei").get(f"/factory/orders/{order}").text for order in mine)):
        assert "¥77.00" not in page
        assert "¥205.00" not in page
        assert yu.memberships[0].name not in page


def test_markup_in_names_is_only_text_wherever_it_shows(town: Town) -> None:
    home = town.shop.wei.memberships[0].organisation_id
    _set(Listing, Listing.organisation_id == home, title=SCRIPT, category=SCRIPT[:20], description=SCRIPT)
    _set(Organisation, Organisation.id == home, name=SCRIPT)
    town.browser("lin").post("/cart/lines", data={"offer": town.objects["offer"], "quantity": "1"})
    for who in ("lin", "wei", "mei", "tan", "fang"):
        browser = town.browser(who)
        for rule in READS:
            answer = browser.get(town.path(rule), follow_redirects=True)
            is_saved = answer.headers.get("Content-Disposition", "").startswith("attachment")  # which no browser shows
            if not rule.startswith("/assets") and not is_saved:
                assert b"<script>alert" not in answer.data, (who, rule)


def test_every_answer_is_hardened_and_carries_nothing_inline(town: Town) -> None:
    for who in ("nobody", "lin", "wei", "tan", "fang"):
        browser = town.browser(who)
        for rule in [*READS, "/nothing-here"]:
            answer = browser.get(town.path(rule))
            policy = answer.headers["Content-Security-Policy"]
            assert "'unsafe" not in policy, rule
            assert "default-src 'none'" in policy, rule
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            if answer.mimetype == "text/html":
                _nothing_inline(answer.text, rule)


def _nothing_inline(page: str, rule: str) -> None:
    assert not re.search(r"<[^>]+\s(on[a-z]+|style)=", page), rule
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", page):
        assert "nonce=" in tag, (rule, tag)
    assert not re.search(r'(href|src|action)="(javascript|data):', page), rule
    assert not re.search(r'(src|action)="(https?:)?//', page), rule
    for link in re.findall(r'<a [^>]*href="https?:[^>]*>', page):
        assert "noreferrer" in link, (rule, link)
