"""The process that writes the index is killed again and again while goods are loaded: the index is the database's."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from benchmarks.town import town
from kernel import jobs, outbox
from kernel.clock import Clock
from kernel.db import session
from onboarding.listings.models import Listing
from storefront.search.index import TantivyIndex
from storefront.search.rules import MOST_PER_PAGE, ListingDocument, Query
from storefront.search.slices import everything
from tests.faults.ground import inside
from tests.support import house
from tests.support.databases import Database
from tests.support.server import ROOT, Server

KILLS = int(os.getenv("KILLS", "20" if os.getenv("STORM") else "3"))
SEED = int(os.getenv("SEED", "20260302"))
GOODS = 3_000
PATIENCE_SECONDS = 180


class Feeder:
    """Somebody who loads the town again and again, each time at other prices and with other stock."""

    def __init__(self, server: Server, place: Path) -> None:
        self.server, self.place, self.rounds = server, place, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let it finish what it is at."""
        self._stop.set()
        self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.place.write_text("".join(priced(self.rounds)), encoding="utf-8")
            self.server.command("listings", "load", str(self.place), "--json")
            self.rounds += 1


def priced(number: int) -> Iterator[str]:
    """The town, where every listing has another price and another stock each round, and some are sold out."""
    for lines in town(GOODS):
        for line in lines.splitlines():
            told = json.loads(line)
            price = "price_fen" if "price_fen" in told else "retail_price_fen"
            told[price] += number
            told |= {"stock": (told["stock"] + number) % 7} if "stock" in told else {}
            yield json.dumps(told, ensure_ascii=False) + "\n"


class Indexer:
    """The worker of the index queue, a process of its own."""

    def __init__(self, server: Server) -> None:
        command = [sys.executable, "-m", "storefront.cli", "worker", "--queue", "index"]
        self.process = subprocess.Popen(command, env=server.environment, cwd=ROOT)

    def kill(self) -> None:
        """Nobody gets to finish anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(15)


def meta(server: Server) -> str:
    """What the index says of its newest commit."""
    return "".join(each.read_text() for each in (server.data_dir / "index").glob("v*/*/goods/meta.json"))


def wait(until: object) -> None:
    """Wait for something; fails when it does not come."""
    assert callable(until)
    end = time.monotonic() + PATIENCE_SECONDS
    while not until():
        assert time.monotonic() < end
        time.sleep(0.05)


def nothing_waits() -> bool:
    session().rollback()
    return not outbox.waiting() and not jobs.waiting()["index"]


def storm(app: Flask, server: Server, dice: random.Random) -> None:
    """Kill the indexer so many times, each a moment after it wrote something; then let it finish."""
    for _kill in range(KILLS):
        before, indexer = meta(server), Indexer(server)
        wait(lambda seen=before: meta(server) != seen)  # type: ignore[misc]
        time.sleep(dice.uniform(0, 0.5))
        indexer.kill()
        app.extensions["ports"].get(Clock).move(by=jobs.LEASE)


def shown(index: TantivyIndex) -> dict[str, ListingDocument]:
    """Every document of the index, by listing."""
    pages = (index.search(Query(page=page, per_page=MOST_PER_PAGE)) for page in range(1, GOODS // MOST_PER_PAGE + 1))
    return {document.public_id: document for page in pages for document in page.documents()}


@pytest.mark.storm
@pytest.mark.slow
def test_however_often_the_indexer_is_killed_the_index_equals_the_database(database: Database, tmp_path: Path) -> None:
    server = Server(tmp_path / "server", database_url=database.url, SECRET_KEY=house.SECRET)
    with inside(database, server.data_dir) as app:
        feeder = Feeder(server, tmp_path / "town.jsonl")
        storm(app, server, random.Random(SEED))  # noqa: S311  a repeatable storm
        feeder.stop()
        assert feeder.rounds > 0
        indexer = Indexer(server)
        wait(nothing_waits)
        indexer.kill()
        index = TantivyIndex(server.data_dir / "index")
        kept = {document.public_id: document for document in everything()}
        assert len(kept) == index.count() == session().scalar(select(func.count()).select_from(Listing)) == GOODS
        assert shown(index) == kept
