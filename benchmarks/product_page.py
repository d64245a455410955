"""The product page beside an empty page of the same application: same session, headers, layout and language.

The reference extends the layout that the product page extends, is rendered the same way, and says nothing. Both are
asked in turns, so that what else the machine does falls on both. Give a data folder to measure on what it holds.
"""

from __future__ import annotations

import cProfile
import itertools
import pstats
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import ChoiceLoader, DictLoader

from kernel.web import page, public
from storefront.app import create_app
from storefront.catalogue.queries import last_goods, public_goods
from storefront.config import Config
from storefront.demo.load import load
from storefront.reference import prepare

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.testing import FlaskClient

ROUNDS: Final = 12
GOODS: Final = 40
TOLD: Final = 35
EMPTY: Final = '{% extends "layouts/shop.html" %}{% block title %}空页{% endblock %}{% block content %}{% endblock %}'


def main() -> None:
    """Print CPU milliseconds of both pages and their ratio; with `--profile` also where the product page's go."""
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    with tempfile.TemporaryDirectory() as fresh:
        app = create_app(Config(data_dir=Path(folders[0] if folders else fresh), extra={"WTF_CSRF_ENABLED": True}))
        prepare(app)
        if not folders:
            with app.app_context():
                load(ports=app.extensions["ports"], public_url="")
        _add_reference(app)
        with app.app_context():
            goods = [path for path, _day in public_goods(first=1, last=last_goods())[-GOODS:]]
        _compare(app.test_client(), goods)
        if "--profile" in sys.argv:
            _profile(app.test_client(), goods)


def _compare(client: FlaskClient, goods: list[str]) -> None:
    """Both are asked as by somebody who came before: her cookie holds the token of a form."""
    for path in goods:
        _cpu(client, path)
    shown, empty = [], []
    for path in itertools.chain.from_iterable([goods] * ROUNDS):
        shown.append(_cpu(client, path))
        empty.append(_cpu(client, "/empty"))
    product, nothing = statistics.fmean(shown), statistics.fmean(empty)
    print(f"product page  {product:6.2f} ms CPU  ({statistics.median(shown):.2f} in the middle, {len(goods)} goods)")
    print(f"empty page    {nothing:6.2f} ms CPU  ({statistics.median(empty):.2f} in the middle)")
    print(f"ratio         {product / nothing:6.2f}     ({statistics.median(shown) / statistics.median(empty):.2f})")


def _profile(client: FlaskClient, goods: list[str]) -> None:
    with cProfile.Profile() as profile:
        for path in goods:
            client.get(path)
    pstats.Stats(profile).sort_stats("tottime").print_stats(TOLD)
    pstats.Stats(profile).sort_stats("cumtime").print_stats(TOLD * 2)


def _add_reference(app: Flask) -> None:
    loader = app.jinja_env.loader
    assert loader is not None
    app.jinja_env.loader = ChoiceLoader([loader, DictLoader({"empty.html": EMPTY})])

    @public
    def empty() -> Response:
        return page("empty.html")

    app.add_url_rule("/empty", "empty", empty)


def _cpu(client: FlaskClient, path: str) -> float:
    """CPU milliseconds of one answer."""
    started = time.process_time()
    response = client.get(path)
    took = (time.process_time() - started) * 1000
    assert response.status_code == 200, (path, response.status)
    return took


if __name__ == "__main__":
    main()
