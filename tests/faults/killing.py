"""Kill points: a child forked from the warmed application is killed at its n-th statement, commit or rail call."""

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import event

from commission.payments.rail import Rail
from kernel.db import db
from storefront.photos.index import PhotoIndex
from storefront.search.index import Index

CALLS = ("charge", "refund", "payout", "query")


@dataclass
class Countdown:
    """Dies when it has been told of so many moments."""

    left: int

    def tick(self, *_told: object, **_more: object) -> None:
        """One more moment went by."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_at(app: Flask, moment: int, deed: Callable[[], None]) -> bool:
    """Do something in a child that is killed at that moment; False when it was done before the moment came."""
    db.session.remove()
    db.engine.dispose()  # the child opens connections of its own, and writers, whose threads do not survive a fork
    for index in (Index, PhotoIndex):
        app.extensions["ports"].get(index).close()
    child = os.fork()
    if child == 0:
        _do_and_leave(app, moment, deed)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed by itself: its trace is above"
    return False


def _do_and_leave(app: Flask, moment: int, deed: Callable[[], None]) -> None:
    """Never returns: a forked test process must not go on as a second one."""
    try:
        _arm(app, Countdown(moment))
        deed()
    except BaseException:  # noqa: BLE001  whatever it was, the parent reads it from the exit code
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _arm(app: Flask, countdown: Countdown) -> None:
    """After every statement, before and after every commit, before and after every call of the rail."""
    event.listen(db.engine, "after_cursor_execute", countdown.tick)
    event.listen(db.engine, "commit", countdown.tick)
    event.listen(db.session, "after_commit", countdown.tick)
    rail: Any = app.extensions["ports"].get(Rail)
    for name in CALLS:
        setattr(rail, name, partial(_call, getattr(rail, name), countdown))


def _call(original: Callable[..., Any], countdown: Countdown, **told: Any) -> Any:  # noqa: ANN401  as the rail answers
    countdown.tick()
    answer = original(**told)
    countdown.tick()
    return answer
