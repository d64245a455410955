"""Demo data: three factories from three real price sheets, one person per role, orders in several states.

Everything goes through the operations that people use, so the demo can show nothing that the product cannot do.
Loading twice adds nothing; a load that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from commission.payments.operations import begin_charge, perform, record_outcome
from commission.payments.rail import Rail
from commission.settlement import operations as settlement
from commission.settlement.tasks import perform_payout
from kernel.clock import Clock, business_date
from kernel.errors import DomainError
from kernel.files import Files
from kernel.money import Money
from kernel.permissions import SYSTEM, Actor, Role
from kernel.work import drain
from onboarding.accounts import operations as accounts
from onboarding.accounts.queries import actor_of, user_by_phone
from onboarding.listings import operations as listings
from onboarding.listings.queries import listing_rows
from onboarding.moderation import operations as moderation
from onboarding.moderation.queries import queue
from onboarding.offers.queries import offers_of_listing
from onboarding.verification import operations as verification
from storefront.cart import operations as cart
from storefront.cart.queries import cart_of
from storefront.jobs import PLAN
from storefront.orders import operations as orders
from storefront.orders.queries import checkout_of
from storefront.orders.rules import Address
from storefront.search.queries import newest_cards
from storefront.shipments.operations import ship

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports

SHEETS = Path(__file__).parent / "data" / "price-sheets"


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as."""

    name: str
    phone: str
    page: str
    what: str


@dataclass(frozen=True)
class Factory:
    """An invented factory and the sheet it keeps."""

    owner: Person
    name: str
    uscc: str
    belt: str
    sheet: str
    stock_meaning: Literal["per_sku", "total"]


LIN = Person("林晓", "13800138001", "/factory-goods", "顾客 shopper")
WEI = Person("魏国强", "13800138002", "/factory", "清河样绒厂主 factory owner")
MEI = Person("梅芳", "13800138003", "/factory/orders", "清河样绒店员 clerk")
TAN = Person("谭敏", "13800138005", "/ops", "运营 operator")
FANG = Person("方静", "13800138007", "/finance", "财务 finance")
HAI = Person("海建业", "13800138012", "/factory", "石狮海样厂主 factory owner")
DAN = Person("单志明", "13800138013", "/factory", "丹阳样镜厂主 factory owner")
PEOPLE = (LIN, WEI, MEI, HAI, DAN, TAN, FANG)

FACTORIES = (
    Factory(WEI, "清河样绒羊绒制品厂", "91130534MA0DEM013U", "qinghe-cashmere", "qinghe-cashmere.xlsx", "total"),
    Factory(HAI, "石狮市海样服装有限公司", "91350581MA0DEM021E", "shishi-garments", "shishi-garments.xlsx", "per_sku"),
    Factory(DAN, "丹阳样镜眼镜厂", "91321181MA0DEM03XH", "danyang-glasses", "danyang-glasses.xlsx", "per_sku"),
)
CITY = Address("林晓", "13800138001", "浙江省", "杭州市", "西湖区", "文三路 1 号 2 幢 301 室")
PAST_DAYS = 12  # long enough ago that the first order is settled and paid out today


def load(*, ports: Ports, public_url: str) -> str:
    """Load what is missing and return the logins as text."""
    now = ports.get(Clock).now()
    for person in PEOPLE:
        accounts.ensure_user(phone=person.phone, name=person.name, actor=SYSTEM, now=now)
    _grant_staff(now)
    opened = now - timedelta(days=PAST_DAYS + 3)
    made = [_open_factory(factory, ports=ports, now=opened) for factory in FACTORIES]
    if any(made):
        _trade(ports=ports, now=now)
    drain(PLAN, ports=ports)
    return _logins(public_url)


def _grant_staff(now: datetime) -> None:
    for person, role in ((TAN, Role.OPERATOR), (FANG, Role.FINANCE)):
        accounts.grant_staff_role(
            actor=SYSTEM,
            phone=person.phone,
            role=role,
            scope_kind="channel",
            scope_value="",
            now=now,
        )


