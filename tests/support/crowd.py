"""Many at once: threads that start together, each with an application context of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask

from kernel.db import db

Result = TypeVar("Result")


def crowd(app: Flask, tasks: list[Callable[[], Result]]) -> list[Result]:
    """Run all tasks from one starting line; an error in one is an error of the test."""
    line = Barrier(len(tasks))

    def run(task: Callable[[], Result]) -> Result:
        with app.app_context():
            line.wait(timeout=30)
            try:
                return task()
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))
