"""The main job, whole: join, list, approve, found, placed, paid, shipped, received, settled, paid out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.cast import FANG, LIN, TAN, Person, yuan
from tests.support.browser import DESK, PHONE
from tests.support.deeds import books, factory, shopper, staff
from tests.support.deeds.books import Sale, shown
from tests.support.deeds.factory import QINGHE, Factory
from tests.support.server import Server
from tests.support.town import Town, wait_for

HAI = Person("海建业", "13800138012", "factory_owner")
DAN = Person("单志明", "13800138013", "factory_owner")
SHISHI = Factory(
    owner=HAI,
    name="石狮市海样服装有限公司",
    uscc="91350581MA0DEM021E",
    belt="石狮服装",
    sheet="shishi-garments.xlsx",
    listings=5,
    skus=75,
    told=("以上价格不含税",),
    markup="80",
)
DANYANG = Factory(
    owner=DAN,
    name="丹阳样镜眼镜厂",
    uscc="91321181MA0DEM03XH",
    belt="丹阳眼镜",
    sheet="danyang-glasses.xlsx",
    listings=6,
    skus=6,
    told=("第 8 行 I 列", "库存“约300”是约数，按 300 读入"),
    markup="80",
)
REASON = "请在介绍里写明山羊绒含量和产地。"
SCARF_FEN = yuan("299.00")  # column G of row 5 in the sheet
TRACKING = "YT7300000000001"


@pytest.mark.journey
@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_factory_sells_to_a_shopper(
    make_server: Callable[..., Server], visit: Callable[..., Page], tmp_path: Path, *, script: bool
) -> None:
    town = Town(make_server(), visit, script=script, pictures=tmp_path if script else None)
    staff.hire(town, operator=TAN, finance=FANG)
    owner, operator = _list(town)
    _judge(town, owner, operator)
    lin = _find(town)
    order = _buy(town, lin)
    factory.ship(town, owner, order=order, tracking=TRACKING)
    shopper.sign(lin, order=order, tracking=TRACKING)
    _settle(town, owner, order)


def _list(town: Town) -> tuple[Page, Page]:
    """Three factories join, each with the sheet it keeps; Wei's page is returned, with an operator's."""
    owner = town.comes(PHONE)
    factory.join(town, owner, QINGHE)
    books.give_account(owner, side="factory")
    factory.upload(town, owner, QINGHE)
    unseen = replace(town, pictures=None)
    for other in (SHISHI, DANYANG):
        page = town.comes(PHONE)
        factory.join(unseen, page, other)
        factory.upload(unseen, page, other)
    operator = town.comes(DESK)
    town.sign_in(operator, TAN, "/ops")
    return owner, operator


def _judge(town: Town, owner: Page, operator: Page) -> None:
    """One listing is refused, mended and handed in again; then everything is approved."""
    staff.refuse(town, operator, title="羊绒帽子", reason=REASON)
    factory.mend(town, owner, title="羊绒帽子", reason=REASON, description="100% 山羊绒，河北清河生产。")
    for one in (QINGHE, SHISHI, DANYANG):
        staff.approve_factory(operator, one.name)
    staff.approve_goods(operator)
    wait_for(operator, "/factory-goods", "19 件")


def _find(town: Town) -> Page:
    """Lin searches on her phone by characters, by pinyin, and narrows at a desk; counts hold."""
    desk = town.comes(DESK)
    desk.goto("/")
    town.picture(desk, "home")
    assert shopper.search(desk, "") == 19
    assert shopper.narrow(desk, "50–100 元") == 7
    assert shopper.narrow(desk, "丹阳眼镜") == 3
    assert shopper.search(desk, "yangrong") == 8
    town.picture(desk, "search-desktop")
    assert shopper.narrow(desk, "服饰针织") == 8
    assert shopper.narrow(desk, "200–500 元") == 2
    lin = town.comes(PHONE)
    assert shopper.search(lin, "yangrong") == 8
    town.picture(lin, "search")
    assert shopper.search(lin, "羊绒围巾") == 1
    return lin


def _buy(town: Town, lin: Page) -> str:
    """Two colours of the scarf, one declined payment, one that works; returns the order's number."""
    lin.get_by_role("link", name="羊绒围巾").click()
    listing = lin.url
    town.picture(lin, "product")
    shopper.put_in_cart(lin, listing, "驼色")
    shopper.put_in_cart(lin, listing, "酒红")
    total = f"¥{shown(2 * SCARF_FEN)}"
    shopper.check_out(town, lin, LIN, total=total)
    return shopper.pay(town, lin, total=total)


def _settle(town: Town, owner: Page, order: str) -> None:
    """Eight days later the money is the factory's, less what the statement says; the books agree."""
    books.eight_days_pass(owner)
    books.settle_and_pay(town)
    books.read_statement(town, owner, Sale(2 * SCARF_FEN), order=order)
    finance = town.comes(DESK)
    town.sign_in(finance, FANG, "/finance")
    staff.see_balanced_books(town, finance)
    books.verify(town)
