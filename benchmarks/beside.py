"""Pages measured beside an empty page of the same application: same session, headers, layout and language.

The reference extends the layout that the pages extend, is rendered the same way, and says nothing. Both are asked in
turns, so that what else the machine does falls on both. Compare CPU, and read both figures beside the ratio.
"""

from __future__ import annotations

import cProfile
import pstats
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import ChoiceLoader, DictLoader

from kernel.web import page, public
from storefront.app import create_app
from storefront.config import Config
from storefront.demo.load import load
from storefront.reference import prepare
from storefront.search.index import Index
from storefront.search.tasks import rebuild

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask, Response
    from flask.testing import FlaskClient

TOLD: Final = 35
_EMPTY: Final = '{% extends "layouts/shop.html" %}{% block title %}空页{% endblock %}{% block content %}{% endblock %}'


@contextmanager
def deployment(folder: str = "") -> Iterator[Flask]:
    """What a data folder holds, else the demo in a fresh one; with the empty page at `/empty`."""
    with tempfile.TemporaryDirectory() as fresh:
        app = create_app(Config(data_dir=Path(folder or fresh), extra={"WTF_CSRF_ENABLED": True}))
        prepare(app)
        if not folder:
            with app.app_context():
                load(ports=app.extensions["ports"], public_url="")
                rebuild(index=app.extensions["ports"].get(Index))
        _add_reference(app)
        yield app


def compare(what: str, client: FlaskClient, paths: Sequence[str]) -> None:
    """CPU milliseconds of pages and of the empty page, and their ratio."""
    shown, empty = [], []
    for path in paths:
        shown.append(_cpu(client, path))
        empty.append(_cpu(client, "/empty"))
    mean, nothing = statistics.fmean(shown), statistics.fmean(empty)
    middle, middle_empty = statistics.median(shown), statistics.median(empty)
    print(f"{what}: {len(paths)} pages, {len(set(paths))} addresses")
    print(f"  page   {mean:6.2f} ms CPU ({middle:.2f} in the middle)")
    print(f"  empty  {nothing:6.2f} ms CPU ({middle_empty:.2f} in the middle)")
    print(f"  ratio  {mean / nothing:6.2f}        ({middle / middle_empty:.2f})")


def profile(client: FlaskClient, paths: Sequence[str]) -> None:
    """Where the CPU of pages goes."""
    with cProfile.Profile() as told:
        for path in paths:
            client.get(path)
    pstats.Stats(told).sort_stats("tottime").print_stats(TOLD)
    pstats.Stats(told).sort_stats("cumtime").print_stats(TOLD * 2)


def _add_reference(app: Flask) -> None:
    loader = app.jinja_env.loader
    assert loader is not None
    app.jinja_env.loader = ChoiceLoader([loader, DictLoader({"empty.html": _EMPTY})])

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
