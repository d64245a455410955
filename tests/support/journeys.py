"""Fixtures of journeys, storms and kill tests: a real server, a real browser, people before it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support import browser as chromium
from tests.support.browser import DESK, PHONE, Device
from tests.support.server import Server


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`make_server()` is a started deployment of its own; keywords go to its environment."""
    with ExitStack() as stack:

        def make(*, database_url: str | None = None, demo: bool = False, **environment: str) -> Server:
            server = Server(tmp_path / f"server{len(made)}", database_url=database_url, **environment)
            made.append(server)
            stack.callback(server.kill)
            if demo:
                server.command("demo")
            server.start()
            return server

        made: list[Server] = []
        yield make


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One deployment with the demo in it, shared by all journeys of a process, whose people sign in again and again."""
    server = Server(tmp_path_factory.mktemp("demo") / "data", LIMITS_SCALE="100")
    server.command("demo")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    if not chromium.executable() and not os.getenv("CI"):
        pytest.skip("no chromium on this machine: make test-needs")
    with chromium.launched() as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`visit(server.url, PHONE)` is a fresh person's page; at the end every complaint fails the test."""
    with ExitStack() as stack:

        def open_page(url: str, device: Device = DESK, *, script: bool = True, locale: str = "zh-CN") -> Page:
            return stack.enter_context(chromium.visit(browser, url, device, script=script, locale=locale))

        yield open_page


@pytest.fixture
def phone(visit: Callable[..., Page], demo_server: Server) -> Page:
    """Somebody with a phone before the demo."""
    return visit(demo_server.url, PHONE)


@pytest.fixture
def desk(visit: Callable[..., Page], demo_server: Server) -> Page:
    """Somebody at a desk before the demo."""
    return visit(demo_server.url, DESK)
