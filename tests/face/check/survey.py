"""Finds the pages of a visitor: signs in, sets a scene for pages that need one, and follows every route and link."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from secrets import randbelow
from urllib.parse import urlsplit
from uuid import uuid4

import pyotp
from PIL import Image
from sqlalchemy import select, update

from kernel.clock import SystemClock
from kernel.db import session, transaction
from kernel.ids import public_id
from kernel.permissions import ANONYMOUS
from onboarding.accounts import handoffs
from onboarding.accounts.models import Handoff, HelpGrant, User
from onboarding.accounts.queries import actor_of
from onboarding.licences.models import Licence
from onboarding.listings.models import Listing
from storefront.photos.operations import keep_search
from storefront.photos.rules import Hit
from tests.face.check.addresses import Routes, links
from tests.face.check.client import Answer, Client, forms
from tests.face.check.visitors import Visitor

CODE = r"{phone}</strong>.*?[证权]码 (\d{{6}})"  # of sign-in, or of consent
ELEMENT = re.compile(r"<([a-z]\w*)((?:\s+[\w-]+(?:=\"[^\"]*\")?)*)\s*/?>")
SHAPING = re.compile(r'(?:class|role|type|data-[\w-]+)="[^"]*"')
LINK = re.compile(r"/invitations/[\w-]+")
SECRET = re.compile(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}")
OTHERS_PHONE = "13900139000"
HELPED = {
    "name": "丹阳市样助眼镜厂",
    "uscc": "91321181MA1HEP2012",
    "belt": "danyang-glasses",
    "ways": "both",
    "address": "江苏省镇江市丹阳市",
}
NOWHERE, NOT_FOUND, REFUSED = "/no-such-page", 404, 422
MOST_ASKED, MOST_SHOWN = 12, 3  # addresses of one route that are asked for, and of these that are looked at


@dataclass(frozen=True)
class Page:
    """An address that answered a visitor with a page; `form` is the one on it that is sent without what it needs."""

    rule: str
    path: str
    form: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other page; it begins with its path."""
        return f"{self.path} {self.form}".rstrip()


@dataclass
class Survey:
    """What one visitor was answered: the pages to look at, every answer, and the routes that led her on for good."""

    visitor: Visitor
    client: Client
    routes: Routes
    pages: list[Page] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    reached: dict[str, str] = field(default_factory=dict)
    """Routes that answered, with the type of their content."""

    most: int = MOST_ASKED
    scenes: list[str] = field(default_factory=list)
    """Addresses that no link leads to."""

    def walk(self, seen: "Seen", only: Callable[[str], bool] = bool, *, most: int = MOST_ASKED) -> None:
        """Ask for every route that may interest, by its plain address, by links, and by what the database holds.

        At most so many addresses of one route are asked for.
        """
        self.most = most
        waiting, asked = deque([*self.routes.plain(), *self.scenes]), dict[str, int]()
        known = set(waiting)
        while waiting:
            path = waiting.popleft()
            for link in self._ask(path, asked, seen, only):
                if link not in known:
                    known.add(link)
                    waiting.append(link)
        for rule in self.routes.rules:
            if rule not in self.reached and only(rule):
                self._guess(rule, asked, seen, only)
        self.pages += list(self._wrong_turns(seen, only))

    def _ask(self, path: str, asked: dict[str, int], seen: "Seen", only: Callable[[str], bool]) -> list[str]:
        rule = self.routes.of(path)
        if not rule or asked.get(rule, 0) >= self.most:
            return []
        asked[rule] = asked.get(rule, 0) + 1
        answer = self.client.get(path)
        self.answers[path] = answer
        if answer.status in {301, 308}:
            self.reached.setdefault(rule, "alias")
        elif answer.status == 200:
            self.reached.setdefault(rule, answer.kind)
        if not answer.is_page:
            return [answer.headers["Location"]] if answer.headers.get("Location", "").startswith("/") else []
        if only(rule) and seen.is_new(rule, self.visitor, answer):
            self.pages.append(Page(rule, path))
        return links(answer.text)

    def _wrong_turns(self, seen: "Seen", only: Callable[[str], bool]) -> Iterator[Page]:
        """A page that is not there, and every form sent without what it needs."""
        for page in list(self.pages):
            yield from self._refused(page, seen)
        if only(NOWHERE) and self.client.get(NOWHERE).status == NOT_FOUND:
            yield Page(NOWHERE, NOWHERE)

    def _refused(self, page: Page, seen: "Seen") -> Iterator[Page]:
        """The same page as it answers each of its forms when what must be filled in is left empty."""
        for form in forms(self.answers[page.path].text):
            if empty := dict.fromkeys(form.required - {""}, ""):
                answer = self.client.send(form, empty)
                rule = f"{page.rule} refused"
                if answer.status == REFUSED and answer.kind == "text/html" and seen.is_new(rule, self.visitor, answer):
                    yield Page(rule, page.path, form.action)

    def _guess(self, rule: str, asked: dict[str, int], seen: "Seen", only: Callable[[str], bool]) -> None:
        for path in self.routes.guesses(rule):
            asked.pop(rule, None)
            self._ask(path, asked, seen, only)
            if rule in self.reached:
                return


@dataclass
class Seen:
    """What has been looked at: the same page need not be looked at twice, nor one that is built the same again."""

    texts: set[tuple[int, str]] = field(default_factory=set)
    shapes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    shown: dict[tuple[str, str], int] = field(default_factory=dict)

    def is_new(self, rule: str, visitor: Visitor, answer: Answer) -> bool:
        """Whether this page shows a visitor something; each of her routes at least once, unless word for word known."""
        text, key = (visitor.device.width, answer.said), (rule, visitor.role)
        shape, known = set(_shape(answer.text)), self.shapes.setdefault(key, set())
        if text in self.texts or self.shown.get(key, 0) >= MOST_SHOWN or shape <= known:
            return False
        self.texts.add(text)
        known |= shape
        self.shown[key] = self.shown.get(key, 0) + 1
        return True


