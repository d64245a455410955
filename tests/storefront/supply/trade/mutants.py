"""Faults that the real operations do not have, one at a time: each is something that trade at random must notice."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from kernel import outbox
from kernel.db import session
from onboarding.admissions.operations import AdmissionEnded
from onboarding.listings import stock
from onboarding.offers import operations as offers
from onboarding.offers import pricing
from onboarding.offers.models import Offer
from storefront.after_sales.facts import OrderRefunded
from storefront.orders import operations as orders
from storefront.orders import placing
from storefront.orders.models import Order, OrderLine
from storefront.supply import operations as supply
from storefront.supply.queries import Resold

Mutant = Callable[[pytest.MonkeyPatch], None]


def offers_do_not_follow_the_goods(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(offers, "_resync_listing", lambda *_, **__: None)


def an_ended_admission_ends_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(outbox._within, AdmissionEnded, ())  # noqa: SLF001  what the composition root wired


def the_factory_gives_nothing_back(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(outbox._within, OrderRefunded, ())  # noqa: SLF001  as above


def what_comes_back_is_counted_twice(patch: pytest.MonkeyPatch) -> None:
    once = stock.put_back

    def twice(holder: str, pieces: Mapping[int, int], *, reason: str, source: str, now: datetime) -> None:
        for again in (source, f"{source}-again"):
            once(holder, pieces, reason=reason, source=again, now=now)

    patch.setattr(stock, "put_back", twice)


def any_price_earns(patch: pytest.MonkeyPatch) -> None:
    for module in (pricing, placing):
        patch.setattr(module, "earns", lambda *_: True)
    patch.setattr(offers, "least_price", lambda *_: 1)


def the_factory_is_owed_the_price_of_the_day(patch: pytest.MonkeyPatch) -> None:
    frozen = supply.resold

    def today(order: str) -> Resold:
        priced = select(Offer.supply_price_fen).join(OrderLine, OrderLine.offer == Offer.public_id).join(Order)
        prices = session().scalars(priced.where(Order.public_id == order).order_by(OrderLine.id)).all()
        found = frozen(order)
        lines = [replace(line, supply_price_fen=fen) for line, fen in zip(found.lines, prices, strict=True)]
        return replace(found, lines=lines)

    patch.setattr(supply, "resold", today)


def late_money_finds_its_goods(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(orders, "_secure_stock", lambda *_: True)


def what_was_taken_down_is_paid_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(orders, "taken_down", lambda *_, **__: ())


def the_factorys_leg_is_never_received(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(supply, "record_receipt", lambda **_: None)


MUTANTS: tuple[Mutant, ...] = (
    offers_do_not_follow_the_goods,
    an_ended_admission_ends_nothing,
    the_factory_gives_nothing_back,
    what_comes_back_is_counted_twice,
    any_price_earns,
    the_factory_is_owed_the_price_of_the_day,
    late_money_finds_its_goods,
    what_was_taken_down_is_paid_for,
    the_factorys_leg_is_never_received,
)
