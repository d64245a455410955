"""Lighthouse's marks for the pages that must be fast, one after the other on a quiet machine."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from tests.face.check.tools import LIGHTHOUSE
from tests.support.browser import QUIET, executable

LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TRIES = 3  # the middle one of three, where the first falls short: a busy machine is no slow page


@dataclass(frozen=True)
class Subject:
    """A page that is marked, whose cookie to bring, and in what it need not shine."""

    name: str
    path: str
    cookie: str = ""
    but: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marks:
    """What a page got, 0–100 each."""

    subject: Subject
    marks: dict[str, int]

    @property
    def short(self) -> list[str]:
        """The categories in which it falls short."""
        return [name for name, mark in self.marks.items() if mark < LEAST and name not in self.subject.but]


def marked(url: str, subjects: list[Subject]) -> Iterator[Marks]:
    """The marks of every subject."""
    for one in subjects:
        tries = [_run(url, one)]
        while len(tries) < TRIES and Marks(one, tries[0]).short:
            tries.append(_run(url, one))
        yield Marks(one, {name: round(median(each[name] for each in tries)) for name in CATEGORIES})


def _run(url: str, subject: Subject) -> dict[str, int]:
    command = [
        "node",
        str(LIGHTHOUSE),
        f"{url}{subject.path}",
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(QUIET)}",
        f"--extra-headers={json.dumps({'Cookie': subject.cookie, 'Accept-Language': 'zh-CN'})}",
    ]
    report = json.loads(_answer(command, subject.path))["categories"]
    return {name: round((report[name]["score"] or 0) * 100) for name in CATEGORIES}


def _answer(command: list[str], path: str) -> str:
    """What Lighthouse prints; asked again when its own recording broke, which says nothing of the page."""
    environment = {**os.environ, "CHROME_PATH": executable() or ""}
    broken = ""
    for _ in range(TRIES):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=180)
        if done.returncode == 0:
            return done.stdout
        broken = done.stderr[-1000:]
    raise AssertionError(f"Lighthouse on {path}: {broken}")