def _shape(body: str) -> Iterator[str]:
    for tag, said in ELEMENT.findall(body):
        yield f"{tag} {' '.join(SHAPING.findall(said))}"


def surveyed(url: str, visitor: Visitor, routes: Routes) -> Survey:
    """A visitor who has come in, with goods in her cart."""
    client, scenes = Client(url), list[str]()
    if visitor.phone:
        _sign_in(client, visitor.phone)
        scenes += _invite(client)
        client.submit("/account/contact", "/account/contact", recipient=f"{uuid4().hex}@example.com")
    else:
        _give_first_factor(client)
    _fill_cart(client)
    _help(client, routes)
    if not visitor.phone:
        client.submit("/sign-in", "/sign-in", recipient=OTHERS_PHONE)  # somebody who waits for her code
        client.submit("/sign-in", "/handoff")  # and for a phone that lets her in
    scenes += [*_handoffs(routes, visitor), *_photo_searches(routes)]
    return Survey(visitor, client, routes, scenes=scenes)


def _handoffs(routes: Routes, visitor: Visitor) -> list[str]:
    """A device that asks to be let in, and one that was offered it; they wait as long as the survey takes."""
    now = SystemClock().now()
    with routes.app.app_context():
        if visitor.phone:
            links = [f"/handoff/{handoffs.ask(device='Windows · Edge', actor=ANONYMOUS, now=now).token}"]
        else:
            somebody = session().scalars(select(User.public_id).limit(1)).one()
            links = [f"/handoff/phone/{handoffs.offer(actor=actor_of(somebody), now=now)}"]
        with transaction():
            session().execute(update(Handoff).values(expires_at=now + timedelta(days=1)))
    return links


def _photo_searches(routes: Routes) -> list[str]:
    """What two photos found: some goods, and nothing; kept as long as the survey takes."""
    thumb = BytesIO()
    Image.new("RGB", (160, 120), "teal").save(thumb, "JPEG")
    tomorrow = SystemClock().now() + timedelta(days=1)
    with routes.app.app_context():
        goods = session().scalars(select(Listing.public_id).where(Listing.state == "published").limit(3)).all()
        found = [[Hit(one, "same", 99) for one in goods], []]
        kept = [keep_search(actor=ANONYMOUS, thumb=thumb.getvalue(), hits=hits, now=tomorrow) for hits in found]
    return [f"/factory-goods/by-photo/{one}" for one in kept]


def _invite(client: Client) -> list[str]:
    """Whoever owns a house invites somebody; the way to that invitation."""
    teams = [client.get(f"{place}/team").text for place in ("/factory", "/merchant")]
    for form in (one for team in teams for one in forms(team) if one.action.endswith("/invitations")):
        client.send(form, {"recipient": OTHERS_PHONE})
    found = LINK.search(client.get("/dev/messages").text)
    return [found[0]] if found else []


def _help(client: Client, routes: Routes) -> None:
    """A helper takes somebody's matters in hand, asks for her word, and asks somebody else for her consent."""
    if client.get("/assist").status != 200:
        return
    owner = f"137{randbelow(10**8):08}"
    client.submit("/assist", "/assist", recipient=owner)
    client.submit("/assist/code", "/assist/code", code=_code_for(client, owner))
    _ask_for_word(client, routes)
    client.submit("/assist", "/assist", recipient=f"137{randbelow(10**8):08}")


def _ask_for_word(client: Client, routes: Routes) -> None:
    """The helper fills in what the owner has to say yes to, with a photo as somebody else's is."""
    with routes.app.app_context(), transaction():
        like = session().scalars(select(Licence).where(Licence.state == "read").limit(1)).one()
        told = {name: getattr(like, name) for name in ("photo_key", "state", "reading", "uploaded_at", "read_at")}
        house = session().scalars(select(HelpGrant.organisation_id).order_by(HelpGrant.id.desc()).limit(1)).one()
        session().add(Licence(public_id=public_id("lic"), organisation_id=house, **told))
    form = forms(client.get("/assist").text)[0]
    client.send(replace(form, action="/join/factory"), HELPED)


def _give_first_factor(client: Client) -> None:
    """Somebody new who has a second factor, and has not given it yet."""
    phone = f"139{randbelow(10**8):08}"
    _sign_in(client, phone)
    page = "/account/second-factor"
    client.submit(page, page)
    [secret] = SECRET.findall(client.get(page).text)
    client.submit(page, f"{page}/confirmation", code=pyotp.TOTP(secret.replace(" ", "")).now())
    client.submit("/account", "/sign-out")
    _enter(client, phone)


def _sign_in(client: Client, phone: str) -> None:
    _enter(client, phone)
    assert client.get("/account").status == 200, f"{phone} could not sign in"


def _enter(client: Client, phone: str) -> None:
    client.submit("/sign-in", "/sign-in", recipient=phone)
    client.submit("/sign-in/code", "/sign-in/code", code=_code_for(client, phone))


def _code_for(client: Client, phone: str) -> str:
    code = re.search(CODE.format(phone=phone), client.get("/dev/messages").text, re.DOTALL)
    assert code, f"no code came to {phone}"
    return code[1]


def _fill_cart(client: Client) -> None:
    goods = [link for link in links(client.get("/factory-goods").text) if urlsplit(link).path.startswith("/goods/")]
    for page in goods[:2]:
        with suppress(StopIteration):
            client.submit(page, "/cart/lines", quantity="1")
