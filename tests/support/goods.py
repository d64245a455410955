"""Factories with goods, made straight in the tables: the ground of tests about listings, offers and stock."""

from io import BytesIO
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.ids import public_id
from kernel.permissions import ANONYMOUS, Actor, Membership, Role
from onboarding.accounts.models import MembershipRow, Organisation, User
from onboarding.belts.models import Belt
from onboarding.compliance.models import AgreementAcceptance
from onboarding.compliance.queries import current
from onboarding.listings.models import Listing, SheetImport, Sku, WayOfSelling
from onboarding.listings.rules import options_key
from onboarding.listings.stock import open_stock
from onboarding.listings.tasks import write_sheet
from onboarding.offers.models import Offer, PickUp
from onboarding.verification.models import Application
from tests.cast import BO, NOW, WEI, Person
from tests.support.purses import give

_numbers = count(1)


def credit_code(number: int, *, sort: str = "91") -> str:
    """A credit code that no page can mistake for a count or a sum: its number stands between letters."""
    return f"{sort}130534MA{number:07d}X"


def account_number(number: int) -> str:
    """An account whose last four digits, which pages show, are always the same: no sum is like them."""
    return f"62{number:010d}8888"


def make_factory(owner: Person = WEI, *, state: str = "approved", belt: str = "qinghe-cashmere") -> Actor:
    """A factory of a person; returns the person as its owner."""
    with transaction():
        number = next(_numbers)
        user = User(public_id=public_id("usr"), phone=owner.phone, name=owner.name, created_at=NOW)
        user.phone_fingerprint = f"{number:064d}"
        name = f"{owner.name}羊绒厂"
        factory = Organisation(public_id=public_id("fac"), kind="factory", name=name, created_at=NOW)
        factory.slug = f"factory-no{number}"
        session().add_all([user, factory, place := _belt(belt)])
        session().flush()
        session().add(
            MembershipRow(user_id=user.id, organisation_id=factory.id, role="owner", created_at=NOW, owner_since=NOW)
        )
        session().add_all([_application(factory, place, state, number), _agreement(factory, user)])
    give(factory.public_id, number=account_number(number))
    membership = Membership(factory.id, factory.public_id, factory.name, "factory", Role.OWNER)
    return Actor(user_id=user.id, user=user.public_id, name=user.name, memberships=(membership,))


def make_listing(
    actor: Actor,
    *,
    title: str = "羊绒围巾",
    state: str = "published",
    stock: tuple[int, ...] = (10,),
    price_fen: int = 12_800,
    supply_fen: int | None = None,
) -> Listing:
    """A listing of the actor's factory with one SKU per number of `stock`; no offers yet.

    With `supply_fen` merchants may sell it, too.
    """
    factory = actor.memberships[0].organisation_id
    with transaction():
        listing = _listing(factory, title, state)
        listing.ways.append(WayOfSelling(way="direct", min_quantity=1))
        if supply_fen is not None:
            listing.ways.append(WayOfSelling(way="supply", min_quantity=1, drop_ship_price_fen=supply_fen))
        listing.skus.extend(_sku(factory, number, price_fen) for number in range(len(stock)))
        session().add(listing)
        session().flush()
        open_stock({sku.id: left for sku, left in zip(listing.skus, stock, strict=True)}, source="test", now=NOW)
    return listing


def add_sku(listing: Listing, color: str, *, price_fen: int) -> None:
    """One more variant of a listing, as a new price sheet brings it."""
    with transaction():
        options = {"颜色": color}
        sku = _sku(listing.organisation_id, 0, price_fen)
        sku.listing_id, sku.options, sku.options_key = listing.id, options, options_key(options)
        session().add(sku)


def make_merchant(owner: Person = BO, *, name: str = "", state: str = "approved") -> Actor:
    """A merchant of a person, let in; returns the person as its owner."""
    with transaction():
        number = next(_numbers)
        user = User(public_id=public_id("usr"), phone=owner.phone, name=owner.name, created_at=NOW)
        user.phone_fingerprint = f"{number:064d}"
        name = name or f"{owner.name}的小店"
        merchant = Organisation(public_id=public_id("mer"), kind="merchant", name=name, created_at=NOW)
        merchant.slug = f"shop-no{number}"
        session().add_all([user, merchant])
        session().flush()
        session().add(
            MembershipRow(user_id=user.id, organisation_id=merchant.id, role="owner", created_at=NOW, owner_since=NOW)
        )
        session().add_all([_application(merchant, None, state, number), _agreement(merchant, user)])
    give(merchant.public_id, number=account_number(number))
    membership = Membership(merchant.id, merchant.public_id, merchant.name, "merchant", Role.OWNER)
    return Actor(user_id=user.id, user=user.public_id, name=user.name, memberships=(membership,))


