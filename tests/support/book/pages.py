"""The pages of the picture book: their names, who is before them, and where they are in the demo."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.accounts.queries import user_by_phone
from onboarding.listings.models import Listing, SheetImport, SupplyTier
from onboarding.moderation.models import Case
from onboarding.offers.models import PickUp
from storefront.demo.merchants import BO
from storefront.demo.people import FANG, LIN, TAN, WEI, Person, acting
from storefront.orders.models import Order, OrderGroup
from storefront.orders.queries import due_payment, order_of
from storefront.photos.models import PhotoSearch
from tests.support.book.camera import VARIANTS

BELT = "qinghe-cashmere"
SHEET = "qinghe-knitwear.csv"
NOT_FOUND = 404
AT_DESK = (TAN, FANG)


@dataclass(frozen=True)
class Leaf:
    """One page of the book; `{…}` in its address is a thing of the demo.

    A page `again` is another state of one that the book has: its night adds nothing. `typed` goes into the field.
    """

    name: str
    who: Person | None
    address: str
    english: str
    chinese: str
    status: int = 200
    again: bool = False
    typed: str = ""

    @property
    def variants(self) -> tuple[str, ...]:
        """Its pictures; of whoever works at a desk a phone shows one, to prove that it can."""
        nights = ("phone-zh-dark", "desk-zh-dark") if self.again else ()
        phones = ("phone-zh-dark", "phone-en-light") if self.who in AT_DESK else ()
        return tuple(one for one in VARIANTS if one not in nights and one not in phones)


LEAVES = (
    Leaf("home", None, "/", "Home", "首页"),
    Leaf("channel", None, "/factory-goods", "Factory goods", "工厂货"),
    Leaf("suggestions", None, "/factory-goods", "Suggestions while typing", "输入时的建议", again=True, typed="羊"),
    Leaf("search", None, "/factory-goods?q=羊绒", "Search", "搜索"),
    Leaf(
        "search-filtered",
        None,
        f"/factory-goods?belt={BELT}&price=10000-19999",
        "Search, filtered",
        "搜索，筛选后",
        again=True,
    ),
    Leaf("search-relaxed", None, "/factory-goods?q=羊绒围巾+防弹", "Search, relaxed", "搜索，放宽后", again=True),
    Leaf("search-none", None, "/factory-goods?q=航天飞机", "Search that finds nothing", "搜不到时", again=True),
    Leaf("by-photo", None, "/factory-goods/by-photo/{photo}", "Search by photo", "以图找货", again=True),
    Leaf("product", None, "/goods/{product}", "Goods of a factory", "工厂商品"),
    Leaf(
        "product-supply",
        BO,
        "/goods/{supplied}?pieces=60",
        "Goods as a merchant sees them",
        "合作商家看商品",
        again=True,
    ),
    Leaf("belts", None, "/belts", "Industrial belts", "产业带"),
    Leaf("belt", None, f"/belts/{BELT}", "One belt", "一个产业带"),
    Leaf("factory", None, "/f/{factory}", "A factory", "工厂主页"),
    Leaf("shop", None, "/m/{shop}", "A merchant's shop", "商家店铺"),
    Leaf("shop-goods", None, "/m/{shop}/{shop_goods}", "Goods of a merchant", "商家商品"),
    Leaf("cart", LIN, "/cart", "Cart", "购物车"),
    Leaf("checkout", LIN, "/checkout", "Checkout", "结算"),
    Leaf("pay", LIN, "/pay/{payment}", "Paying", "付款"),
    Leaf("orders", LIN, "/orders", "Orders", "我的订单"),
    Leaf("order", LIN, "/orders/{shipped}", "An order on its way", "途中的订单"),
    Leaf("refund", LIN, "/orders/{delivered}/refund", "Asking for a refund", "申请退款"),
    Leaf("sign-in", None, "/sign-in", "Sign-in", "登录"),
    Leaf("join", None, "/join", "Joining", "入驻"),
    Leaf("factory-today", WEI, "/factory", "A factory's day", "工厂·今天"),
    Leaf("factory-orders", WEI, "/factory/orders", "A factory's orders", "工厂·订单"),
    Leaf("factory-order", WEI, "/factory/orders/{to_ship}", "An order to ship", "工厂·待发订单"),
    Leaf("listings", WEI, "/factory/listings", "A factory's goods", "工厂·商品"),
    Leaf("listing", WEI, "/factory/listings/{listing}", "One of its goods", "工厂·一件商品"),
    Leaf("variants", WEI, "/factory/listings/{on_sale}/variants", "Its variants and prices", "工厂·规格和价格"),
    Leaf("pictures", WEI, "/factory/listings/{on_sale}/pictures", "Its pictures", "工厂·商品图片"),
    Leaf("terms", WEI, "/factory/listings/{on_sale}/terms", "How it is sold", "工厂·起批和供货"),
    Leaf("stock", WEI, "/factory/stock", "Stock, and what lies too long", "工厂·库存和压货"),
    Leaf("certificates", WEI, "/factory/certificates", "Certificates", "工厂·证书"),
    Leaf("sentences", WEI, "/factory/sentences", "Goods from one sentence", "一句话上新"),
    Leaf("sheets", WEI, "/factory/sheets", "Price sheets", "工厂·上新"),
    Leaf("sheet", WEI, "/factory/sheets/{sheet}", "A price sheet understood", "读好的价目表"),
    Leaf("factory-statement", WEI, "/factory/statement", "A factory's statement", "工厂·对账单"),
    Leaf("factory-merchants", WEI, "/factory/merchants", "Merchants of a factory", "工厂·合作商家"),
    Leaf("merchant-today", BO, "/merchant", "A merchant's day", "商家·今天"),
    Leaf("merchant-goods", BO, "/merchant/goods", "A merchant's goods", "商家·我的商品"),
    Leaf("supply", BO, "/supply", "Supply market", "货源市场"),
    Leaf("ops", TAN, "/ops", "An operator's queue", "运营·审核"),
    Leaf("ops-case", TAN, "/ops/cases/{case}", "A case", "运营·审核单"),
    Leaf("ops-edit", TAN, "/ops/cases/{edit}", "An edit of goods on sale", "运营·改动"),
    Leaf("ops-goods", TAN, "/ops/goods", "Every factory's goods", "运营·商品"),
    Leaf("ops-searches", TAN, "/ops/searches", "What shoppers seek", "运营·搜索"),
    Leaf("ops-times", TAN, "/ops/times", "Times promised and taken", "运营·处理时效"),
    Leaf("finance", FANG, "/finance", "The books", "财务·账簿"),
    Leaf("finance-order", FANG, "/finance?order={number}", "Where every fen of an order went", "财务·按订单查账"),
    Leaf("rates", None, "/rates", "Rates", "费率公示"),
    Leaf("not-found", None, "/goods/lst_none", "A page that is not there", "页面不存在", NOT_FOUND),
)


def addresses() -> dict[str, str]:
    """Where each page is, by its name; within the demo's application."""
    things = {name: find() for name, find in _THINGS.items()}
    return {leaf.name: leaf.address.format(**things) for leaf in LEAVES}


