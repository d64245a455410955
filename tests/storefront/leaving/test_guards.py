"""The database itself refuses what an operation forgot: a short notice, an order for who leaves, an early end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.ids import public_id
from kernel.permissions import Actor
from onboarding.departures.models import Departure
from storefront.leaving.models import DataCopy
from tests.cast import NOW
from tests.storefront.shop import Shop

Leave = Callable[[Actor], None]


def keep(*rows: object) -> None:
    with transaction():
        session().add_all(rows)
        session().flush()


def copy_of(actor: Actor, **other: object) -> DataCopy:
    said = {"state": "waiting", "done": 0, "total": 1, "size": 0, "file_key": "", "asked_at": NOW, "expires_at": None}
    organisation = actor.memberships[0].organisation_id
    return DataCopy(public_id=public_id("cpy"), organisation_id=organisation, **{**said, **other})


def departure(actor: Actor, **other: object) -> Departure:
    said = {"state": "announced", "announced_at": NOW, "closes_at": NOW + timedelta(days=31), "ended_at": None}
    organisation = actor.memberships[0].organisation_id
    return Departure(public_id=public_id("dep"), organisation_id=organisation, **{**said, **other})


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_at": NOW + timedelta(days=29, hours=23)},
        {"state": "closed"},
        {"state": "closed", "ended_at": NOW + timedelta(days=30)},
        {"ended_at": NOW},
    ],
)
def test_a_departure_is_announced_in_time_and_not_over_early(shop: Shop, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        keep(departure(shop.wei, **wrong))


def test_one_departure_stands_at_a_time(shop: Shop, leave: Leave) -> None:
    leave(shop.wei)
    with pytest.raises(IntegrityError, match="departures"):
        keep(departure(shop.wei))


@pytest.mark.parametrize(
    "change",
    [
        update(Departure).values(closes_at=NOW + timedelta(days=40)),
        update(Departure).values(announced_at=NOW - timedelta(days=40)),
        delete(Departure),
    ],
)
def test_what_was_announced_stays(shop: Shop, leave: Leave, change: object) -> None:
    leave(shop.wei)
    with pytest.raises(IntegrityError), transaction():
        session().execute(change)  # type: ignore[call-overload]


def test_what_is_closed_or_taken_back_is_over(shop: Shop, leave: Leave) -> None:
    leave(shop.wei)
    over = NOW + timedelta(days=40)
    with transaction():
        session().execute(update(Departure).values(state="closed", ended_at=over))
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Departure).values(state="withdrawn"))


def test_who_leaves_takes_no_order_whatever_was_asked(shop: Shop, leave: Leave) -> None:
    shop.bought({shop.offers[0]: 1})
    leave(shop.wei)
    columns = "group_id, organisation_id, seller, seller_name, shipper_id, shipper, belt, way, goods_fen, freight_fen"
    more = "total_fen, processing_fen, currency, placed_at, cancel_reason"
    again = f"insert into orders (public_id, number, state, {columns}, {more}) "
    again += f"select 'ord_again', 'Y9-1', 'placed', {columns}, {more} from orders"  # noqa: S608  columns of ours
    with pytest.raises(IntegrityError, match="takes no orders"), transaction():
        session().execute(text(again))


def test_nobody_is_closed_while_an_order_is_open(shop: Shop, leave: Leave) -> None:
    shop.bought({shop.offers[0]: 1})
    leave(shop.wei)
    with pytest.raises(IntegrityError, match="something is open"), transaction():
        session().execute(update(Departure).values(state="closed", ended_at=NOW + timedelta(days=40)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "ready", "expires_at": NOW, "size": 1, "done": 1},
        {"file_key": "0" * 64},
        {"done": 2},
        {"state": "gone"},
        {"state": "ready", "file_key": "0" * 64, "expires_at": NOW, "size": 1, "done": 0},
    ],
)
def test_a_copy_is_whole_or_it_is_none(shop: Shop, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        keep(copy_of(shop.wei, **wrong))


def test_one_copy_is_made_at_a_time(shop: Shop) -> None:
    with pytest.raises(IntegrityError):
        keep(copy_of(shop.wei), copy_of(shop.wei))
    assert session().scalars(select(DataCopy.id)).all() == []
