"""Somebody who kills the processes of a deployment at random moments and starts what does not return by itself."""

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from kernel.clock import ShiftedClock
from tests.support.server import Server

WAYS = {"all": 2, "web process": 6, "web master": 1, "worker": 6, "supervisor": 1}
GROWN_SECONDS = 8
LEASE = timedelta(seconds=20)  # time moves on after each kill, so that nobody waits for leases to run out


@dataclass
class Killer:
    """Kills so many times, with pauses of up to `pause` seconds, then stops; `failure` says why it could not go on."""

    server: Server
    clock: ShiftedClock
    dice: random.Random
    kills: int
    pause: float = 2.0
    done: Counter[str] = field(default_factory=Counter)
    failure: BaseException | None = None
    finished: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin, beside whatever else goes on."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            while self.done.total() < self.kills:
                self.finished.wait(self.dice.uniform(0.1, self.pause))
                self.server.wait_until_ready()
                self._strike(self.dice.choices(list(WAYS), list(WAYS.values()))[0])
        except BaseException as failure:  # noqa: BLE001  the test raises it
            self.failure = failure
        finally:
            self.finished.set()

    def _strike(self, way: str) -> None:
        self.clock.move(by=LEASE)
        if way == "all":
            self.server.restart()
        elif way == "supervisor":
            self.server.behead()
            self.server.start()
        elif victims := _grown(family(self.server.pid)[way]):
            _kill(self.dice.choice(victims))
        else:
            return
        self.done[way] += 1


def family(supervisor: int) -> dict[str, list[int]]:
    """The processes below a supervisor by what they are."""
    parents = _parents()
    children = [pid for pid, parent in parents.items() if parent == supervisor]
    masters = [pid for pid in children if "storefront.web" in _command(pid)]
    return {
        "web master": masters,
        "web process": [pid for pid, parent in parents.items() if parent in masters],
        "worker": [pid for pid in children if "--queue" in _command(pid)],
    }


def _grown(processes: list[int]) -> list[int]:
    """Those that have had time to start: on a slow machine nothing would ever be done by the others."""
    now = time.time()
    return [pid for pid in processes if (born := _born(pid)) and now - born > GROWN_SECONDS]


def _born(pid: int) -> float:
    with suppress(OSError):
        return Path(f"/proc/{pid}").stat().st_mtime
    return 0


def _parents() -> dict[int, int]:
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found[int(place.name)] = int((place / "stat").read_text().rsplit(")", 1)[1].split()[1])
    return found


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _kill(pid: int) -> None:
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
