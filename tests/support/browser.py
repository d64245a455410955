"""A real browser that tells on a page: console errors, server errors, and anything that leaves this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, Route, sync_playwright

PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--font-render-hinting=none",
)


# A picture is taken when the letters are there and every image in sight is drawn.
SEEN = """() => Promise.all([
  document.fonts.ready,
  ...[...document.images]
    .filter((image) => image.getBoundingClientRect().top < innerHeight)
    .map((image) => { image.loading = "eager"; return image.decode().catch(() => null); }),
])"""


@dataclass(frozen=True)
class Device:
    """What somebody holds or sits at."""

    width: int
    height: int
    touch: bool


PHONE = Device(360, 780, touch=True)
DESK = Device(1320, 900, touch=False)


@dataclass
class Complaints:
    """What went wrong behind a page's back."""

    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.route("**/*", self._stay_home)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"script error: {error.error}"))
        context.on("response", self._response)

    def _stay_home(self, route: Route) -> None:
        if urlsplit(route.request.url).hostname in (None, "127.0.0.1"):
            route.fallback()
            return
        self.found.append(f"left this machine: {route.request.url}")
        route.abort()

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form is a 4xx, which the browser reports as a resource that failed; that is no mistake.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.found.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"{response.status} from {response.url}")


def executable() -> str | None:
    """Return the browser of this machine, if any; Playwright's own is never downloaded."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium, headless, with everything off that would call home."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, url: str, device: Device, *, script: bool = True, locale: str = "zh-CN") -> Iterator[Page]:
    """Open a fresh person's page on a site; leaving fails with whatever went wrong behind the page."""
    complaints = Complaints()
    context = browser.new_context(
        base_url=url,
        viewport={"width": device.width, "height": device.height},
        has_touch=device.touch,
        is_mobile=device.touch,
        locale=locale,
        timezone_id="Asia/Shanghai",
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    context.set_default_navigation_timeout(30_000)  # a page may wait for its turn on a busy machine
    complaints.watch(context)
    yield context.new_page()
    context.close()
    assert not complaints.found, "\n".join(complaints.found)


def picture(page: Page, name: str, folder: Path) -> Path:
    """Take a picture into `folder`, for whoever has to find out why a journey failed."""
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate(SEEN)
    page.screenshot(path=folder / f"{name}.png", animations="disabled")
    return folder / f"{name}.png"
