"""The main job without a mouse: every link, field and button is reached by Tab, its focus seen, and pressed by keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.cast import FANG, LIN, TAN
from tests.support import keyboard
from tests.support.browser import DESK
from tests.support.deeds import books, factory, shopper, staff
from tests.support.deeds.books import Sale, shown
from tests.support.deeds.factory import QINGHE
from tests.support.server import Server
from tests.support.town import Town, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.network]

TRACKING = "YT7300000000001"
SCARF_FEN = 29_900


def test_the_main_job_by_keyboard(
    make_server: Callable[..., Server], visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard.take_the_mouse_away(monkeypatch)
    town = Town(make_server(), visit)
    staff.hire(town, operator=TAN, finance=FANG)
    owner, operator, lin = (town.comes(DESK) for _ in range(3))
    factory.join(town, owner, QINGHE)
    books.give_account(owner, side="factory")
    factory.upload(town, owner, QINGHE)
    town.sign_in(operator, TAN, "/ops")
    staff.approve_factory(operator, QINGHE.name)
    staff.approve_goods(operator)
    wait_for(operator, "/factory-goods", "8 件")
    order = _buy(town, lin)
    factory.ship(town, owner, order=order, tracking=TRACKING)
    shopper.sign(lin, order=order, tracking=TRACKING)
    books.eight_days_pass(owner)
    books.settle_and_pay(town)
    books.read_statement(town, owner, Sale(SCARF_FEN), order=order)
    finance = town.comes(DESK)
    town.sign_in(finance, FANG, "/finance")
    staff.see_balanced_books(town, finance)


def _buy(town: Town, lin: Page) -> str:
    assert shopper.search(lin, "羊绒围巾") == 1
    lin.get_by_role("link", name="羊绒围巾").click()
    shopper.put_in_cart(lin, lin.url, "驼色")
    total = f"¥{shown(SCARF_FEN)}"
    shopper.check_out(town, lin, LIN, total=total)
    return shopper.pay(town, lin, total=total)
