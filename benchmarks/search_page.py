"""The search page beside the same template rendered from constants: what finding and reading cost on top of showing.

Both go through the whole application (session, guard, headers, layout). The reference is the page's own template with
the values that one real request gave it, so the ratio holds only what the search page does before it renders.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import template_rendered

from kernel.web import page, public
from storefront.app import create_app
from storefront.config import Config
from storefront.demo.load import load
from storefront.reference import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

QUERIES = ("羊绒", "围巾", "yangrong", "夹克", "眼镜", "纯钛", "T恤", "毛衣 女", "", "yrwj")
ROUNDS = 300


def main() -> None:
    """Load the demo into a fresh deployment and print CPU milliseconds per page and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(data_dir=Path(folder), extra={"WTF_CSRF_ENABLED": False}))
        prepare(app)
        with app.app_context():
            load(ports=app.extensions["ports"], public_url="")
        _add_reference(app)
        client = app.test_client()
        draw = random.Random(1)  # noqa: S311  the same queries every time
        asked = [draw.choice(QUERIES) for _ in range(ROUNDS)]
        searched = _cpu(lambda: [_get(client, f"/factory-goods?q={query}") for query in asked])
        constant = _cpu(lambda: [_get(client, "/constant") for _ in asked])
    print(f"search page      {searched:6.2f} ms CPU")
    print(f"from constants   {constant:6.2f} ms CPU")
    print(f"ratio            {searched / constant:6.2f}")


def _add_reference(app: Flask) -> None:
    """A page that renders the search template with what one real request gave it."""
    kept: dict[str, Any] = {}
    template_rendered.connect(lambda _app, context, **_: kept.update(context), app, weak=False)
    _get(app.test_client(), "/factory-goods?q=羊绒")
    receivers = list(template_rendered.receivers)
    for receiver in receivers:
        template_rendered.receivers.pop(receiver)
    names = ("choice", "result", "cards", "facets", "chosen_chips", "sorts", "previous_url", "next_url")
    values = {name: kept[name] for name in names}

    @public
    def constant() -> object:
        return page("search/factory_goods.html", **values)

    app._got_first_request = False  # noqa: SLF001  the reference is a late route of this process alone
    app.add_url_rule("/constant", "constant", constant)


def _get(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, response.status


def _cpu(run: Callable[[], object]) -> float:
    """CPU milliseconds per page, after a warm-up round."""
    run()
    started = time.process_time()
    run()
    return (time.process_time() - started) * 1000 / ROUNDS


if __name__ == "__main__":
    main()
