"""A browser over a real socket, without JavaScript: cookies, forms, redirects, and somebody who reloads."""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

MOVED = {301, 302, 303}
FAULT, BUSY = 500, 503


@dataclass
class Form:
    """One form of a page with what it holds before anybody touches it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back: where it ended, with what status and text."""

    path: str
    status: int
    text: str
    location: str = ""

    def forms(self) -> list[Form]:
        """The forms of the page."""
        reader = _Forms()
        reader.feed(self.text)
        return reader.found

    def form(self, action: str) -> Form:
        """The first form that goes to an address beginning so."""
        found = next((form for form in self.forms() if form.action.startswith(action)), None)
        assert found, f"{self.path} ({self.status}) has no form for {action}: {self.text[:2000]}"
        return found


@dataclass
class Browser:
    """One person's browser; `patience` is for how many seconds she reloads while nobody answers."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    patience: float = 0
    statuses: dict[int, int] = field(default_factory=dict)
    reloads: int = 0
    seconds: float = 60

    def open(self, path: str) -> Answer:
        """Look at a page, wherever it leads."""
        return self._follow(self.ask("GET", path))

    def send(self, action: str, fields: dict[str, str], *, files: dict[str, tuple[str, bytes]] | None = None) -> Answer:
        """Send a form, again while nobody answers, and look at the page it leads to."""
        return self._follow(self.post(action, fields, files=files))

    def post(self, action: str, fields: dict[str, str], *, files: dict[str, tuple[str, bytes]] | None = None) -> Answer:
        """Send a form without following where it leads."""
        kind, body = _multipart(fields, files) if files else ("x-www-form-urlencoded", urlencode(fields).encode())
        content = kind if "/" in kind else f"application/{kind}"
        return self.ask("POST", action, body=body, headers={"Content-Type": content})

    def ask(self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """One request, again for as long as she has patience."""
        until = time.monotonic() + self.patience
        while True:
            try:
                answer = self._once(method, path, body, headers or {})
            except (OSError, HTTPException):
                if time.monotonic() > until:
                    raise
            else:
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
                assert not self.patience or answer.status != FAULT, f"{method} {path}: {answer.text[-3000:]}"
                if answer.status != BUSY or time.monotonic() > until:
                    return answer
            self.reloads += 1
            time.sleep(0.1)

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            connection.request(method, path, body=body or None, headers={**sent, **headers})
            response = connection.getresponse()
            text = response.read().decode()
            self._keep(response)
            return Answer(path, response.status, text, response.getheader("Location", ""))
        finally:
            connection.close()

    def _keep(self, response: HTTPResponse) -> None:
        for told in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(told).items():
                self.cookies[name] = morsel.value

    def _follow(self, answer: Answer) -> Answer:
        while answer.status in MOVED:
            parts = urlsplit(answer.location)
            answer = self.ask("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        return answer


class _Forms(HTMLParser):
    """Collects forms: hidden and visible inputs, selects, textareas; buttons are pressed by name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(told.get("action", "")))
        elif tag == "select":
            self._select = told.get("name", "")
        elif tag == "option" and self.found and (self._select not in self.found[-1].fields or "selected" in told):
            self.found[-1].fields[self._select] = told.get("value", "")
        elif tag in {"input", "textarea"} and self.found and "name" in told:
            self._input(told)

    def _input(self, told: dict[str, str]) -> None:
        form = self.found[-1]
        if told.get("type") in {"checkbox", "radio"}:
            form.choices.setdefault(told["name"], []).append(told.get("value", ""))
            if "checked" not in told:
                return
        form.fields[told["name"]] = told.get("value", "")


def _multipart(fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (filename, data) in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join([*parts, f"--{mark}--\r\n".encode()])
