"""A browser without eyes: asks for addresses, keeps cookies, sends forms, and shows an answer as it travelled."""

import gzip
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode, urlsplit

NONCE = re.compile(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"')
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


@dataclass(frozen=True)
class Answer:
    """What came back: `size` is what travelled, `body` what it says."""

    path: str
    status: int
    headers: HTTPMessage
    body: bytes
    size: int

    @property
    def kind(self) -> str:
        """Its content type, without the character set."""
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode(errors="replace")

    @property
    def said(self) -> str:
        """The page without what is new every time."""
        return NONCE.sub("", self.text)

    @property
    def is_page(self) -> bool:
        """Whether a person reads it; a part of a page is no page."""
        return self.status == 200 and self.kind == "text/html" and self.text.lstrip().startswith("<!DOCTYPE html>")


@dataclass
class Client:
    """One person's browser on one deployment."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    language: str = "zh"

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for an address; redirects are answers too."""
        return self._ask("GET", path, None, headers)

    def submit(self, page: str, action: str, **values: str) -> Answer:
        """Fill in and send the form of a page whose action is this, or else the first that begins like it."""
        like = [one for one in forms(self.get(page).text) if one.action.startswith(action)]
        return self.send(next(iter(sorted(like, key=lambda one: one.action != action))), values)

    def send(self, form: "Form", values: dict[str, str]) -> Answer:
        """Send a form with these values in it."""
        sent = urlencode({**form.fields, **values})
        return self._ask("POST", form.action, sent, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, path: str, sent: str | None, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        told = {
            "Accept-Encoding": "gzip",
            "Accept-Language": LANGUAGES[self.language],
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        connection.request(method, quote(path, safe="/?=&%+:,;@!*'()-._~"), sent, told)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(cookie).items()})
        packed = response.headers.get("Content-Encoding") == "gzip"
        return Answer(path, response.status, response.headers, gzip.decompress(body) if packed else body, len(body))


@dataclass
class Form:
    """A form of a page: where it goes, its fields as they stand, and which of them must be filled in."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)


def forms(body: str) -> list[Form]:
    """The forms of a page that send something."""
    reader = _Reader()
    reader.feed(body)
    return reader.forms


class _Reader(HTMLParser):
    """Collects the forms; of a group of choices the checked one or the first."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method") == "post":
            self.open = Form(said.get("action", ""))
            self.forms.append(self.open)
        elif tag in {"input", "textarea", "select"} and self.open and "required" in said:
            self.open.required.add(said.get("name", ""))
        if tag in {"input", "button"} and self.open and said.get("name") and "disabled" not in said:
            if said.get("type") not in {"checkbox", "radio"} or "checked" in said:
                self.open.fields[said["name"]] = said.get("value", "")
            else:
                self.open.fields.setdefault(said["name"], said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
