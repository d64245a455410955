"""Fifty shoppers and ten pieces: each goes as far as the checkout page, all press the button at once, who may pays."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

from tests.faults.browser import Answer, Browser
from tests.storefront.shop import FORM

SEE_OTHER = 303


@dataclass
class Rush:
    """What came of it: the payments of who got through, the answers of who did not, every status seen."""

    payments: list[str] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def faults(self) -> int:
        """How many answers were the server's fault."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


def rush(port: int, cookies: Sequence[dict[str, str]], *, listing: str) -> Rush:
    """Let everybody buy one piece of a listing at the same moment."""
    line, found = Barrier(len(cookies)), Rush()
    browsers = [Browser(port, dict(cookie)) for cookie in cookies]

    def buy(browser: Browser) -> Answer:
        try:
            form = _ready_to_order(browser, listing)
        except BaseException:
            line.abort()
            raise
        line.wait(timeout=120)
        placed = browser.post("/checkout", form)
        if placed.status == SEE_OTHER:
            _pay(browser, placed.location)
        return placed

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(buy, browsers))
    found.payments = [answer.location.rsplit("/", 1)[1] for answer in answers if answer.status == SEE_OTHER]
    found.refused = [answer for answer in answers if answer.status != SEE_OTHER]
    for browser in browsers:
        found.statuses.update(browser.statuses)
    return found


def _ready_to_order(browser: Browser, listing: str) -> dict[str, str]:
    """Cart and checkout page: the form as it is sent."""
    goods = browser.open(f"/goods/{listing}").form("/cart/lines")
    checkout = browser.send(goods.action, {**goods.fields, "next": "checkout"})
    return {**checkout.form("/checkout").fields, **FORM}


def _pay(browser: Browser, location: str) -> None:
    form = browser.open(location).form(location)
    paid = browser.send(location, {**form.fields, "method": "sandbox_pays"})
    assert paid.path.startswith("/orders/"), (paid.path, paid.status)
