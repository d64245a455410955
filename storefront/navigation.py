"""The console's navigation: what each actor may open, by the permissions she holds, and how much waits there."""

from __future__ import annotations

from kernel.i18n import gettext as _
from kernel.permissions import Actor, Permission
from kernel.text import lazy
from onboarding.moderation.desk import waiting_on_desk
from storefront.merchants.desk import waiting_at_shop
from storefront.shipments.desk import waiting_at_factory

NavEntry = tuple[str, str, str, int | None]
Place = tuple[Permission, str, str, str]

_FACTORY: tuple[Place, ...] = (
    (Permission.FACTORY_ORDERS_VIEW, "/factory", lazy("今天"), "today"),
    (Permission.FACTORY_ORDERS_VIEW, "/factory/orders", lazy("订单"), "orders"),
    (Permission.LISTING_GOODS_EDIT, "/factory/sheets", lazy("上新"), "sheets"),
    (Permission.LISTING_GOODS_VIEW, "/factory/listings", lazy("商品"), "listings"),
    (Permission.FACTORY_ORDERS_VIEW, "/factory/refunds", lazy("退款"), "after-sales"),
    (Permission.FACTORY_MERCHANTS_VIEW, "/factory/merchants", lazy("合作商家"), "merchants"),
    (Permission.FACTORY_STATEMENT_VIEW, "/factory/statement", lazy("对账单"), "statement"),
    (Permission.SELLER_ORGANISATION_EDIT, "/factory/payout-account", lazy("收款账户"), "payout-account"),
    (Permission.SELLER_ORGANISATION_EDIT, "/factory/team", lazy("团队"), "team"),
)
_MERCHANT: tuple[Place, ...] = (
    (Permission.MERCHANT_ORDERS_VIEW, "/merchant", lazy("今天"), "today"),
    (Permission.MERCHANT_ORDERS_VIEW, "/merchant/orders", lazy("订单"), "orders"),
    (Permission.SUPPLY_MARKET_VIEW, "/supply", lazy("货源市场"), "supply"),
    (Permission.MERCHANT_GOODS_VIEW, "/merchant/goods", lazy("我的商品"), "goods"),
    (Permission.MERCHANT_ORDERS_VIEW, "/merchant/refunds", lazy("退款"), "after-sales"),
    (Permission.MERCHANT_STATEMENT_VIEW, "/merchant/statement", lazy("对账单"), "statement"),
    (Permission.SELLER_ORGANISATION_EDIT, "/merchant/payout-account", lazy("收款账户"), "payout-account"),
    (Permission.SELLER_ORGANISATION_EDIT, "/merchant/team", lazy("团队"), "team"),
)
_STAFF: tuple[Place, ...] = (
    (Permission.OPS_CASES_VIEW, "/ops", lazy("审核"), "cases"),
    (Permission.OPS_CASES_VIEW, "/ops/goods", lazy("商品"), "goods"),
    (Permission.OPS_CASES_VIEW, "/ops/factories", lazy("工厂和商家"), "factories"),
    (Permission.OPS_SEARCHES_VIEW, "/ops/searches", lazy("搜索"), "searches"),
    (Permission.OPS_JOBS_VIEW, "/ops/work", lazy("后台任务"), "work"),
    (Permission.OPS_AUDIT_VIEW, "/ops/audit", lazy("操作记录"), "audit"),
    (Permission.FINANCE_BOOKS_VIEW, "/finance", lazy("财务"), "finance"),
    (Permission.FINANCE_BOOKS_VIEW, "/finance/parties", lazy("卖家余额"), "parties"),
    (Permission.FINANCE_BOOKS_VIEW, "/finance/payouts", lazy("打款记录"), "payouts"),
    (Permission.FINANCE_BOOKS_VIEW, "/finance/entries", lazy("记账"), "entries"),
)
_HELPER: tuple[Place, ...] = (
    (Permission.ASSIST_OWNERS_HELP, "/assist", lazy("代办"), "assist"),
    (Permission.LISTING_GOODS_EDIT, "/factory/sheets", lazy("上新"), "sheets"),
    (Permission.LISTING_GOODS_VIEW, "/factory/listings", lazy("商品"), "listings"),
)
"""A helper's own desk; with an owner's matters in hand, that of her factory as well."""
_CONSOLES = {
    "/assist": _HELPER[:1],
    "/factory": _FACTORY,
    "/merchant": _MERCHANT,
    "/supply": _MERCHANT,
    "/ops": _STAFF,
    "/finance": _STAFF,
}
_KINDS = {"/factory": "factory", "/merchant": "merchant", "/supply": "merchant"}
"""Whose desk it is, by the kind of its organisation."""
_WAITING = {
    "/factory": waiting_at_factory,
    "/merchant": waiting_at_shop,
    "/supply": waiting_at_shop,
    "/ops": waiting_on_desk,
}
"""What waits at a desk, by the keys of its places; one statement."""


def console_nav(actor: Actor, path: str) -> list[NavEntry]:
    """The entries `(url, label, key, count)` of the console that a path belongs to; one statement where work waits."""
    places = console_places(actor, path)
    ask = None if actor.helping else _WAITING.get(_head(actor, path))
    counts = ask(actor) if ask and places else {}
    return [(url, _(label), key, counts.get(key)) for _permission, url, label, key in places]


def console_places(actor: Actor, path: str) -> list[Place]:
    """What an actor may open of the console that a path belongs to."""
    if actor.helping:
        return [place for place in _HELPER if actor.holds(place[0])]
    head = _head(actor, path)
    kind = _KINDS.get(head)
    return [place for place in _CONSOLES.get(head, ()) if _may_open(actor, place[0], kind)]


def _may_open(actor: Actor, permission: Permission, kind: str | None) -> bool:
    """Whether she holds it; at a seller's desk, in an organisation of that kind."""
    if kind is None:
        return actor.holds(permission)
    return any(one.kind == kind and permission in one.permissions for one in actor.memberships)


def _head(actor: Actor, path: str) -> str:
    """The desk of a path; an address that names a house is on the desk of its kind."""
    mine = next((one for one in actor.memberships if path.startswith(f"/leaving/{one.organisation}/")), None)
    return f"/{mine.kind}" if mine else next((head for head in _CONSOLES if path.startswith(head)), "")
