"""No test leaves this machine, and no unit test opens an internet socket at all."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MARKS_WITH_A_SERVER = ("network", "journey", "storm")


@pytest.fixture(autouse=True)
def closed_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse internet sockets; tests that start a server may speak to it on the loopback address."""
    allowed = LOOPBACK if any(request.node.get_closest_marker(mark) for mark in MARKS_WITH_A_SERVER) else set()
    for method in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, method, _guarded(getattr(socket.socket, method), allowed))


def _guarded(original: Callable[..., Any], allowed: set[str]) -> Callable[..., Any]:
    def guard(self: socket.socket, address: Any) -> Any:  # noqa: ANN401  as the socket module has it
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in allowed:
            message = f"reached for {address}: unit tests open no socket, marked ones speak to this machine"
            raise AssertionError(message)
        return original(self, address)

    return guard
