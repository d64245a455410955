"""What the worker does for orders: let unpaid ones go, count time, tell people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from structlog import get_logger

from commission.payments.operations import resolve
from commission.payments.queries import open_charges
from commission.payments.rail import Rail
from kernel.audit import operation
from kernel.clock import business_date
from kernel.errors import DomainError
from kernel.permissions import SYSTEM
from kernel.wording import Words
from kernel.work import each
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from storefront.orders.operations import complete_due, expire, receive_due
from storefront.orders.queries import due_checkouts, parties_of, pieces_of
from storefront.search.operations import count_sales as record_sales

if TYPE_CHECKING:
    from datetime import date, datetime

    from kernel.permissions import Actor
    from kernel.ports import Ports
    from storefront.orders.queries import Parties

_log = get_logger("orders")


def expire_unpaid(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  a schedule has no payload
    """Cancel checkouts whose time is over, each in its own transaction.

    A charge under way or unknown is looked up at the rail first; while it stays unknown the checkout stays.
    """
    each(due_checkouts(now=now), lambda group: _let_go(group, rail=ports.get(Rail), now=now))


def _let_go(group: str, *, rail: Rail, now: datetime) -> None:
    for intent in open_charges(reference=group):
        resolve(intent, rail=rail, now=now)
    try:
        expire(group=group, actor=SYSTEM, now=now)
    except DomainError as refusal:
        _log.info("checkout not cancelled", group=group, refusal=refusal.code)


def count_days(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  a schedule has no payload
    """Receive what nobody confirmed and complete what nobody returned."""
    today = business_date(now)
    while receive_due(day=today, actor=SYSTEM, now=now):
        pass
    complete_all(day=today, now=now)


def complete_all(*, day: date, now: datetime) -> int:
    """Complete every order that is due by a business day; how many. One transaction a batch."""
    completed = 0
    while batch := complete_due(day=day, actor=SYSTEM, now=now):
        completed += batch
    return completed


def tell_seller_paid(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text who ships that there is something to ship, and a merchant that she sold; runs after `order.paid`."""
    _tell_owners(order=payload["order"], actor=SYSTEM, now=now)


def count_sales(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Count what was sold for the orders of the search page; runs after `order.paid`, so each order counts once."""
    record_sales(sold=pieces_of(payload["order"]), actor=SYSTEM, now=now)


@operation("order.tell_seller")
def _tell_owners(*, order: str, actor: Actor, now: datetime) -> None:
    parties = parties_of(order)
    for organisation_id, words in _news(parties):
        tell(owners_of(organisation_id), words, actor=actor, now=now)


def _news(parties: Parties) -> list[tuple[int, Words]]:
    """Who is told what: a factory reads no retail price, a merchant's customer no factory."""
    number = parties.number
    if not parties.resold:
        told = Words("您有新订单 %(number)s 待发货，请到“订单”里查看收货人并发货。", {"number": number})
        return [(parties.shipper_id, told)]
    to_ship = Words(
        "商家 %(shop)s 向您下了代发订单 %(number)s，请到“订单”里查看收货人并发货。",
        {"shop": parties.seller_name, "number": number},
    )
    sold = Words("您的店铺卖出一单 %(number)s，供货工厂会直接发给买家，到“订单”里可以看进度。", {"number": number})
    return [(parties.shipper_id, to_ship), (parties.seller_id, sold)]
