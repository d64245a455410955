"""Hands that only have a keyboard: what a deed clicks, fills or chooses is reached by Tab and done by keys.

At every step the focus must be seen: a ring around it, in view, and under nothing else.
"""

from typing import Any

import pytest
from playwright.sync_api import ElementHandle, Locator, Mouse, Page, Touchscreen

MOST_STEPS = 150

# What takes the focus for a place that somebody would click: a label's control, the link around a text.
CONTROL = "place => place.closest('label')?.control ?? place.closest('a, button, summary, input, select, textarea')"

# Where the focus stands: whether that is the place looked for, in which direction it lies, and what is wrong.
FOCUS = """target => {
  const at = document.activeElement;
  const around = [at, at.nextElementSibling, at.parentElement, at.parentElement?.parentElement, at.closest("article")];
  const ringed = (part, pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const ring = around.filter(Boolean).some((part) => ["", "::before", "::after"].some((name) => ringed(part, name)));
  const box = (at.matches("input") && at.getBoundingClientRect().width < 2 ? at.labels[0] : at).getBoundingClientRect();
  const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
  const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  const seen = [0.1, 0.5, 0.9].some((part) => {
    const over = document.elementFromPoint(left + (right - left) * part, top + (bottom - top) * part);
    return over && (at.contains(over) || over.contains(at) || over.closest("label")?.control === at);
  });
  const group = target.type === "radio" && at.type === "radio" && at.name === target.name && at.form === target.form;
  const name = `${at.tagName} ${at.getAttribute("name") ?? at.textContent.trim().slice(0, 20)}`;
  return {
    reached: at === target,
    group,
    back: at !== document.body && Boolean(at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING),
    fault: at === document.body ? "" : !ring ? `no ring around ${name}` : !seen ? `${name} is out of sight` : "",
  };
}"""
MARK = "one => one.matches('input[type=checkbox], input[type=radio]')"
LEADS = "one => one.matches('a[href]:not([href^=\"#\"]), button[type=submit]')"
CHOSEN = "list => list.options[list.selectedIndex].label"


def take_the_mouse_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every deed of a test be done by keys."""
    monkeypatch.setattr(Locator, "set_input_files", _hand_in(Locator.set_input_files))
    for name, by_keys in {"click": click, "fill": fill, "select_option": select_option, "check": check}.items():
        monkeypatch.setattr(Locator, name, by_keys)
    for pointer in (Mouse.click, Mouse.move, Touchscreen.tap, Page.click, Page.tap, Locator.tap, Locator.hover):
        owner = {"Mouse": Mouse, "Touchscreen": Touchscreen, "Page": Page, "Locator": Locator}
        kind, name = pointer.__qualname__.split(".")
        monkeypatch.setattr(owner[kind], name, _no_mouse)


def reach(locator: Locator) -> ElementHandle:
    """Tab to a place from wherever the focus is, forwards or back; returns what has the focus then."""
    page = locator.page
    place = locator.element_handle()
    target = place.evaluate_handle(CONTROL).as_element()
    assert target, f"nothing takes the focus for {locator}"
    for _ in range(MOST_STEPS):
        stands = _stands(page, target)
        if stands["reached"]:
            return target
        page.keyboard.press("ArrowDown" if stands["group"] else "Shift+Tab" if stands["back"] else "Tab")
    message = f"Tab never comes to {locator} at {page.url}"
    raise AssertionError(message)


def _stands(page: Page, target: ElementHandle) -> dict[str, Any]:
    """Where the focus stands; what is wrong with it must be so for a while, for a page may still be coming in."""
    for _ in range(10):
        stands: dict[str, Any] = page.evaluate(FOCUS, target)
        if not stands["fault"]:
            return stands
        page.wait_for_timeout(50)
    raise AssertionError(f"{stands['fault']} at {page.url}")


def click(self: Locator, **_how: Any) -> None:  # noqa: ANN401  as Playwright has it
    """Enter on links and buttons, space on marks."""
    target = reach(self)
    if target.evaluate(MARK):
        self.page.keyboard.press("Space")
    elif target.evaluate(LEADS):
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
    else:
        self.page.keyboard.press("Enter")


def check(self: Locator, **_how: Any) -> None:  # noqa: ANN401  as Playwright has it
    """Space, unless it is ticked already."""
    if not reach(self).is_checked():
        self.page.keyboard.press("Space")


def fill(self: Locator, value: str, **_how: Any) -> None:  # noqa: ANN401  as Playwright has it
    """Type over what stands there."""
    reach(self)
    self.page.keyboard.press("Control+A")
    self.page.keyboard.type(value)


def select_option(self: Locator, value: str, **_how: Any) -> None:  # noqa: ANN401  as Playwright has it
    """Walk down a list from its top."""
    target = reach(self)
    self.page.keyboard.press("Home")
    for _ in range(MOST_STEPS):
        if target.evaluate(CHOSEN) == value:
            return
        self.page.keyboard.press("ArrowDown")
    message = f"{value} is not in the list"
    raise AssertionError(message)


def _hand_in(original: Any) -> Any:  # noqa: ANN401  Playwright's own method
    def hand_in(self: Locator, files: Any, **how: Any) -> None:  # noqa: ANN401  as Playwright has it
        reach(self)
        original(self, files, **how)

    return hand_in


def _no_mouse(*_told: Any, **_how: Any) -> None:  # noqa: ANN401  whatever it was asked
    raise AssertionError("there is no mouse")
