"""The search page beside an empty page of the same layout: what finding, reading and showing goods costs.

python benchmarks/search_page.py [ROUNDS]

Both go through the whole application in this process: the session cookie, guard, headers, layout, no content. Queries
are drawn anew each time, so that no answer is kept. Compare CPU, and read both figures beside the ratio.
"""

from __future__ import annotations

import cProfile
import pstats
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from flask import render_template_string

from kernel.web import public
from storefront.app import create_app
from storefront.config import Config
from storefront.demo.load import load
from storefront.reference import prepare
from storefront.search.index import Index
from storefront.search.slices import everything
from storefront.search.tasks import rebuild

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

EMPTY = '{% extends "layouts/shop.html" %}{% block content %}{% endblock content %}'
WORDS = ("羊绒", "围巾", "女", "夹克", "眼镜", "纯钛", "T恤", "毛衣", "儿童", "新款", "家用", "礼盒")
FILTERS = ("", "&stock=1", "&way=direct", "&least=1", "&price=5000-19999", "&way=supply&stock=1")
SORTS = ("", "&sort=price", "&sort=sales", "&sort=newest")
ROUNDS = 300
SHOWN = 25  # lines of the profile


def main(rounds: int) -> None:
    """Load the demo into a fresh deployment; print CPU milliseconds per page, their ratio, and where they go."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(data_dir=Path(folder), extra={"WTF_CSRF_ENABLED": False}))
        prepare(app)
        with app.app_context():
            load(ports=app.extensions["ports"], public_url="")
            _time_reading(app)
        _add_empty_page(app)
        client = app.test_client()
        asked = _addresses(rounds)
        for _warm in range(2):
            searched, empty = _cpu(client, asked), _cpu(client, ["/empty"] * rounds)
        profile = cProfile.Profile()
        profile.runcall(_cpu, client, asked)
    print(f"search page      {searched:6.2f} ms CPU")
    print(f"empty page       {empty:6.2f} ms CPU")
    print(f"ratio            {searched / empty:6.2f}")
    pstats.Stats(profile).sort_stats("tottime").print_stats(SHOWN)


def _time_reading(app: Flask) -> None:
    rebuild(index=app.extensions["ports"].get(Index))
    _timed("documents read", lambda: sum(1 for _each in everything()))


def _timed(what: str, run: Callable[[], int]) -> None:
    run()
    began = time.process_time()
    number = run()
    took = time.process_time() - began
    print(f"{what}: {number} in {took * 1_000:.0f} ms CPU, {took / max(number, 1) * 1e6:.0f} µs each")


def _add_empty_page(app: Flask) -> None:
    @public
    def empty() -> str:
        return render_template_string(EMPTY)

    app._got_first_request = False  # noqa: SLF001  the reference is a late route of this process alone
    app.add_url_rule("/empty", "empty", empty)


def _addresses(rounds: int) -> list[str]:
    draw = random.Random(1)  # noqa: S311  the same queries every time
    return [
        f"/factory-goods?q={draw.choice(WORDS)}{draw.choice(FILTERS)}{draw.choice(SORTS)}&low={number / 100:.2f}"
        for number in range(rounds)
    ]


def _cpu(client: FlaskClient, addresses: list[str]) -> float:
    """CPU milliseconds per page."""
    started = time.process_time()
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, response.status
    return (time.process_time() - started) * 1000 / len(addresses)


if __name__ == "__main__":
    main(int((sys.argv[1:] or [str(ROUNDS)])[0]))