def owner_of(leaf: Leaf) -> str:
    """The user (public id) who is before a page, or nobody."""
    return user_by_phone(leaf.who.phone) if leaf.who else ""


def _first(column: object, *where: object) -> str:
    """The oldest row's value, so that each load of the demo shows the same."""
    found: str = session().scalars(select(column).where(*where).order_by("id").limit(1)).one()  # type: ignore[call-overload]
    return found


def _house(owner: Person) -> int:
    return acting(owner).memberships[0].organisation_id


def _listing(state: str) -> str:
    return _first(Listing.public_id, Listing.organisation_id == _house(WEI), Listing.state == state)


def _supplied() -> str:
    """Goods that Bo resells, the more the cheaper."""
    query = select(Listing.public_id).join(PickUp, PickUp.listing_id == Listing.id).join(SupplyTier)
    laddered = query.group_by(Listing.id, Listing.public_id).having(func.count() > 1).order_by(Listing.id)
    return session().scalars(laddered.where(PickUp.organisation_id == _house(BO)).limit(1)).one()


def _order(*where: object) -> str:
    """The newest order like this."""
    query = select(Order.public_id).join(OrderGroup).where(*where).order_by(Order.id.desc())  # type: ignore[arg-type]
    return session().scalars(query.limit(1)).one()


def _lins(state: str, way: str) -> str:
    return _order(OrderGroup.buyer_id == acting(LIN).user_id, Order.state == state, Order.way == way)


def _payment() -> str:
    lin = acting(LIN)
    return due_payment(lin, order_of(lin, _lins("placed", "direct")))


def _settled_number() -> str:
    """An order that a merchant sold and a factory shipped: its money went to three parties."""
    order = _lins("completed", "merchant")
    return session().scalars(select(Order.number).where(Order.public_id == order)).one()


_THINGS: dict[str, Callable[[], str]] = {
    "product": lambda: _first(
        Listing.public_id, Listing.organisation_id == _house(WEI), Listing.title.startswith("羊绒围巾")
    ),
    "supplied": _supplied,
    "factory": lambda: _first(Organisation.slug, Organisation.id == _house(WEI)),
    "shop": lambda: _first(Organisation.slug, Organisation.id == _house(BO)),
    "shop_goods": lambda: _first(PickUp.public_id, PickUp.organisation_id == _house(BO)),
    "photo": lambda: _first(PhotoSearch.public_id),
    "payment": _payment,
    "shipped": lambda: _lins("shipped", "direct"),
    "delivered": lambda: _lins("delivered", "direct"),
    "to_ship": lambda: _order(Order.shipper_id == _house(WEI), Order.state == "paid", Order.way == "merchant"),
    "listing": lambda: _listing("refused"),
    "on_sale": lambda: _listing("published"),
    "sheet": lambda: _first(SheetImport.public_id, SheetImport.filename == SHEET, SheetImport.state == "read"),
    "case": lambda: _first(Case.public_id, Case.state == "open", Case.subject_type == "listing"),
    "edit": lambda: _first(Case.public_id, Case.state == "open", Case.subject_type == "edit"),
    "number": _settled_number,
}
