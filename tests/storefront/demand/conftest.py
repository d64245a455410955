"""A shop whose goods are found, browsers of several networks, and what was noted of them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront.demand.journal import Journal
from storefront.search.index import Index
from storefront.search.tasks import rebuild
from tests.storefront.shop import Shop

Seek = Callable[..., None]
HOME = "http://localhost"


@pytest.fixture
def journal(app: Flask) -> Journal:
    found: Journal = app.extensions["searches"]
    return found


@pytest.fixture
def browser(app: Flask, shop: Shop) -> FlaskClient:
    """Nobody's browser, in which goods are found."""
    rebuild(index=app.extensions["ports"].get(Index))
    return app.test_client()


@pytest.fixture
def seek(browser: FlaskClient) -> Seek:
    """Search from a network, and open goods from what was found."""

    def go(text: str, network: int = 1, *, opens: str = "", also: str = "", agent: str = "Mozilla/5.0") -> None:
        told = {"environ_base": {"REMOTE_ADDR": f"203.0.113.{network}", "HTTP_USER_AGENT": agent}}
        results = f"/factory-goods?q={text}{also}"
        assert browser.get(results, **told).status_code == 200  # type: ignore[arg-type]
        if opens:
            asked = {"Referer": HOME + results}
            assert browser.get(opens, headers=asked, **told).status_code == 200  # type: ignore[arg-type]

    return go


@pytest.fixture
def goods(shop: Shop) -> str:
    """The address of Wei's scarf."""
    return f"/goods/{shop.listing.public_id}-yang-rong-wei-jin"
