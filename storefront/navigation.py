"""The console's navigation: what each actor may open, by the permissions she holds."""

from __future__ import annotations

from kernel.i18n import gettext as _
from kernel.permissions import Actor, Permission

NavEntry = tuple[str, str, str, int | None]


def console_nav(actor: Actor, path: str) -> list[NavEntry]:
    """The entries `(url, label, key, count)` of the console that a path belongs to."""
    if path.startswith(("/ops", "/finance")):
        return _staff(actor)
    return _factory(actor) if actor.seller else []


def _factory(actor: Actor) -> list[NavEntry]:
    entries: list[NavEntry] = [
        ("/factory", _("今天"), "today", None),
        ("/factory/orders", _("订单"), "orders", None),
        ("/factory/sheets", _("上新"), "sheets", None),
        ("/factory/listings", _("商品"), "listings", None),
        ("/factory/refunds", _("退款"), "after-sales", None),
    ]
    if actor.holds(Permission.FACTORY_STATEMENT_VIEW):
        entries.append(("/factory/statement", _("对账单"), "statement", None))
    return entries


def _staff(actor: Actor) -> list[NavEntry]:
    entries: list[NavEntry] = []
    if actor.holds(Permission.OPS_CASES_VIEW):
        entries.append(("/ops", _("审核"), "cases", None))
    if actor.holds(Permission.OPS_JOBS_VIEW):
        entries += [("/ops/work", _("后台任务"), "work", None), ("/ops/audit", _("操作记录"), "audit", None)]
    if actor.holds(Permission.FINANCE_BOOKS_VIEW):
        entries.append(("/finance", _("财务"), "finance", None))
    return entries
