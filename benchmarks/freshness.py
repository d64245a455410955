"""How long until a change of goods shows in search, while goods change a hundred times a second and people search.

python -m benchmarks.freshness [--listings 20000] [--seconds 30] [--rate 100] [--clients 8] [--database URL]

A real deployment: web processes and workers under their supervisor, clients that search over HTTP without a pause,
changes by the operations that people use. Every sample changes one listing's price or stock, then asks the search page
for it by that price, or for what is in stock, on new connections, until the answer is the new one so many times running
that every web process has given it. Prices on cards are read from the database: the filters are what only the index
can answer.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
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
from tests.support.server import Server

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

RUNNING: Final = 6
"""So many right answers in a row: with two web processes one of them missed one time in thirty."""
FEWEST: Final = 5
PATIENCE_SECONDS: Final = 60
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
            report(told, *storm(server, told))
        finally:
            server.stop()


def storm(server: Server, told: argparse.Namespace) -> tuple[list[float], int, int, list[float]]:
    """Let people search and goods change, and measure; seconds per sample, changes, searches and their seconds."""
    config = Config(data_dir=server.data_dir, **({"database_url": told.database} if told.database else {}))
    app = create_app(config)
    with app.app_context():
        settle()
        goods = some_goods(told.rate * told.seconds + 500)
    context = multiprocessing.get_context("spawn")
    stop, changed, searched = context.Event(), context.Value("i", 0), context.Queue()
    start = time.time() + 3
    people = [context.Process(target=search, args=(server.port, seed, stop, searched)) for seed in range(told.clients)]
    share = told.rate / 2
    makers = [
        context.Process(target=change, args=(config, goods[500 + n :: 2], share, (start, stop), changed))
        for n in (0, 1)
    ]
    for each in (*people, *makers):
        each.start()
    time.sleep(max(start - time.time(), 0) + 1)
    with app.app_context():
        samples = sample(server.port, goods[:500], app.extensions["ports"].get(Clock), until=start + told.seconds)
    stop.set()
    seconds = [took for _ in people for took in searched.get()]
    for each in (*people, *makers):
        each.join()
    return samples, changed.value, len(seconds), seconds


def report(told: argparse.Namespace, samples: list[float], changes: int, searches: int, seconds: list[float]) -> None:
    """Say what was seen."""
    if len(samples) < FEWEST:
        print(f"only {len(samples)} samples in {told.seconds} s: this machine has no time for it")
        return
    cuts, walls = quantiles(samples, n=20), quantiles(seconds, n=20)
    print(f"{told.listings} listings, {changes / told.seconds:.0f} changes/s of {told.rate} asked for")
    print(f"{told.clients} clients: {searches / told.seconds:.0f} searches/s, p50 {walls[9]:.3f} p95 {walls[18]:.3f} s")
    print(f"visible after p50 {cuts[9]:.2f}  p95 {cuts[18]:.2f}  max {max(samples):.2f} s  ({len(samples)} samples)")


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


def change(config: Config, goods: list[Goods], rate: float, times: tuple[float, Event], done: Any) -> None:  # noqa: ANN401
    """Change one of the goods so many times a second: its price, its stock, or take it off sale."""
    app, (start, stop) = create_app(config), times
    clock = app.extensions["ports"].get(Clock)
    with app.app_context():
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


def sample(port: int, goods: list[Goods], clock: Clock, *, until: float) -> list[float]:
    """Change one of the goods, wait until all see it, and again; seconds each took."""
    seconds = []
    for number, one in enumerate(goods):
        if time.time() > until:
            break
        prices, stock = ({}, {one.sku: 0}) if number % 2 else ({one.sku: one.price_fen + 3}, {})
        edit_listing(actor=owner(one), listing=one.listing, words={}, prices=prices, stock=stock, now=clock.now())
        db.session.remove()
        began = time.monotonic()
        narrowed = {"stock": "1"} if number % 2 else {"price": f"{one.price_fen + 3}-{one.price_fen + 3}"}
        path = "/factory-goods?" + urlencode({"q": one.code, **narrowed})
        seconds.append(_seen(port, path, one.listing, number % 2 == 0) - began)
    return seconds


def _seen(port: int, path: str, listing: str, is_there: bool) -> float:  # noqa: FBT001
    """When the first of the last answers came that were all right."""
    right, first, end = 0, 0.0, time.monotonic() + PATIENCE_SECONDS
    while right < RUNNING:
        if time.monotonic() > end:
            raise RuntimeError(f"never seen: {path}")
        asked = time.monotonic()
        if (listing in _get(port, path)) == is_there:
            first = first if right else asked
            right += 1
        else:
            right = 0
    return first


def search(port: int, seed: int, stop: Event, searched: Any) -> None:  # noqa: ANN401
    """Search without a pause, as one person after the other."""
    dice, seconds = random.Random(seed), []  # noqa: S311  the same searches every time
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
