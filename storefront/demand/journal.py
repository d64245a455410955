"""Notes of searches, collected in each web process and written behind the page, so that a page only appends to a list.

A thread writes every two seconds, or as soon as 500 notes wait, and once more when the process ends; a process that is
killed loses what it held. Whoever searched is turned into the code of the day before anything is written.
"""

from __future__ import annotations

import atexit
import secrets
import threading
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.exc import OperationalError
from structlog import get_logger

from kernel.clock import Clock, business_date
from kernel.db import db
from kernel.permissions import SYSTEM
from onboarding.belts.queries import all_belts
from onboarding.belts.rules import PROVINCES
from onboarding.listings.categories import known
from storefront.demand.operations import begin_day, note_batch
from storefront.demand.queries import key_of, listings_of, popular
from storefront.demand.rules import LONGEST, LONGEST_FILTERS, Click, Search, full_hour, unnamed, visitor
from storefront.search.index import Index
from storefront.search.schemas import PER_PAGE, chosen
from storefront.search.text import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from flask import Flask

    from storefront.search.schemas import Choice

EVERY_SECONDS: Final = 2.0
BATCH: Final = 500
MOST: Final = 10_000  # notes that wait; what comes then drives out the oldest
POPULAR: Final = 10
_POPULAR_SECONDS: Final = 300.0

_log = get_logger("searches")


