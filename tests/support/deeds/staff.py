"""What the staff do: judge factories and goods, look at the books."""

from playwright.sync_api import Page, expect

from tests.cast import Person
from tests.support.town import Town, see


def hire(town: Town, *, operator: Person, finance: Person) -> None:
    """Name the first staff from the shell."""
    town.says("staff", "add", operator.phone, operator.name, "--role", "operator")
    town.says("staff", "add", finance.phone, finance.name, "--role", "finance")


def refuse(town: Town, page: Page, *, title: str, reason: str) -> None:
    """Send one listing back, with the words its owner will read."""
    page.goto("/ops?type=listing")
    town.picture(page, "ops-queue")
    page.get_by_role("link", name=title).click()
    page.get_by_label("退回原因").fill(reason)
    town.picture(page, "ops-case")
    page.get_by_role("button", name="退回").click()


def approve_factory(page: Page, name: str) -> None:
    """Let a factory in."""
    page.goto("/ops?type=factory")
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("button", name="通过").click()


def approve_goods(page: Page) -> None:
    """Approve all goods that wait."""
    page.goto("/ops?type=listing")
    boxes = page.locator("tbody input[type=checkbox]")
    for place in range(boxes.count()):
        boxes.nth(place).check()
    page.get_by_role("button", name="通过", exact=True).click()
    page.get_by_role("button", name="通过选中的").click()  # having read of each what was found
    see(page, "共 0 条")


def see_balanced_books(town: Town, page: Page) -> None:
    """The trial balance holds and its two columns are one sum."""
    page.goto("/finance")
    see(page, "账平")
    sums = page.get_by_role("table", name="试算平衡").locator("tfoot td").all_inner_texts()
    assert sums[1] == sums[2]
    assert sums[3] == sums[4]
    town.picture(page, "finance")
    page.goto("/finance/payouts")
    expect(page.get_by_role("table", name="打款记录")).to_contain_text("已到账")


def see_order(page: Page, *, order: str, paid: str, split: list[str]) -> None:
    """Where the money of one order went, and that nothing is missing."""
    page.goto(f"/finance?order={order}")
    expect(page.locator(".figure-value")).to_have_text(split)
    see(page, f"加起来正好是买家付的 {paid}")
    assert not page.get_by_text("借贷不等").count()
