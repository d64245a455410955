"""One deployment and the people before it, each with a browser of her own."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.cast import Person
from tests.support import browser
from tests.support.browser import Device
from tests.support.server import Server

PATIENCE_MS = 20_000
READING_MS = 90_000  # a photo of a licence, by a worker that has to load its models first, on a busy machine
BELOW_HEAD = "place => scrollTo(0, place.getBoundingClientRect().top - 72)"
SHEETS = Path(__file__).parents[2] / "storefront/data/price-sheets"


@dataclass(frozen=True)
class Town:
    """A server, the way to open a page before it, with script or without, and where pictures go, if any."""

    server: Server
    visit: Callable[..., Page]
    script: bool = True
    pictures: Path | None = None

    def comes(self, device: Device) -> Page:
        """Somebody opens a browser."""
        return self.visit(self.server.url, device, script=self.script)

    def picture(self, page: Page, name: str, *, at: Locator | None = None) -> None:
        """Take a picture of what she sees: the top of the page, or from some place on."""
        if self.pictures:
            page.evaluate("scrollTo(0, 0)")
            if at:
                at.evaluate(BELOW_HEAD)
            browser.picture(page, name, self.pictures)

    def read_code(self, page: Page, phone: str) -> str:
        """The newest code sent to a phone, as the development mailbox shows it."""
        newest = self.messages(page, phone)[0]
        found = re.search(r"验证码 (\d{6})", newest)
        assert found, newest
        return found[1]

    def messages(self, page: Page, phone: str) -> list[str]:
        """What was sent to a phone, the newest first."""
        mailbox = page.context.new_page()
        mailbox.goto("/dev/messages")
        texts = mailbox.get_by_role("listitem").filter(has_text=phone).all_inner_texts()
        mailbox.close()
        return texts

    def enter_code(self, page: Page, person: Person) -> None:
        """Type the code that came to her phone."""
        page.get_by_label("6 位验证码").fill(self.read_code(page, person.phone))
        page.get_by_role("button", name="登录", exact=True).click()

    def sign_in(self, page: Page, person: Person, path: str) -> None:
        """Open a page that asks who she is, and say so."""
        page.goto(path)
        page.get_by_label("手机号或邮箱").fill(person.phone)
        page.get_by_role("button", name="获取验证码").click()
        self.enter_code(page, person)
        expect(page).to_have_url(self.server.url + path)

    def says(self, *command: str) -> dict[str, Any]:
        """What a `yuantou` command answers as JSON; it must exit 0."""
        answer: dict[str, Any] = json.loads(self.server.command(*command, "--json"))
        return answer


def see(page: Page, text: str) -> None:
    """She sees this text, on a page that came in with its style; before that even what is hidden seems to be there."""
    expect(page.get_by_text(text).first).to_be_visible()
    page.wait_for_load_state()


def wait_for(page: Page, path: str, text: str) -> None:
    """Open a page again and again until the work behind it shows."""
    for _ in range(PATIENCE_MS // 250):
        page.goto(path)
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(250)
    see(page, text)