class Journal:
    """The notes of one process, and what is popular, which it reads on the same occasion."""

    def __init__(self, app: Flask, *, most: int = MOST) -> None:
        self._app, self._most = app, most
        self._waiting: deque[Search | Click] = deque()
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._due, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._key: tuple[date, str] | None = None
        self._popular: tuple[str, ...] = ()
        self._popular_read = 0.0
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """How many notes are not written yet."""
        return len(self._waiting)

    def note(self, entry: Search | Click) -> None:
        """Keep a note until it is written; costs no statement and never waits for the database."""
        with self._lock:
            if len(self._waiting) >= self._most:
                self._waiting.popleft()
                self.dropped += 1
            self._waiting.append(entry)
            full = len(self._waiting) >= BATCH
        if full:
            self._due.set()
        self._wake()

    def popular(self) -> tuple[str, ...]:
        """What is popular, as read within the last five minutes; empty in a process that has only begun."""
        self._wake()
        return self._popular

    def flush(self) -> int:
        """Write all that waits, in batches; how many were written. While the database is away, it waits on."""
        written = 0
        with self._writing:
            while batch := self._taken():
                try:
                    with self._app.app_context():
                        self._write(batch)
                except OperationalError:  # the database is busy or away: the next time will do
                    self._give_back(batch)
                    raise
                except Exception:  # what cannot be written must not keep back what comes after it
                    self.dropped += len(batch)
                    raise
                written += len(batch)
        return written

    def read_popular(self) -> None:
        """Look up what is popular now."""
        with self._app.app_context():
            self._popular = popular(business_date(self._now()), limit=POPULAR)

    def close(self) -> None:
        """Write what is left and let the thread end."""
        self._ended.set()
        self._due.set()
        self._round(read=False)

    def _wake(self) -> None:
        """Start the thread in the process that serves; tests write by hand, between their own statements."""
        if self._thread is not None or self._app.testing:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="searches", daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._round(read=True)
            self._due.wait(EVERY_SECONDS)
            self._due.clear()

    def _round(self, *, read: bool) -> None:
        try:
            self._forget_old_key()
            self.flush()
            if read and time.monotonic() - self._popular_read >= _POPULAR_SECONDS:
                self.read_popular()
                self._popular_read = time.monotonic()
        except Exception:  # noqa: BLE001  notes of searches never break anything else; they are written the next time
            _log.exception("searches not written", waiting=self.waiting)
            self._ended.wait(EVERY_SECONDS)  # a full house would else try again at once

    def _forget_old_key(self) -> None:
        if self._key and self._key[0] != business_date(self._now()):
            self._key = None

    def _taken(self) -> list[Search | Click]:
        with self._lock:
            if self.dropped:
                _log.warning("notes of searches dropped", dropped=self.dropped)
                self.dropped = 0
            return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    def _give_back(self, batch: Sequence[Search | Click]) -> None:
        """Put a batch back in front; where there is no room, its oldest are dropped."""
        with self._lock:
            room = max(self._most - len(self._waiting), 0)
            self._waiting.extendleft(list(reversed(batch))[:room])
            self.dropped += max(len(batch) - room, 0)

    def _write(self, batch: Sequence[Search | Click]) -> None:
        now = self._now()
        searches = [one for one in batch if isinstance(one, Search)]
        clicks = [one for one in batch if isinstance(one, Click)]
        sold = listings_of({one.opened for one in clicks if one.opened.startswith("pck_")}) if clicks else {}
        rows = [self._search_row(one, now) for one in searches]
        opened = [self._click_row(one, sold, now) for one in clicks]
        db.session.rollback()
        note_batch(searches=rows, clicks=[row for row in opened if row["text"]], actor=SYSTEM, now=now)

    def _search_row(self, one: Search, now: datetime) -> dict[str, Any]:
        asked, found = self._known(one.asked), {"hits": one.hits, "how": one.how}
        filters = urlsplit(asked.url(q="", sort="relevance", page=1)).query[:LONGEST_FILTERS]
        told = {"text": plain(asked.q), "filters": filters, "sort": asked.sort, "page": asked.page}
        return {**self._when_and_who(one, now), **told, **found}

    def _known(self, asked: Choice) -> Choice:
        """What was chosen without what there is none of: an address may say anything, a phone number as well."""
        if not asked.is_narrowed:
            return asked
        belts = {belt.slug for belt in all_belts()} if asked.belts else set()
        return replace(
            asked,
            belts=tuple(belt for belt in asked.belts if belt in belts),
            provinces=tuple(one for one in asked.provinces if one in PROVINCES.values()),
            ships_from=tuple(one for one in asked.ships_from if one in PROVINCES.values()),
            categories=tuple(filter(known, asked.categories)),
        )

    def _click_row(self, one: Click, sold: dict[str, str], now: datetime) -> dict[str, Any]:
        choice = chosen(parse_qs(one.came_from))
        listing = sold.get(one.opened, one.opened)
        place = {"listing": listing, "position": self._position(choice, listing, now)}
        return {**self._when_and_who(one, now), "text": plain(choice.q), **place}

    def _position(self, choice: Choice, listing: str, now: datetime) -> int | None:
        """Where goods stand in the list, which the index still knows by heart: it has just been shown."""
        hits = self._app.extensions["ports"].get(Index).search(choice.query(business_date(now))).hits
        return (choice.page - 1) * PER_PAGE + hits.index(listing) + 1 if listing in hits else None

    def _when_and_who(self, one: Search | Click, now: datetime) -> dict[str, Any]:
        day = business_date(one.at)
        code = visitor(one.who, key=self._key_of(day, now), secret=str(self._app.config["SECRET_KEY"]))
        return {"at": full_hour(one.at), "day": day, "visitor": code}

    def _key_of(self, day: date, now: datetime) -> str:
        """Today's key; of a day just over it is gone, so a last note of it gets a code of its own."""
        if day != business_date(now):
            return secrets.token_hex(32)
        if self._key is None or self._key[0] != day:
            self._key = (day, key_of(day) or begin_day(actor=SYSTEM, now=now))
        return self._key[1]

    def _now(self) -> datetime:
        clock: Clock = self._app.extensions["ports"].get(Clock)
        return clock.now()


def plain(text: str) -> str:
    """A text as it is counted: in one spelling, without what names a person, no longer than its column."""
    return " ".join(unnamed(normalise(text)).split())[:LONGEST].strip()
