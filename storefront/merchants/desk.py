"""A merchant's day at a glance: what waits, what money comes and when, what happened lately. Fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from kernel.db import session
from kernel.permissions import Permission
from onboarding.compliance.queries import newest_accepted
from onboarding.departures.queries import closing_day
from onboarding.offers.models import PickUp
from storefront.after_sales.models import Refund
from storefront.merchants.queries import WAITING, counts_of, goods_counts, has_held, merchant_orders, shop_slug
from storefront.orders.models import Order
from storefront.shipments.desk import lately, money_of, prospect_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor
    from storefront.after_sales.rules import Prospect
    from storefront.shipments.desk import Event, Money

_FIRST: Final = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of each kind waits for a merchant, and since when the oldest refund does.

    `accepted` is her newest agreement, `closes_at` the end of her notice if she leaves.
    """

    asked: int
    asked_at: datetime | None
    held: int
    accepted: str | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """A merchant's day at a glance; `money` only for whom the statement is, `going` of one who leaves."""

    slug: str
    waits: Waiting
    waiting: int
    picked: int
    orders: Sequence[Order]
    money: Money | None
    lately: Sequence[Event]
    going: Prospect | None

    @property
    def has_sold(self) -> bool:
        """Whether anybody ever paid in her shop."""
        return bool(self.lately)


def waiting_at_shop(actor: Actor) -> dict[str, int]:
    """How much waits at each place of the merchant's console; one statement."""
    waits = waiting_of(actor.membership(Permission.MERCHANT_ORDERS_VIEW).organisation_id)
    return {"after-sales": waits.asked, "goods": waits.held}


def waiting_of(organisation_id: int) -> Waiting:
    """What a merchant has to answer and to mend; one statement."""
    asked = (Refund.organisation_id == organisation_id, Refund.state == "asked")
    mine = (PickUp.organisation_id == organisation_id, PickUp.state == "on", has_held())
    figures = (
        _one(func.count(Refund.id), *asked),
        _one(func.min(Refund.asked_at), *asked),
        _one(func.count(PickUp.id), *mine),
        newest_accepted(organisation_id, "merchant"),
        closing_day(organisation_id),
    )
    return Waiting(*session().execute(select(*figures)).one())


def day_of(actor: Actor, *, now: datetime) -> Day:
    """What waits for a merchant today; a fixed number of statements whatever she sells."""
    mine = actor.membership(Permission.MERCHANT_ORDERS_VIEW)
    organisation_id = mine.organisation_id
    counts, waits = counts_of(organisation_id), waiting_of(organisation_id)
    waiting = sum(counts.get(state, 0) for state in WAITING)
    may_see_money = actor.may(Permission.MERCHANT_STATEMENT_VIEW, organisation_id=organisation_id)
    return Day(
        slug=shop_slug(organisation_id),
        waits=waits,
        waiting=waiting,
        picked=goods_counts(organisation_id)[0],
        orders=merchant_orders(organisation_id, states=WAITING, limit=_FIRST) if waiting else [],
        money=money_of(mine.organisation, now=now) if may_see_money else None,
        lately=lately(Order.organisation_id == organisation_id, Order.way == "merchant"),
        going=prospect_of(mine, waits.closes_at, now=now),
    )


def _one(figure: Any, *where: ColumnElement[bool]) -> Any:  # noqa: ANN401  an aggregate as a column
    return select(figure).where(*where).scalar_subquery()
