"""What is noted of a search, who is counted, what of it may be shown. Days are business days; times are aware."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storefront.search.schemas import Choice

MOST_A_DAY: Final = 300  # texts of one visitor that are noted on a day, and goods that she opened
KEPT_DAYS: Final = 90  # single searches; afterwards only sums by day
POPULAR_DAYS: Final = 7
FEWEST: Final = 3  # different visitors of one day, below whom a text is nobody's business but hers
PERIODS: Final = {"today": 1, "week": 7, "month": 30}
LONGEST: Final = 80  # characters of a text, as its field allows
LONGEST_FILTERS: Final = 400
HOW: Final = ("all", "loose", "any", "relaxed", "corrected", "none")
RELAXED: Final = ("any", "relaxed")  # something else than what was asked for
UNMET: Final = (*RELAXED, "none")
CORRECTED: Final = "corrected"  # what was asked for, once its words were set right: nobody else need read the slip
LISTS: Final = ("searched", "missed", "corrected", "relaxed")
HIDDEN: Final = "●"

_UNFIT: Final = Path(__file__).parent / "data" / "unfit_words.txt"
_PLAIN_WORDS: Final = re.compile(r"[A-Za-z0-9\u3400-\u9fff ]+")
_LATIN: Final = re.compile(r"[a-z]+")
_SITE: Final = 48
_VISITOR: Final = 16  # hexadecimal digits: 64 bits are plenty for the visitors of one day
_ROBOT: Final = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|scrap|lighthouse|monitor|preview|facebookexternalhit|archiver|pingdom|uptime"
    r"|^(curl|wget|python|go-http|java|ruby|perl|php|okhttp|httpie|aiohttp|libwww|node|axios|postman)",
    re.IGNORECASE,
)
_NAMES_SOMEBODY: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail
    r"|(?<!\d)(?:\+?86[ -]?)?1[3-9](?:[ -]?\d){9}(?!\d)"  # a mobile number of the mainland
    r"|(?<!\d)\d{17}[\dx](?![\da-z])",  # an identity card
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Search:
    """A page of results as it was asked for; `who` names a visitor only until it is written."""

    at: datetime
    who: str
    asked: "Choice"
    hits: int
    how: str


@dataclass(frozen=True, slots=True)
class Click:
    """Goods that were opened from a page of results: `came_from` is its query, `opened` a listing or a pick-up."""

    at: datetime
    who: str
    came_from: str
    opened: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What was sought in vain, or found only in part: by how many on all these days, and when last."""

    text: str
    people: int
    days: int
    last: date


@dataclass(frozen=True, slots=True)
class Sought:
    """One text over some days. `people` are counted anew each day; of them `clicked` opened something of it.

    `hits` is how many had all of it at best, `missed`, `relaxed` and `corrected` in how many searches it found none,
    something else, or what it meant.
    """

    place: int
    text: str
    searches: int
    people: int
    hits: int
    missed: int
    relaxed: int
    corrected: int
    clicked: int
    clicks: int
    positions: int
    placed: int

    @property
    def click_bp(self) -> int:
        """The share of those who opened something, in basis points."""
        return share_bp(self.clicked, self.people)

    @property
    def mean_tenths(self) -> int | None:
        """The mean position of what was opened, in tenths, rounded half up; none where nothing was."""
        return (self.positions * 20 + self.placed) // (self.placed * 2) if self.placed else None


def how_found(match: str, total: int, *, relaxed: bool, corrected: bool = False) -> str:
    """How a result answers what was asked: one of `HOW`."""
    if relaxed:
        return "relaxed"
    if corrected and total:
        return CORRECTED
    if match not in HOW:
        return "all" if total else "none"
    return match


def is_person(agent: str, method: str, purpose: str) -> bool:
    """Whether somebody looks at the page: no robot that says so, no check of a link, no page fetched in advance."""
    return bool(agent) and method == "GET" and "prefetch" not in purpose.lower() and not _is_robot(agent)


@lru_cache(maxsize=2_048)
def _is_robot(agent: str) -> bool:
    return _ROBOT.search(agent) is not None


def visitor(who: str, *, key: str, secret: str) -> str:
    """The code of a visitor for as long as the key holds, which is a day.

    A keyed hash (HMAC-SHA256) cannot be turned back, and without its key nobody can try out whom it might be: the key
    is random for each day and deleted with it, here and in the database. So the same visitor has unconnected codes on
    two days, for us as for anybody else. The deployment's secret goes in too: a stolen database cannot be tried out.
    """
    return hmac.new(f"{secret}|{key}".encode(), who.encode(), hashlib.sha256).hexdigest()[:_VISITOR]


def unnamed(text: str) -> str:
    """A text without what leads to a person: mobile numbers, e-mails, identity cards."""
    return _NAMES_SOMEBODY.sub(HIDDEN * 3, text)


def is_fit(text: str) -> bool:
    """Whether a text may stand on everybody's pages: letters, digits, Chinese and blanks, no word that offends."""
    plain, words = "".join(text.lower().split()), set(_LATIN.findall(text.lower()))
    return _PLAIN_WORDS.fullmatch(text) is not None and not any(
        word in (words if word.isascii() else plain) for word in _unfit()
    )


@cache
def _unfit() -> tuple[str, ...]:
    lines = _UNFIT.read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if (word := line.strip()) and not word.startswith("#"))


def network(address: str) -> str:
    """Where somebody comes from, as she is counted: of IPv6 the site of a customer (48 bits), who has all of it.

    A server that listens to both writes IPv4 as IPv6, `::ffff:203.0.113.9`: by their sites all of it would be one.
    """
    try:
        told = ip_address(address)
    except ValueError:
        return address
    if not isinstance(told, IPv6Address):
        return address
    if told.ipv4_mapped:
        return str(told.ipv4_mapped)
    return str(ip_network((int(told), _SITE), strict=False).network_address)


def full_hour(moment: datetime) -> datetime:
    """The hour of a moment: nearer nobody can be told by when she searched, beside another log."""
    return moment.replace(minute=0, second=0, microsecond=0)


def first_day(period: str, today: date) -> date:
    """Where a period that ends today begins."""
    return today - timedelta(days=PERIODS[period] - 1)


def share_bp(part: int, whole: int) -> int:
    """A share in basis points, rounded half up; of nothing it is nothing."""
    return (part * 20_000 + whole) // (whole * 2) if whole else 0


def middle(positions: Mapping[int, int]) -> float | None:
    """The median of positions given with how often each occurs."""
    each = [place for place, times in positions.items() for _time in range(times)]
    return float(median(each)) if each else None


def stretches(positions: Mapping[int, int], edges: Sequence[int]) -> list[tuple[int, int | None, int]]:
    """Positions by stretches `(first, last, how many)`: each ends with one of the edges, the last one never."""
    counted = []
    for first, last in zip([1, *(edge + 1 for edge in edges)], [*edges, None], strict=True):
        times = sum(times for place, times in positions.items() if first <= place <= (last or place))
        counted.append((first, last, times))
    return counted
