"""A rush on the last pieces: exactly what is there is sold; read-decide-write, as a control, oversells every time."""

import random
from datetime import timedelta
from functools import partial
from threading import Barrier

from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.errors import DomainError
from onboarding.listings import stock
from onboarding.listings.models import Sku
from tests.cast import NOW
from tests.support.crowd import crowd
from tests.support.goods import make_factory, make_listing, stock_of

THREADS = 12
SOON = NOW + timedelta(minutes=45)


def reserve(lines: dict[int, int], holder: str) -> bool:
    try:
        with transaction():
            stock.reserve(lines, holder=holder, buyer=holder, expires_at=SOON, now=NOW)
    except DomainError as refusal:
        return refusal.code != "stock.short"
    return True


def buy_ten(sku: int, buyer: int) -> int:
    return sum(reserve({sku: 1}, f"ord_{buyer}_{number}") for number in range(10))


def read_then_write(sku: int, meanwhile: Barrier) -> bool:
    """What stock must never do."""
    reserved, on_hand = session().execute(select(Sku.reserved, Sku.on_hand).where(Sku.id == sku)).one()
    session().rollback()
    meanwhile.wait(timeout=30)
    if reserved + 1 > on_hand:
        return False
    with transaction():
        session().execute(update(Sku).where(Sku.id == sku).values(reserved=reserved + 1))
    return True


def one_of_all_orders(skus: list[int], seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  a repeatable storm
    for number in range(12):
        holder = f"ord_{seed}_{number}"
        reserve({sku: dice.randint(1, 3) for sku in dice.sample(skus, 2)}, holder)
        with transaction():
            dice.choice([stock.take, stock.release])(holder, now=NOW)
        with transaction():
            stock.release_expired(now=SOON if dice.random() < 0.3 else NOW)


def test_a_rush_sells_what_is_there_and_no_more(app: Flask) -> None:
    sku = make_listing(make_factory(), stock=(50,)).skus[0].id
    assert sum(crowd(app, [partial(buy_ten, sku, buyer) for buyer in range(THREADS)])) == 50
    assert (stock_of(sku), stock.imbalances()) == ((50, 50), [])


def test_reading_before_writing_oversells(app: Flask) -> None:
    sku, meanwhile = make_listing(make_factory(), stock=(1,)).skus[0].id, Barrier(THREADS)
    sold = sum(crowd(app, [partial(read_then_write, sku, meanwhile) for _ in range(THREADS)]))
    assert sold == THREADS


def test_carts_in_opposite_order_never_lock_each_other_out(app: Flask) -> None:
    skus = [sku.id for sku in make_listing(make_factory(), stock=(40, 40, 40)).skus]
    crowd(app, [partial(one_of_all_orders, skus, seed) for seed in range(THREADS)])
    assert stock.imbalances() == []


def test_one_hold_ended_by_many_at_once_ends_once(app: Flask) -> None:
    sku = make_listing(make_factory(), stock=(5,)).skus[0].id
    reserve({sku: 2}, "ord_1")

    def end(verb: object) -> bool:
        with transaction():
            return verb("ord_1", now=NOW)

    ended = crowd(app, [partial(end, verb) for verb in (stock.take, stock.release) * 4])
    assert (sum(ended), stock_of(sku)[1], stock.imbalances()) == (1, 0, [])