def make_resale(
    merchant: Actor,
    listing: Listing,
    *,
    price_fen: int = 15_900,
    supply_price_fen: int = 8_000,
    state: str = "on",
) -> PickUp:
    """A merchant's hold on a listing, one resale offer per SKU at these prices; `held` is for being below cost."""
    seller = merchant.memberships[0].organisation_id
    with transaction():
        pick_up = PickUp(public_id=public_id("pck"), organisation_id=seller, factory_id=listing.organisation_id)
        pick_up.listing_id, pick_up.markup_bp, pick_up.state, pick_up.picked_at = listing.id, 3_000, "on", NOW
        session().add(pick_up)
        session().flush()
        made = {"price_fen": price_fen, "supply_price_fen": supply_price_fen, "state": state}
        session().add_all(_resale_offer(pick_up, sku, **made) for sku in listing.skus)
    return pick_up


def _resale_offer(pick_up: PickUp, sku: Sku, **facts: Any) -> Offer:  # noqa: ANN401  columns of an offer
    return Offer(
        public_id=public_id("off"),
        organisation_id=pick_up.organisation_id,
        listing_id=pick_up.listing_id,
        sku_id=sku.id,
        kind="resale",
        currency="CNY",
        min_quantity=1,
        pick_up_id=pick_up.id,
        held_reason="below_cost" if facts["state"] == "held" else "",
        created_at=NOW,
        **facts,
    )


def _listing(factory: int, title: str, state: str) -> Listing:
    return Listing(
        public_id=public_id("lst"),
        organisation_id=factory,
        code=f"T{next(_numbers)}",
        title=title,
        category="服饰针织",
        attributes={"材质": "羊绒"},
        description="",
        image="img/goods/scarf.svg",
        state=state,
        reason="图片不清楚" if state in {"refused", "taken_down"} else "",
        created_at=NOW,
        published_at=NOW if state == "published" else None,
    )


def stock_of(sku: int) -> tuple[int, int]:
    """`(on hand, reserved)` as the database has it now."""
    session().rollback()
    row = session().get_one(Sku, sku, populate_existing=True)
    return row.on_hand, row.reserved


def _sku(factory: int, number: int, price_fen: int) -> Sku:
    options = {"颜色": f"颜色{number}"}
    return Sku(
        public_id=public_id("sku"),
        organisation_id=factory,
        options=options,
        options_key=options_key(options),
        retail_price_fen=price_fen,
        on_hand=0,
        reserved=0,
        made_to_order=False,
    )


def _belt(slug: str) -> Belt:
    found = session().query(Belt).filter_by(slug=slug).one_or_none()
    return found or Belt(
        slug=slug,
        name_zh="清河羊绒",
        name_en="Qinghe cashmere",
        province="河北省",
        city="邢台市",
        county="清河县",
        trade="羊绒",
        category="服饰针织",
    )


def _agreement(seller: Organisation, owner: User) -> AgreementAcceptance:
    held = current(seller.kind, business_date(NOW))
    return AgreementAcceptance(
        organisation_id=seller.id,
        kind=seller.kind,
        version=held.version,
        digest=held.digest,
        user_id=owner.id,
        accepted_at=NOW,
    )


def _application(seller: Organisation, belt: Belt | None, state: str, number: int) -> Application:
    return Application(
        public_id=public_id("app"),
        organisation_id=seller.id,
        kind=seller.kind,
        uscc=credit_code(number, sort="91" if belt else "93"),
        belt_id=belt.id if belt else None,
        ways="both" if belt else "",
        state=state,
        reason="执照看不清" if state in {"refused", "suspended"} else "",
        begun_at=NOW,
        submitted_at=NOW,
        decided_at=NOW,
        checked_at=NOW,
    )


def blank_photo() -> bytes:
    """A photo of nothing: a worker has read it at once."""
    kept = BytesIO()
    Image.new("RGB", (640, 480), "white").save(kept, "JPEG")
    return kept.getvalue()


def price_sheet(*rows: str, head: str = "货号,品名,颜色,出厂价,建议零售价,库存,起订量") -> bytes:
    """A price sheet of these rows as people save it from a spreadsheet."""
    return "\r\n".join([head, *rows]).encode("gb18030")


def signed_in(app: Flask, actor: Actor) -> FlaskClient:
    """A browser in which this person is signed in, without the way through sign-in."""
    people = app.extensions.setdefault("people", {})
    people[actor.user] = actor
    app.extensions["load_actor"] = lambda sid, *, now: people.get(sid, ANONYMOUS)  # noqa: ARG005
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["sid"] = actor.user
        kept["locale"] = "zh"
    return browser


def write_sheets(app: Flask) -> None:
    """What the worker does once owners have asked for the goods of their sheets."""
    for sheet in session().scalars(select(SheetImport.public_id).where(SheetImport.state == "importing")).all():
        write_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    session().rollback()


def send_sheet(browser: FlaskClient, data: bytes, name: str = "价目表.csv") -> TestResponse:
    """Hand a file in as a price sheet."""
    return browser.post("/factory/sheets", data={"sheet": (BytesIO(data), name)})
