"""Opens every page there is as one person after another, and looks for what she must not know."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import unquote, urlsplit

from flask import Flask
from itsdangerous import BadSignature
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from commission.payees.models import PayoutAccount
from kernel.db import session
from onboarding.accounts.models import Organisation, User
from onboarding.admissions.models import Admission, PriceGroup
from onboarding.belts.models import Belt
from onboarding.certificates.models import Certificate
from onboarding.licences.models import Licence
from onboarding.listings.models import Listing, SheetImport
from onboarding.moderation.models import Case
from onboarding.notices.models import Notice, NoticeEvidence
from onboarding.offers.models import Offer, PickUp
from onboarding.pictures.models import ListingPicture
from onboarding.reports.models import Report
from storefront.after_sales.models import Refund
from storefront.photos.models import PhotoSearch
from tests.attacks.sides import Sides
from tests.attacks.whose import Secret, Whose
from tests.cast import MEI

MOST_VIEWS = 12  # of one list: its tabs, pages and filters
MAILBOX = "/dev/messages"  # shows everybody's texts and is never there in production; they are scanned by recipient
UNTOLD = {"Set-Cookie", "Content-Length"}  # a cookie is opened for itself
BORING = re.compile(
    r'<svg.*?</svg>|name="csrf_token" value="[^"]*"|nonce="[^"]*"|nonce-[\w-]+|/assets/[0-9a-f]+/', re.DOTALL
)
YUAN = re.compile(r"(?<![\w.,])(\d[\d,]*)\.(\d\d)(?![\d])")
FEN = re.compile(r"(?<![\w.,])(\d{4,})(?![\w.])")
VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")
LINK = re.compile(r'href="(/[^"#]*)')


@dataclass(frozen=True)
class Seen:
    """A page as somebody was shown it, with its headers and cookies."""

    who: str
    page: str
    status: int
    text: str

    @property
    def path(self) -> str:
        """Its address without what was asked."""
        return urlsplit(self.page.split(" ")[-1]).path


class Scan:
    """All secrets of a ground, and what of them somebody has seen."""

    def __init__(self, sides: Sides) -> None:
        self.sides, self.app = sides, sides.app
        self.secrets = Whose(sides).all()
        self.pages, self.looked = Counter[str](), 0

    def forbidden(self, who: str) -> list[Secret]:
        """What this person must not see; a figure that she knows from elsewhere is none."""
        known = {one.value for one in self.secrets if who in one.known_to and not one.places}
        mine = (one for one in self.secrets if who not in one.known_to and one.value)
        return [one for one in mine if one.places or one.value not in known]

    def leaks(self, seen: Iterable[Seen]) -> list[str]:
        """Every secret on these pages: who saw it where, and the words around it."""
        by_person: dict[str, tuple[dict[int, list[Secret]], list[Secret]]] = {}
        found: dict[str, None] = {}
        for one in seen:
            if one.who not in by_person:
                by_person[one.who] = _sorted(self.forbidden(one.who))
            self.pages[one.who] += 1
            found |= dict.fromkeys(_hits(one, *by_person[one.who]))
        return list(found)


class Walk:
    """One person's way through every address there is, with her own and with others' things in it."""

    def __init__(self, sides: Sides, who: str) -> None:
        self.sides, self.who, self.app = sides, who, sides.app
        self.browser, self.things = sides.browser(who), things(sides)
        self.views, self.opened = Counter[str](), dict[str, bool]()

    def reads(self, *only: str) -> Iterator[Seen]:
        """Every page for reading in both languages, and every view of a list that a page links to."""
        waiting = [(rule.rule, path) for rule in rules(self.app, "GET", *only) for path in filled(rule, self.things)]
        done = {path for _rule, path in waiting}
        while waiting:
            rule, path = waiting.pop()
            seen, answer = self._open(path, "zh")
            self.opened[rule] = self.opened.get(rule, False) or _was_shown(answer)
            yield seen
            if answer.status_code < 400:
                yield self._open(path, "en")[0]
                more = [view for view in self._views(answer) if view not in done]
                done.update(more)
                waiting += [("", view) for view in more]  # where a rule leads on to is not the rule itself
        yield from self._cookies()

    def writes(self) -> Iterator[Seen]:
        """The answer to every form sent empty, and the page it leads to."""
        for rule in rules(self.app, "POST"):
            for path in filled(rule, self.things):
                browser = self.sides.browser(self.who)
                answer = browser.post(path)
                yield Seen(self.who, f"POST {path}", answer.status_code, _words(answer))
                if answer.location and not answer.location.startswith("/assets"):
                    shown = browser.get(answer.location)
                    yield Seen(self.who, f"POST {path} → {answer.location}", shown.status_code, _words(shown))

    def _open(self, path: str, language: str) -> tuple[Seen, TestResponse]:
        answer = self.browser.get(path, headers={"Accept-Language": language})
        return Seen(self.who, path, answer.status_code, _words(answer)), answer

    def _views(self, answer: TestResponse) -> Iterator[str]:
        """Where it leads on to, and links that ask a page for something else: tabs, further pages, months, filters."""
        if answer.location and answer.location.startswith("/"):
            yield answer.location
        if answer.mimetype != "text/html":
            return
        for link in dict.fromkeys(LINK.findall(answer.text)):
            parts = urlsplit(html.unescape(link))
            if parts.query and self.views[parts.path] < MOST_VIEWS:
                self.views[parts.path] += 1
                yield f"{parts.path}?{parts.query}"

    def _cookies(self) -> Iterator[Seen]:
        """What her cookie carries: it is signed, not secret."""
        cookie = self.browser.get_cookie("yuantou")
        if cookie is not None:
            yield Seen(self.who, "cookie", 200, _opened(self.app, cookie.value))


FIXED = {
    "digest": ["x"],
    "part": ["1"],
    "saved": ["flt_none"],
    "copy": ["cpy_none"],
    "field": ["name"],
    "invitation": ["inv_none"],
    "token": ["none"],
    "link": ["none"],
    "grant": ["hlp_none"],
    "inspection": ["ins_none"],
    "place": ["1"],
    "kind": ["factory", "merchant"],
    "version": ["2025-01-01"],
}


def rules(app: Flask, method: str, *only: str) -> list[Rule]:
    """All routes of a method, or those of them that are named."""
    found = [one for one in app.url_map.iter_rules() if method in (one.methods or ()) and one.rule != MAILBOX]
    return [rule for rule in found if not only or rule.rule in only]


TABLES = {
    "refund": Refund,
    "listing": Listing,
    "pick_up": PickUp,
    "offer": Offer,
    "sheet": SheetImport,
    "case": Case,
    "admission": Admission,
    "group": PriceGroup,
    "certificate": Certificate,
    "picture": ListingPicture,
    "notice": Notice,
    "evidence": NoticeEvidence,
    "report": Report,
    "licence": Licence,
    "account": PayoutAccount,
    "search": PhotoSearch,
}


def things(sides: Sides) -> dict[str, list[str]]:
    """The values of every variable of an address; of orders that are all alike a single one."""
    orders = {name: order for name, order in sides.orders.items() if not name.startswith("beside")}
    houses = session().scalars(select(Organisation.slug)).all()
    payments = [payment for name, payment in sides.payments.items() if not name.startswith("beside")]
    return {name: _ids(table) for name, table in TABLES.items()} | {
        "order": [*orders.values(), sides.orders["beside 0"]],
        "payment": [*payments, sides.payments["beside 0"]],
        "slug": [*houses, *session().scalars(select(Belt.slug).limit(2))],
        "name": [*_ids(PickUp), *_ids(Listing)],
        "look_name": [one.look.name for one in session().scalars(select(ListingPicture))],
        "size": ["320.webp"],
        "organisation": list(session().scalars(select(Organisation.public_id))),
        "member": list(session().scalars(select(User.public_id).where(User.name == MEI.name))),
        **FIXED,
    }


def filled(rule: Rule, values: dict[str, list[str]]) -> list[str]:
    """The addresses of a route; a route with a variable that nothing is known for cannot be walked."""
    names = [name for _converter, name in VARIABLE.findall(rule.rule)]
    missing = [name for name in names if not values.get(name)]
    assert not missing, f"{rule.rule}: say in `things` what {missing} may be"
    bare = VARIABLE.sub("{}", rule.rule)
    return [bare.format(*chosen) for chosen in product(*(values[name] for name in names))]


def _ids(table: type) -> list[str]:
    return list(session().scalars(select(table.public_id).order_by(table.id)))  # type: ignore[attr-defined]


def _was_shown(answer: TestResponse) -> bool:
    """Whether she came in: not refused, and not asked to sign in first."""
    return answer.status_code < 400 and "/sign-in" not in (answer.location or "")


def _words(answer: TestResponse) -> str:
    """All that travelled to the browser, but pictures of strokes and tokens that are new every time."""
    heads = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.headers if name not in UNTOLD)
    body = answer.text if answer.mimetype.startswith(("text/", "application/json")) else ""
    return BORING.sub("", f"{heads}\n\n{html.unescape(body)}")


def _opened(app: Flask, cookie: str) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    try:
        return repr(serializer.loads(cookie))
    except BadSignature:
        return cookie


def _sorted(secrets: list[Secret]) -> tuple[dict[int, list[Secret]], list[Secret]]:
    """Figures by their fen, and words."""
    figures: dict[int, list[Secret]] = {}
    for one in secrets:
        if isinstance(one.value, int):
            figures.setdefault(abs(one.value), []).append(one)
    return figures, list({(one.value, one.places): one for one in secrets if isinstance(one.value, str)}.values())


def _hits(seen: Seen, figures: dict[int, list[Secret]], words: list[Secret]) -> Iterator[str]:
    for found in YUAN.finditer(seen.text):
        fen = int(found[1].replace(",", "")) * 100 + int(found[2])
        yield from _told(seen, figures.get(fen, []), found.start(), found.end())
    for found in FEN.finditer(seen.text):
        yield from _told(seen, figures.get(int(found[1]), []), found.start(), found.end())
    asked = unquote(seen.page)  # what she wrote herself may stand on the page that answers
    for one in words:
        at = seen.text.find(str(one.value))
        if at >= 0 and str(one.value) not in asked:
            yield from _told(seen, [one], at, at + len(str(one.value)))


def _told(seen: Seen, secrets: Iterable[Secret], start: int, end: int) -> Iterator[str]:
    around = re.sub(r"\s+", " ", seen.text[max(start - 60, 0) : end + 40])
    for one in secrets:
        if one.counts_at(seen.path):
            yield f"{seen.who} sees {one.what} {seen.text[start:end]!r} at {seen.page} ({seen.status}): …{around}…"
