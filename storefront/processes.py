"""Processes of a deployment on one machine: web server and worker under one supervisor, one Ctrl-C for all."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from structlog import get_logger

from kernel.jobs import QUEUES
from kernel.work import Plan, work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask

_log = get_logger("supervisor")
_PATIENCE_SECONDS = 10
_LONGEST_LINE = 8190  # the most that gunicorn takes: beyond it no page of ours can answer
_SIGNAL_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG of linux/prctl.h; elsewhere workers notice by themselves
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_COMMAND = (sys.executable, "-m", "storefront.cli")


def serve(*, host: str, port: int, workers: int, threads: int) -> int:
    """Run gunicorn and the worker; returns the exit code after a stop signal."""
    web = (
        *(sys.executable, "-m", "storefront.web", "wsgi:app", "--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)),
        *("--graceful-timeout", str(_PATIENCE_SECONDS), "--timeout", "60", "--keep-alive", "5"),
        *("--limit-request-line", str(_LONGEST_LINE)),
        "--no-control-socket",  # it lies in the home directory, where two deployments would fight for it
    )
    return _supervise({"web": web, **_worker_commands()})


def supervise_worker() -> int:
    """Run one process per queue; returns the exit code after a stop signal."""
    return _supervise(_worker_commands())


def run_queue(app: Flask, plan: Plan, *, queue: str) -> None:
    """Run one queue until a stop signal comes or the supervisor is gone."""
    stop = threading.Event()
    parent = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_stop_when_orphaned, args=(parent, stop), daemon=True).start()
    with app.app_context():
        work(plan, queue=queue, ports=app.extensions["ports"], stop=stop)


def _worker_commands() -> dict[str, tuple[str, ...]]:
    return {f"worker-{queue}": (*_COMMAND, "worker", "--queue", queue) for queue in QUEUES}


def _supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Keep every command running until SIGINT or SIGTERM, then stop them all."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    running = {name: _start(command) for name, command in commands.items()}
    while not stop.wait(0.2):
        for name, process in running.items():
            if process.poll() is not None:
                _log.warning("process ended, starting it again", process=name, code=process.returncode)
                stop.wait(1)
                running[name] = _start(commands[name])
    return _stop_all(list(running.values()))


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, preexec_fn=partial(_as_child, os.getpid()))  # noqa: S603, PLW1509


def _as_child(supervisor: int) -> None:
    """Between fork and exec: Ctrl-C comes through the supervisor alone, so that all stop in order.

    When the supervisor is killed, Linux stops the child too: nobody is left behind on the port.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _LIBC is not None:
        _LIBC.prctl(_SIGNAL_WHEN_PARENT_DIES, signal.SIGTERM)
        if os.getppid() != supervisor:  # it died before the line above
            os._exit(1)


def _stop_all(processes: list[subprocess.Popen[bytes]]) -> int:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    return 0


def _stop_when_orphaned(parent: int, stop: threading.Event) -> None:
    while not stop.wait(1):
        if os.getppid() != parent:
            stop.set()
