"""Two browsers side by side that work through a pile of errands."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import islice
from multiprocessing import get_context

from playwright.sync_api import Browser, sync_playwright

from tests.face.check import look
from tests.face.check.survey import Survey
from tests.support.browser import QUIET, executable

BATCH = 6  # pages of one errand
HANDS = max(2, (os.cpu_count() or 2) // 2)
_browser: list[Browser] = []


def errands(url: str, surveys: Iterable[Survey]) -> Iterator[look.Errand]:
    """Every page of every visitor in both languages, a handful at a time."""
    for one in surveys:
        pages = iter(one.pages)
        while batch := list(islice(pages, BATCH)):
            for language in ("zh", "en"):
                yield look.Errand(url, one.visitor.role, one.visitor.device, language, dict(one.client.cookies), batch)


def work(pile: list[look.Errand]) -> Iterator[look.Findings]:
    """What the errands bring home, as they come."""
    with ProcessPoolExecutor(HANDS, mp_context=get_context("spawn"), initializer=_open) as pool:
        for done in as_completed([pool.submit(_run, one) for one in pile]):
            yield done.result()


def _open() -> None:
    playwright = sync_playwright().start()
    _browser.append(playwright.chromium.launch(executable_path=executable(), args=list(QUIET)))


def _run(errand: look.Errand) -> look.Findings:
    return look.run(errand, _browser[0])
