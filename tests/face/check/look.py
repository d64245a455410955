"""Looks at pages in a real browser: what axe says, how they fit, whether a thumb hits, what moves, what they weigh."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as BrowserError

from tests.face.check import survey
from tests.face.check.client import LANGUAGES
from tests.face.check.tools import AXE
from tests.face.check.visitors import PHONE
from tests.support.browser import Device

HERE = Path(__file__).parent
KB = 1000
HEAVIEST = 200 * KB
ZOOMED = 640  # a window of 1280 px at 200 %
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A page that has just changed its colours is looked at when they have arrived; what turns for ever is left turning.
RUN_AXE = """async (tags) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ends = (one) => one.effect.getComputedTiming().endTime !== Infinity;
  for (const one of document.getAnimations().filter(ends)) one.finish();
  const done = await axe.run(document, { runOnly: tags, resultTypes: ["violations"], preload: false });
  return done.violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id}: ${node.target.join(" ")} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? one.help}`));
}"""
# Sent as it is without a script and without the browser's own check: what the server says is what is looked at.
SEND_EMPTY = """(action) => {
  const form = [...document.forms].find((one) => one.getAttribute("action") === action);
  for (const field of form.querySelectorAll("[required]")) {
    if (field.type === "radio") field.checked = false;
    else field.value = "";
  }
  form.submit();
}"""
Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Fault:
    """What is wrong where: the kind of check, the route, what was shown how, and the words for it."""

    kind: str
    rule: str
    path: str
    shown: str
    text: str


@dataclass(frozen=True)
class Errand:
    """A batch of pages for one browser: as whom, on what, in which language."""

    url: str
    role: str
    device: Device
    language: str
    cookies: dict[str, str]
    pages: list[survey.Page]


@dataclass
class Findings:
    """What an errand brought home; `words` are all texts with their marked language, by page."""

    errand: Errand
    faults: list[Fault] = field(default_factory=list)
    words: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)


def run(errand: Errand, browser: Browser) -> Findings:
    """Look at every page of an errand, in both themes and all widths."""
    found = Findings(errand)
    with opened(browser, errand) as context:
        tab = context.new_page()
        for one in errand.pages:
            try:
                _look(tab, one, found)
            except BrowserError as error:
                found.faults.append(Fault("browser", one.rule, one.path, errand.language, str(error)[:300]))
                tab.close()
                tab = context.new_page()
    return found


@contextmanager
def opened(browser: Browser, errand: Errand) -> Iterator[BrowserContext]:
    """A browser window as the visitor has it, signed in, with the measures at hand on every page."""
    context = browser.new_context(
        base_url=errand.url,
        viewport={"width": errand.device.width, "height": errand.device.height},
        has_touch=errand.device.touch,
        is_mobile=errand.device.touch,
        locale=LANGUAGES[errand.language],
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": name, "value": value, "url": errand.url} for name, value in errand.cookies.items()])
    context.add_init_script(measures())
    yield context
    context.close()


@cache
def measures() -> str:
    """The scripts that a page is measured with."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (AXE, HERE / "measures.js", HERE / "targets.js"))


def violations(tab: Page) -> list[str]:
    """What axe finds on the open page, one text per element."""
    said: list[str] = tab.evaluate(RUN_AXE, TAGS)
    return said


def ask(tab: Page, *measured: str) -> Iterator[tuple[str, str]]:
    """What one measure after another finds on the open page."""
    for name in measured:
        yield from ((name, text) for text in tab.evaluate(f"face.{name}()"))


def fits(tab: Page, device: Device, *widths: int) -> Iterator[tuple[str, str, str]]:
    """What sticks out or is cut at these widths, as (kind, how it was shown, text)."""
    for width in widths:
        tab.set_viewport_size({"width": width, "height": device.height})
        yield from ((kind, f"{width} px", text) for kind, text in ask(tab, "sideways", "cut"))
    tab.set_viewport_size({"width": device.width, "height": device.height})


def _look(tab: Page, one: survey.Page, found: Findings) -> None:
    errand = found.errand

    def tell(shown: str, told: Iterable[tuple[str, str]]) -> None:
        how = f"{errand.role}, {errand.language}, {shown}"
        found.faults += [Fault(kind, one.rule, one.path, how, text) for kind, text in told]

    tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    tab.goto(one.path)
    if one.form:
        with tab.expect_navigation():
            tab.evaluate(SEND_EMPTY, one.form)
    found.words[one.key] = [(text, lang) for text, lang in tab.evaluate("face.words()")]
    width = f"{errand.device.width} px"
    tell(width, ask(tab, "pictures", "moving", *(["targets"] if errand.device.touch else [])))
    for theme in ("light", "dark"):
        tab.emulate_media(color_scheme=theme)
        tell(theme, (("axe", text) for text in violations(tab)))
    for kind, shown, text in fits(tab, errand.device, *sorted({PHONE.width, ZOOMED, errand.device.width})):
        tell(shown, [(kind, text)])
    weight = tab.evaluate("face.weight()")
    found.weights[one.key] = weight
    tell(width, [("weight", f"{weight} bytes, at most {HEAVIEST}")] if weight > HEAVIEST else [])