def _open_factory(factory: Factory, *, ports: Ports, now: datetime) -> bool:
    """Apply, be approved, list the sheet's goods, have them approved; whether anything was still to do."""
    try:
        verification.apply(
            actor=_acting(factory.owner),
            name=factory.name,
            uscc=factory.uscc,
            belt=factory.belt,
            now=now,
        )
    except DomainError as refusal:
        if refusal.code != "factory.already_applied":
            raise
    _approve_all(now=now)
    owner = _acting(factory.owner)
    if listing_rows(owner.memberships[0].organisation_id):
        return False
    key = ports.get(Files).put((SHEETS / factory.sheet).read_bytes())
    sheet = listings.upload_sheet(actor=owner, filename=factory.sheet, file_key=key, now=now).public_id
    drain(PLAN, ports=ports)
    listings.import_listings(
        actor=owner,
        sheet_import=sheet,
        stock_meaning=factory.stock_meaning,
        markup_bp=8000,
        now=now,
    )
    listings.submit_all(actor=owner, now=now)
    _approve_all(now=now)
    if factory.owner is WEI:
        organisation = owner.memberships[0].organisation
        accounts.add_member(actor=owner, organisation=organisation, phone=MEI.phone, role=Role.CLERK, now=now)
    return True


def _approve_all(*, now: datetime) -> None:
    operator = _acting(TAN)
    while lines := queue(operator, subject_type="", state="open", after=0):
        moderation.approve_cases(actor=operator, cases=[line.public_id for line in lines], now=now)


def _trade(*, ports: Ports, now: datetime) -> None:
    """One order long settled and paid out, one on its way, one waiting to be shipped."""
    long_ago = now - timedelta(days=PAST_DAYS)
    settled = _buy("羊绒围巾", 2, ports=ports, now=long_ago)
    _ship(WEI, settled, "YT7300000000001", now=long_ago + timedelta(hours=5))
    orders.receive(actor=_acting(LIN), order=settled, now=long_ago + timedelta(days=2))
    on_its_way = _buy("儿童硅胶镜架", 1, ports=ports, now=now - timedelta(days=1))
    _ship(DAN, on_its_way, "SF1300000000002", now=now - timedelta(hours=20))
    _buy("圆领毛衣", 1, ports=ports, now=now - timedelta(hours=2))
    today = business_date(now)
    orders.complete_due(day=today, actor=SYSTEM, now=now)
    settlement.settle(day=today, actor=SYSTEM, now=now)
    for payout in settlement.begin_payouts(actor=SYSTEM, now=now):
        perform_payout({"payout": payout}, ports=ports, now=now)


def _buy(title: str, quantity: int, *, ports: Ports, now: datetime) -> str:
    """Lin buys the first variant of the newest goods whose title holds these words, and pays; the order's id."""
    lin = _acting(LIN)
    card = next(card for card in newest_cards(limit=100) if title in card.title)
    offer = next(offer for offer in offers_of_listing(card.listing) if offer.left >= quantity)
    token = cart.add_line(cart="", offer=offer.offer, quantity=quantity, actor=lin, now=now)
    seen = cart_of(token)
    payment = orders.place(
        actor=lin,
        cart=token,
        address=CITY,
        form_token=seen.form_token,
        total=Money(seen.total_fen, seen.currency),
        now=now,
    )
    intent = begin_charge(payment=payment, method="sandbox", actor=lin, now=now)
    record_outcome(intent=intent, outcome=perform(intent, rail=ports.get(Rail)), actor=lin, now=now)
    return checkout_of(lin, payment).orders[0].public_id


def _ship(seller: Person, order: str, tracking: str, *, now: datetime) -> None:
    carrier = "yto" if tracking.startswith("YT") else "sf"
    ship(actor=_acting(seller), order=order, carrier=carrier, tracking=tracking, now=now)


def _acting(person: Person) -> Actor:
    """The person as she is now, with the organisations she has joined since."""
    return actor_of(user_by_phone(person.phone))


def _logins(public_url: str) -> str:
    rows = [f"  {person.phone}  {person.name}  {person.what:<28} {public_url}{person.page}" for person in PEOPLE]
    return "\n".join(
        [
            "",
            f"源头 Yuantou: {public_url}",
            "",
            "演示账号 demo logins（手机号 + 验证码 phone and one-time code）:",
            *rows,
            "",
            f"验证码在这里 codes arrive here: {public_url}/dev/messages",
            "",
        ],
    )
