"""How long until a change of goods shows in search, while goods change a hundred times a second and people search.

python -m benchmarks.freshness [--listings 20000] [--seconds 30] [--rate 100] [--clients 8] [--database URL]

A real deployment: web processes and workers under their supervisor, clients that search over HTTP without a pause,
changes by the operations that people use. Every sample changes one listing's price or stock, then looks into the index
for it by that price, or for what is in stock, as each web process does at every search, until the answer is the new
one; then a page asked over HTTP must say the same. Prices on cards are read from the database: the filters are what
only the index can answer.

Seconds on a machine that works for others meanwhile say little: what others took of it stands beside them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from sqlalchemy import select

from benchmarks.town import town
from kernel.clock import Clock
from kernel.db import db, session
from kernel.jobs import waiting
from kernel.permissions import SYSTEM, Actor, Membership, Role
from onboarding.listings.models import Listing, Sku
from onboarding.listings.operations import edit_listing
from onboarding.listings.takedowns import take_down
from storefront.app import create_app
from storefront.config import Config
from storefront.search.index import Index
from storefront.search.rules import Query
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Collection
    from multiprocessing.synchronize import Barrier, Event

    from flask import Flask

FEWEST: Final = 5
MAKERS: Final = 2
PATIENCE_SECONDS: Final = 60
LOOK_SECONDS: Final = 0.02
WORDS: Final = [
    "围巾",
    "羊绒",
    "毛巾",
    "眼镜",
    "茶具",
    "保温杯",
    "童装",
    "手机壳",
    "收纳",
    "抱枕",
    "台灯",
    "袜子",
    "拖鞋",
    "花瓶",
    "雨伞",
]


@dataclass(frozen=True)
class Goods:
    """A listing of one variant, and its factory."""

    listing: str
    code: str
    sku: str
    price_fen: int
    house: int


@dataclass(frozen=True)
class Seen:
    """What was measured: seconds until visible, pages that said otherwise, per second, seconds of searches, share."""

    samples: list[float]
    wrong: int
    changes: float
    searches: float
    waits: list[float]
    others: float


def main() -> None:
    """Print the percentiles."""
    asked = argparse.ArgumentParser()
    for name, least in (("listings", 20_000), ("seconds", 30), ("rate", 100), ("clients", 8)):
        asked.add_argument(f"--{name}", type=int, default=least)
    asked.add_argument("--database")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", database_url=told.database, LIMITS_SCALE="100000")
        server.command("migrate")
        lines = Path(folder) / "town.jsonl"
        lines.write_text("".join(town(told.listings)), encoding="utf-8")
        server.command("listings", "load", str(lines), "--json")
        server.command("reindex")
        server.start()
        try:
            report(told, storm(server, told))
        finally:
            server.stop()


def storm(server: Server, told: argparse.Namespace) -> Seen:
    """Let people search and goods change, and measure."""
    config = Config(data_dir=server.data_dir, **({"database_url": told.database} if told.database else {}))
    app = create_app(config)
    with app.app_context():
        settle()
        goods = some_goods(told.rate * told.seconds + 500)
    context = multiprocessing.get_context("spawn")
    stop, changed, searched = context.Event(), context.Value("i", 0), context.Queue()
    ready = context.Barrier(told.clients + MAKERS + 1)
    people = [
        context.Process(target=search, args=(server.port, seed, (ready, stop), searched))
        for seed in range(told.clients)
    ]
    makers = [
        context.Process(
            target=change, args=(config, goods[500 + n :: MAKERS], told.rate / MAKERS, (ready, stop), changed)
        )
        for n in range(MAKERS)
    ]
    for each in (*people, *makers):
        each.start()
    ready.wait()
    machine = Machine((server.pid, os.getpgid(0)))
    with app.app_context():
        samples, wrong = sample(server.port, goods[:500], app, until=time.time() + told.seconds)
    changes, others = changed.value, machine.others()
    stop.set()
    seconds = [took for _ in people for took in searched.get()]
    for each in (*people, *makers):
        each.join()
    return Seen(samples, wrong, changes / machine.seconds, len(seconds) / machine.seconds, seconds, others)


def report(told: argparse.Namespace, seen: Seen) -> None:
    """Say what was seen."""
    print(f"{told.listings} listings, {seen.changes:.0f} changes/s of {told.rate} asked for")
    print(f"others took {seen.others:.0%} of the machine meanwhile")
    if len(seen.samples) < FEWEST:
        print(f"only {len(seen.samples)} samples in {told.seconds} s: this machine has no time for it")
        return
    cuts, walls = quantiles(seen.samples, n=20), quantiles(seen.waits, n=20)
    print(f"{told.clients} clients: {seen.searches:.0f} searches/s, p50 {walls[9]:.3f} p95 {walls[18]:.3f} s")
    print(f"visible after p50 {cuts[9]:.2f}  p95 {cuts[18]:.2f}  max {max(seen.samples):.2f} s", end="  ")
    print(f"({len(seen.samples)} samples, {seen.wrong} pages said otherwise)")


def settle() -> None:
    """Wait until the worker has done what the load left."""
    while waiting()["index"]:
        session().rollback()
        time.sleep(0.5)
    session().rollback()


def some_goods(number: int) -> list[Goods]:
    """Goods in stock of one variant."""
    query = select(Listing.public_id, Listing.code, Sku.public_id, Sku.retail_price_fen, Listing.organisation_id)
    simple = query.join(Sku, Sku.listing_id == Listing.id).where(Sku.options_key == "", Sku.on_hand > 0)
    found = [Goods(*tuple[Any, ...](row)) for row in session().execute(simple.limit(number))]
    session().rollback()
    return found


def owner(goods: Goods) -> Actor:
    """Whoever owns the factory."""
    return Actor(name="owner", memberships=(Membership(goods.house, "fac", "", "factory", Role.OWNER),))


def change(config: Config, goods: list[Goods], rate: float, turns: tuple[Barrier, Event], done: Any) -> None:  # noqa: ANN401
    """Change one of the goods so many times a second: its price, its stock, or take it off sale."""
    app, (ready, stop) = create_app(config), turns
    clock = app.extensions["ports"].get(Clock)
    with app.app_context():
        ready.wait()
        start = time.time()
        for number, one in enumerate(goods * 4):
            time.sleep(max(start + number / rate - time.time(), 0))
            if stop.is_set():
                return
            _change(one, number, clock)
            db.session.remove()
            with done.get_lock():
                done.value += 1


def _change(one: Goods, number: int, clock: Clock) -> None:
    told: dict[str, Any] = {"words": {}, "prices": {}, "stock": {}}
    if number % 10 == 0:
        words = {"reason_code": "other", "told": "测试时下架的商品", "internal": ""}
        take_down(actor=SYSTEM, listing=one.listing, **words, now=clock.now())
        return
    if number % 3:
        told["prices"] = {one.sku: one.price_fen + number % 7 + 1}
    else:
        told["stock"] = {one.sku: number % 90}
    edit_listing(actor=owner(one), listing=one.listing, **told, now=clock.now())


def sample(port: int, goods: list[Goods], app: Flask, *, until: float) -> tuple[list[float], int]:
    """Change one of the goods, wait until it is seen, and again; seconds each took, and how many pages disagreed."""
    clock, index = (app.extensions["ports"].get(kind) for kind in (Clock, Index))
    seconds, wrong = [], 0
    for number, one in enumerate(goods):
        if time.time() > until:
            break
        in_stock, price = bool(number % 2), one.price_fen + 3
        prices, stock = ({}, {one.sku: 0}) if in_stock else ({one.sku: price}, {})
        edit_listing(actor=owner(one), listing=one.listing, words={}, prices=prices, stock=stock, now=clock.now())
        db.session.remove()
        asked = {"in_stock": True} if in_stock else {"price_min_fen": price, "price_max_fen": price}
        seconds.append(_seen(index, Query(q=one.code, **asked), one.listing, is_there=not in_stock))
        narrowed = {"stock": "1"} if in_stock else {"price": f"{price}-{price}"}
        page = _get(port, "/factory-goods?" + urlencode({"q": one.code, **narrowed}))
        wrong += (one.listing in page) == in_stock
    return seconds, wrong


def _seen(index: Index, query: Query, listing: str, *, is_there: bool) -> float:
    """Seconds until the index answers so."""
    began = time.monotonic()
    while (listing in index.search(query).hits) != is_there:
        if time.monotonic() > began + PATIENCE_SECONDS:
            raise RuntimeError(f"never seen: {query}")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


class Machine:
    """What the processors did since this was made, for some groups of processes and for all others."""

    def __init__(self, groups: Collection[int]) -> None:
        self._groups, self._began = groups, time.monotonic()
        self._busy, self._own, self.seconds = _busy(), _spent(groups), 0.0

    def others(self) -> float:
        """The share of all processors that went to others."""
        self.seconds = time.monotonic() - self._began
        mine = _spent(self._groups) - self._own
        return max(_busy() - self._busy - mine, 0) / os.sysconf("SC_CLK_TCK") / self.seconds / (os.cpu_count() or 1)


def _busy() -> int:
    user, nice, system, _idle, _wait, *more = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    return sum(map(int, (user, nice, system, *more[:3])))


def _spent(groups: Collection[int]) -> int:
    """Ticks of the processes alive in these groups."""
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = place.read_text().rsplit(")", 1)[1].split()
            ticks += int(told[11]) + int(told[12]) if int(told[2]) in groups else 0
    return ticks


def search(port: int, seed: int, turns: tuple[Barrier, Event], searched: Any) -> None:  # noqa: ANN401
    """Search without a pause, as one person after the other."""
    dice, seconds = random.Random(seed), []  # noqa: S311  the same searches every time
    ready, stop = turns
    ready.wait()
    while not stop.is_set():
        began = time.monotonic()
        _get(port, "/factory-goods?" + urlencode({"q": f"{dice.choice(WORDS)} {dice.choice(WORDS)}"}))
        seconds.append(time.monotonic() - began)
    searched.put(seconds)


def _get(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} for {path}: {body[:200]}")
    return body


if __name__ == "__main__":
    main()
