"""From joining to the payout over HTTP, by people who reload and send the same form again until they see it done."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from kernel.clock import ShiftedClock
from onboarding.licences import credit_code
from tests.cast import FANG, TAN
from tests.faults.browser import Answer, Browser
from tests.storefront.shop import FORM
from tests.support.goods import blank_photo, price_sheet

Found = TypeVar("Found")
PATIENCE = 120


@dataclass
class Journal:
    """What people were told: kept by them, not by the deployment."""

    listings: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)
    shipped: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    payouts: int = 0


class Journey:
    """One round: a new factory, its goods, one order, its money. Everybody has a browser of her own."""

    def __init__(self, port: int, clock: ShiftedClock, journal: Journal, *, number: int) -> None:
        self.clock, self.journal, self.number = clock, journal, number
        self.title = f"羊绒围巾第{number}款"
        self.browsers = {name: Browser(port, patience=PATIENCE) for name in ("owner", "shopper", "operator", "finance")}
        self.owner, self.shopper, self.operator, self.finance = self.browsers.values()

    def travel(self, paid_out: Callable[[], int]) -> None:
        """Go all the way; `paid_out` says how many payouts the books hold."""
        phones = (f"137{self.number:08}", f"136{self.number:08}", TAN.phone, FANG.phone)
        for browser, phone in zip(self.browsers.values(), phones, strict=True):
            sign_in(browser, phone)
        self.join()
        self.give_account()
        self.approve("factory")
        self.list_goods()
        self.approve("listing")
        order = self.buy()
        self.ship(order)
        self.receive(order)
        self.clock.move(by=timedelta(days=9))
        for browser, phone in ((self.owner, phones[0]), (self.finance, phones[3])):
            sign_in(browser, phone)
        self.pay_out(paid_out)

    def join(self) -> None:
        """Show a licence that nobody can read, fill in by hand what it says, hand it in."""
        way_in, photo = "/join/factory", "/join/factory/licence"
        by_hand = f"{way_in}?by-hand=1"

        def show() -> None:
            files = {"licence": ("执照.jpg", blank_photo())}
            self.owner.send(photo, token(self.owner.open(way_in)), files=files)

        def hand_in() -> None:
            form = self.owner.open(by_hand).form(way_in).fields
            said = {"name": f"清河县第{self.number}羊绒厂", "uscc": uscc(self.number), "belt": "qinghe-cashmere"}
            self.owner.send(way_in, {**form, **said, "ways": "both", "agreement": _agreement(self.owner.open(by_hand))})

        until(lambda: "/licences/" in self.owner.open(by_hand).text, show)
        until(lambda: self.owner.open(way_in).path == "/factory", hand_in)

    def give_account(self) -> None:
        """Say where the money goes; a first account counts at once."""
        page = "/factory/payout-account"

        def give() -> None:
            form = next((one.fields for one in self.owner.open(page).forms() if one.action == page), None)
            if form:
                said = {"personal": "0", "bank": "icbc", "number": f"6212{self.number:012}", "consent": "1"}
                self.owner.send(page, {**form, **said})

        until(lambda: f"**** {self.number:04}" in self.owner.open(page).text, give)

    def approve(self, kind: str) -> None:
        """Decide every open case of a kind."""
        desk = f"/ops?type={kind}&state=open"

        def decide() -> None:
            case = re.search(r'href="(/ops/cases/[a-z0-9_]+)[?"]', self.operator.open(desk).text)
            if case:
                evidence = self.operator.open(case[1])
                if f"{case[1]}/approval" in evidence.text:
                    self.operator.send(f"{case[1]}/approval", token(evidence))

        until(lambda: "/ops/cases/" not in self.operator.open(desk).text, decide)

    def list_goods(self) -> None:
        """Upload a price sheet, wait until it is read, make drafts, hand them in."""
        data = price_sheet(f"W{self.number},{self.title},驼色,60,128,50,1")
        files = {"sheet": ("价格表.csv", data)}
        sheet = self.owner.send("/factory/sheets", token(self.owner.open("/factory/sheets")), files=files).path
        form = until(lambda: _form(self.owner.open(sheet), f"{sheet}/listings"))
        made = f"{sheet}/listings"
        until(lambda: self.title in self._listed(), lambda: self.owner.send(made, form))
        self.journal.listings.append(f"W{self.number}")
        until(
            lambda: self.title in self._listed("submitted"),
            lambda: self.owner.send("/factory/listings/submissions", token(self.owner.open("/factory/listings"))),
        )

    def _listed(self, state: str = "") -> str:
        return self.owner.open(f"/factory/listings?state={state}").text

    def buy(self) -> str:
        """Find it, put one in the cart, order, pay; the order's public id."""
        search = f"/factory-goods?q=W{self.number}"
        goods = until(lambda: re.search(r'href="(/goods/lst_[a-z0-9]+)', self.shopper.open(search).text))[1]
        until(self._lies_in_cart, lambda: self._put_in_cart(goods))
        checkout = self.shopper.open("/checkout").form("/checkout").fields
        pay = self.shopper.send("/checkout", {**checkout, **FORM})
        assert pay.path.startswith("/pay/"), (pay.path, pay.status)
        self.journal.orders.append(pay.path.rsplit("/", 1)[1])
        done = self.shopper.send(pay.path, {**token(pay), "method": "sandbox_pays"})
        order = until(lambda: _ordered(self.shopper.open(pay.path))) if not _ordered(done) else _ordered(done)
        self.journal.paid.append(order)
        return order

    def _put_in_cart(self, goods: str) -> None:
        form = self.shopper.open(goods).form("/cart/lines")
        self.shopper.send(form.action, form.fields)

    def _lies_in_cart(self) -> bool:
        """Whether one piece lies there; a second one, put in by a form sent again, is taken out."""
        cart = self.shopper.open("/cart")
        line = next((form for form in cart.forms() if "quantity" in form.fields), None)
        if line and line.fields["quantity"] != "1":
            self.shopper.send(line.action, {**line.fields, "quantity": "1"})
        return line is not None

    def ship(self, order: str) -> None:
        """Write the parcel's number."""
        page, action = f"/factory/orders/{order}", f"/factory/orders/{order}/shipment"

        def hand_over() -> None:
            form = self.owner.open(page).form(action).fields
            self.owner.send(action, {**form, "carrier": "sf", "tracking": f"SF{self.number:013}"})

        until(lambda: f"SF{self.number:013}" in self.owner.open(page).text, hand_over)
        self.journal.shipped.append(order)

    def receive(self, order: str) -> None:
        """Confirm that it came."""
        page, action = f"/orders/{order}", f"/orders/{order}/receipt"
        until(
            lambda: action not in self.shopper.open(page).text,
            lambda: self.shopper.send(action, token(self.shopper.open(page))),
        )
        self.journal.received.append(order)

    def pay_out(self, paid_out: Callable[[], int]) -> None:
        """Press the button until the money of this round is on its way."""
        before = len(self.journal.received) - 1
        until(
            lambda: paid_out() > before,
            lambda: self.finance.send("/finance/payouts", token(self.finance.open("/finance/payouts"))),
        )
        self.journal.payouts += 1


