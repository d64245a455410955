"""Whatever process of a deployment is killed, the others notice: it comes back whole, and no orphan keeps its port."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.browser import Browser
from tests.faults.killer import family
from tests.support.server import Server

pytestmark = [pytest.mark.storm, pytest.mark.slow]
SECONDS = 25


def within(seconds: float, done: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not (reached := done()) and time.monotonic() < until:
        time.sleep(0.1)
    return reached


def answers(server: Server) -> bool:
    with suppress(OSError):
        return Browser(server.port, seconds=2).open("/healthz").status == 200
    return False


def is_whole(server: Server) -> bool:
    now = family(server.pid)
    return [len(now[kind]) for kind in ("web master", "web process", "worker")] == [1, 2, 3]


@pytest.mark.parametrize("kind", ["web master", "web process", "worker"])
def test_what_is_killed_comes_back(make_server: Callable[..., Server], kind: str) -> None:
    server = make_server()
    assert within(SECONDS, lambda: is_whole(server))
    victim = family(server.pid)[kind][0]
    os.kill(victim, signal.SIGKILL)
    assert within(SECONDS, lambda: victim not in family(server.pid)[kind] and is_whole(server)), server.log()
    assert within(SECONDS, lambda: answers(server)), server.log()


def test_a_killed_supervisor_leaves_nobody_on_the_port(make_server: Callable[..., Server]) -> None:
    server = make_server()
    assert within(SECONDS, lambda: is_whole(server))
    left = [pid for pids in family(server.pid).values() for pid in pids]
    server.behead()
    assert within(SECONDS, lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
    server.start()
    assert answers(server)


def test_two_deployments_of_one_person_share_nothing(make_server: Callable[..., Server], tmp_path: Path) -> None:
    servers = [make_server(HOME=str(tmp_path)) for _number in range(2)]
    assert all(answers(server) for server in servers)
    assert not (tmp_path / ".gunicorn").exists()
