"""Sales and books for the tests of money."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from commission.rates.operations import publish_first_card
from commission.settlement.operations import record_receipt, record_sale, record_supply
from commission.settlement.rules import Sale, Supply
from kernel.clock import business_date
from kernel.money import Money
from kernel.permissions import ANONYMOUS, SYSTEM, Actor
from tests.cast import NOW, yuan
from tests.support.purses import DIGITS, give

WEI_FACTORY, BO_SHOP = "fac_wei", "mer_bo"
RELEASE = business_date(NOW) + timedelta(days=8)

MakeSale = Callable[..., Sale]
Resell = Callable[..., Supply]
RETAIL, COST, PIECES = 12_900, 8_800, 3
"""Fen a piece, and how many are bought, of the resold order in `docs/money.md`."""


def sale_of(order: str, price: str = "599.00", **changes: object) -> Sale:
    """A direct sale of Wei's factory with freight 8.00 and a fee of 60 basis points."""
    gross = Money(yuan(price) + yuan("8.00"))
    sale = Sale(
        order=order,
        number=order.upper(),
        seller=WEI_FACTORY,
        seller_name="丹阳市视界眼镜厂",
        way="direct",
        goods=Money(yuan(price)),
        freight=Money(yuan("8.00")),
        processing=gross.share(60),
        category="眼镜",
        belt="danyang-glasses",
        campaign="",
        paid_at=NOW,
    )
    return replace(sale, **changes)  # type: ignore[arg-type]


def resold_of(order: str, *, retail: int = RETAIL * PIECES, cost: int = COST * PIECES) -> tuple[Sale, Supply]:
    """Bo's sale of goods from Wei's factory without freight, and the supply order behind it."""
    free = {"freight": Money(0), "processing": Money(retail).share(60)}
    whose = {"seller": BO_SHOP, "seller_name": "薄亮的店", "way": "merchant"}
    sale = sale_of(order, goods=Money(retail), **free, **whose)
    factory = {"factory": WEI_FACTORY, "factory_name": "丹阳市视界眼镜厂"}
    shared = {"number": sale.number, "category": sale.category, "belt": sale.belt, "paid_at": sale.paid_at}
    return sale, Supply(supply=f"sup_{order}", serves=order, goods=Money(cost), **factory, **shared)


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with its first rate card, and any session id naming whoever stands in `people`."""
    people: dict[str, Actor] = {}
    app.extensions["people"] = people
    app.extensions["load_actor"] = lambda sid, *, now: people.get(sid, ANONYMOUS)  # noqa: ARG005  as it is called
    app.config["WTF_CSRF_ENABLED"] = False
    publish_first_card(actor=SYSTEM, now=NOW)
    for place, party in enumerate((WEI_FACTORY, BO_SHOP)):
        give(party, number=f"{DIGITS}{place}")
    return app


@pytest.fixture
def make_sale(app: Flask) -> MakeSale:
    """Record a paid sale; `received=True` makes it due on RELEASE."""
    numbers = itertools.count(1001)

    def make(price: str = "599.00", *, received: bool = True, **changes: object) -> Sale:
        sale = sale_of(f"y{next(numbers)}-1", price, **changes)
        record_sale(sale=sale, actor=SYSTEM, now=NOW)
        if received:
            assert record_receipt(order=sale.order, received_at=NOW, actor=SYSTEM, now=NOW) == RELEASE
        return sale

    return make


@pytest.fixture
def resell(app: Flask) -> Resell:
    """Record a resold order on both legs; `received=True` makes both due on RELEASE."""
    numbers = itertools.count(2001)

    def make(*, received: bool = True, **amounts: int) -> Supply:
        sale, supply = resold_of(f"y{next(numbers)}-1", **amounts)
        record_sale(sale=sale, actor=SYSTEM, now=NOW)
        record_supply(supply=supply, actor=SYSTEM, now=NOW)
        for order in (sale.order, supply.supply) if received else ():
            record_receipt(order=order, received_at=NOW, actor=SYSTEM, now=NOW)
        return supply

    return make


@pytest.fixture
def release() -> date:
    """The day on which what was received NOW is settled."""
    return RELEASE