def sign_in(browser: Browser, phone: str) -> None:
    """By the code from the mailbox of development; a code that was used while the answer was lost is asked for anew."""

    def ask_and_enter() -> None:
        form = browser.open("/sign-in").form("/sign-in").fields
        page = browser.send("/sign-in", {**form, "recipient": phone})
        told = re.search(rf"\+86{phone}</strong>.*?验证码 (\d{{6}})", browser.open("/dev/messages").text, re.DOTALL)
        assert told, f"no code for {phone}"
        if page.path == "/sign-in/code":
            browser.send("/sign-in/code", {**page.form("/sign-in/code").fields, "code": told[1]})

    until(lambda: browser.open("/account").path == "/account", ask_and_enter)


def until(done: Callable[[], Found], do: Callable[[], object] | None = None) -> Found:
    """Look whether it is done, do it, look again; gives up when the patience is over."""
    end = time.monotonic() + PATIENCE
    while not (found := done()):
        assert time.monotonic() < end, f"still not done after {PATIENCE} seconds"
        if do:
            do()
        else:
            time.sleep(0.15)
    return found


def _agreement(form: Answer) -> str:
    """The version that the box on the form accepts."""
    found = re.search(r'name="agreement"\s+value="([^"]+)"', form.text)
    return found[1] if found else ""


def token(page: Answer) -> dict[str, str]:
    """The token against forged forms of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, (page.path, page.status)
    return {"csrf_token": found[1]}


def uscc(number: int) -> str:
    """A credit code that holds, one for each number."""
    start = f"91130534MA{number:06}"
    inner = start + credit_code.inner_check_digit(start)
    return inner + credit_code.check_digit(inner)


def _form(page: Answer, action: str) -> dict[str, str]:
    return next((form.fields for form in page.forms() if form.action == action), {})


def _ordered(page: Answer) -> str:
    return page.path.removeprefix("/orders/") if page.path.startswith("/orders/") else ""
