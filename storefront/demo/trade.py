"""What is bought and sold in the demo."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from commission.payments.operations import begin_charge, perform, record_outcome
from commission.payments.rail import Rail
from commission.settlement import operations as settlement
from commission.settlement.tasks import perform_payout
from kernel.clock import business_date
from kernel.money import Money
from kernel.permissions import SYSTEM
from onboarding.offers.queries import offers_of_listing
from storefront.cart import operations as cart
from storefront.cart.queries import cart_of
from storefront.demo.people import DAN, LIN, WEI, Person, acting
from storefront.orders import operations as orders
from storefront.orders.queries import checkout_of
from storefront.orders.rules import Address
from storefront.search.queries import newest_cards
from storefront.shipments.operations import ship

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports

CITY = Address("林晓", "13800138001", "浙江省", "杭州市", "西湖区", "文三路 1 号 2 幢 301 室")
PAST_DAYS = 12  # long enough ago that the first order is settled and paid out today


def trade(*, ports: Ports, now: datetime) -> None:
    """One order long settled and paid out, one on its way, one waiting to be shipped."""
    long_ago = now - timedelta(days=PAST_DAYS)
    settled = _buy("羊绒围巾", 2, ports=ports, now=long_ago)
    _ship(WEI, settled, "YT7300000000001", now=long_ago + timedelta(hours=5))
    orders.receive(actor=acting(LIN), order=settled, now=long_ago + timedelta(days=2))
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
    lin = acting(LIN)
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
    ship(actor=acting(seller), order=order, carrier=carrier, tracking=tracking, now=now)
