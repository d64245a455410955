"""What money does afterwards: time passes, a sale is settled and paid out, and everything adds up."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.support.town import Town, see

COMMISSION_BP = 50  # the direct way's rate on the first rate card
RAIL_BP = 60  # what the sandbox rail keeps

ACCOUNTS = {"factory": "6222021234567811", "merchant": "6222021234567829"}
"""Numbers of cards whose check digits hold."""


@dataclass(frozen=True)
class Sale:
    """What a sale comes to, in fen, worked out by hand: each share rounds half-up to a fen."""

    gross: int

    @property
    def commission(self) -> int:
        """What the platform takes."""
        return (self.gross * COMMISSION_BP + 5_000) // 10_000

    @property
    def processing(self) -> int:
        """What the rail took."""
        return (self.gross * RAIL_BP + 5_000) // 10_000

    @property
    def net(self) -> int:
        """What the factory gets."""
        return self.gross - self.commission - self.processing


def shown(fen: int) -> str:
    """Fen as pages write them: `1,268.00`."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def give_account(page: Page, *, side: str) -> None:
    """Say where the money of a factory or a merchant goes: a first account counts at once."""
    page.goto(f"/{side}/payout-account")
    page.get_by_label("开户银行").select_option("工商银行")
    page.get_by_label("账号", exact=True).fill(ACCOUNTS[side])
    page.get_by_label("我单独同意").check()
    page.get_by_role("button", name="保存账户").click()
    see(page, f"**** {ACCOUNTS[side][-4:]}")


def eight_days_pass(page: Page, *, since: int = 0) -> None:
    """Move the clock of this deployment past the days of return, when it was moved by `since` days already."""
    page.goto("/dev/clock")
    page.get_by_role("button", name="拨快 8 天").click()
    see(page, f"{since + 8} 天 0 小时")


def settle_and_pay(town: Town) -> None:
    """Do what the worker does every hour, now; the worker may have been first."""
    town.says("settle")
    town.says("payouts", "run")


def read_statement(town: Town, page: Page, sale: Sale, *, order: str) -> None:
    """The statement shows how the net came about, to the fen, and the payout of just that."""
    page.goto("/factory/statement")
    line = page.get_by_role("table", name="已结算订单").get_by_role("row").filter(has_text=order)
    formula = f"{shown(sale.gross)} × 0.5% = {shown(sale.commission)}"
    for figure in (shown(sale.gross), formula, shown(sale.processing), shown(sale.net)):
        expect(line).to_contain_text(figure)
    payout = page.get_by_role("table", name="打款记录").get_by_role("row").filter(has_text=shown(sale.net))
    expect(payout).to_contain_text("已到账")
    town.picture(page, "statement")


def read_line(page: Page, *, side: str, order: str, cells: list[str]) -> None:
    """A seller's statement says how the net of an order came about: these cells, from the first amount to the net."""
    page.goto(f"/{side}/statement")
    line = page.get_by_role("table", name="已结算订单").get_by_role("row").filter(has_text=order)
    assert line.locator("td").all_inner_texts()[1:-1] == cells


def read_totals(page: Page, *, net: str, payouts: list[str]) -> None:
    """The statement's own sum, and the payouts that arrived, the newest first."""
    expect(page.get_by_role("table", name="已结算订单").locator("tfoot")).to_contain_text(net)
    expect(page.locator(".figure-value").first).to_have_text(net)
    paid = page.get_by_role("table", name="打款记录").locator("tbody tr")
    expect(paid.locator(".money")).to_have_text(payouts)
    expect(paid.get_by_text("已到账")).to_have_count(len(payouts))


def verify(town: Town) -> None:
    """Books, statements and stock agree, says the command line."""
    assert town.says("ledger", "verify")["ok"] is True
    assert town.says("self-check") == {"findings": []}
