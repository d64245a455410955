"""The demo on a day that never passes, with a full cart, an unread sheet and searches, before who is signed in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.files import Files
from kernel.permissions import ANONYMOUS, Actor
from kernel.work import drain
from onboarding.accounts.queries import actor_of
from onboarding.listings.models import Listing
from onboarding.listings.operations import upload_sheet
from onboarding.offers.models import Offer
from storefront.cart.operations import add_line
from storefront.demo.joining import SHEETS
from storefront.demo.people import LIN, WEI, acting
from storefront.jobs import PLAN
from tests.cast import NOW
from tests.support import demo
from tests.support.book import shoppers
from tests.support.book.pages import SHEET

IN_CART = (("羊绒围巾", 2), ("羊绒袜", 3), ("铁观音", 2), ("马卡龙拉杆箱", 1))
HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Answers without a line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """The application on a copy of the demo in `folder`."""
    shutil.copytree(demo.loaded(), folder)
    with demo.deployment(folder) as app:
        app.extensions["load_actor"] = _known
        app.extensions["full_cart"] = _fill_cart()
        _upload(app)
        shoppers.ask_with_a_photo(app)
        shoppers.come(app)
        yield app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application at an address of this machine."""
    server = make_server(HOST, 0, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://{HOST}:{server.server_port}"
    server.shutdown()
    thread.join()


def cookie_of(app: Flask, user: str) -> str:
    """What the browser of a user (public id) keeps; nobody's is empty."""
    if not user:
        return ""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["sid"] = user
        kept["cart"] = app.extensions["full_cart"]
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found
    return found.value


def _known(sid: str, *, now: object) -> Actor:
    try:
        return actor_of(sid)
    except NotFoundError:
        return ANONYMOUS


def _fill_cart() -> str:
    """Things of several sellers, so that the cart falls into orders."""
    cart, lin = "", acting(LIN)
    for title, pieces in IN_CART:
        wanted = select(Offer.public_id).join(Listing, Listing.id == Offer.listing_id)
        on_sale = wanted.where(Listing.title.contains(title), Offer.kind == "own", Offer.state == "on")
        offer = session().scalars(on_sale.order_by(Offer.id).limit(1)).first()
        assert offer, f"the demo sells no {title}"
        cart = add_line(cart=cart, offer=offer, quantity=pieces, actor=lin, now=NOW)
    return cart


def _upload(app: Flask) -> None:
    """Wei hands in a sheet and has not decided about it."""
    ports = app.extensions["ports"]
    key = ports.get(Files).put((SHEETS / SHEET).read_bytes())
    upload_sheet(actor=acting(WEI), filename=SHEET, file_key=key, now=NOW)
    drain(replace(PLAN, schedules=()), ports=ports)
