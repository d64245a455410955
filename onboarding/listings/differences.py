"""What a sheet would change, as its page tells it: for each of the goods old beside new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kernel.i18n import amount
from kernel.i18n import gettext as _
from onboarding.listings.revisions import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onboarding.listings.known import KnownListing
    from onboarding.listings.revisions import Change

CHANGES_SHOWN: Final = 50
_VARIANTS_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One of the goods that change: `lines` are (what, of which variant, old, new, whether it waits), and `more`."""

    public_id: str
    code: str
    title: str
    lines: list[tuple[str, str, str, str, bool]]
    more: int


def told(known: KnownListing, changes: list[Change]) -> ChangedLine:
    """The changes of one listing in the language of the page."""
    lines = [(*_line(known, one), one.waits) for one in changes if one.name not in KEPT]
    shown, rest = lines[:_VARIANTS_SHOWN], lines[_VARIANTS_SHOWN:]
    return ChangedLine(known.public_id, known.code, known.title, shown, len(rest))


def _line(known: KnownListing, one: Change) -> tuple[str, str, str, str]:
    if one.name == "variant":
        return _("新规格"), _options(one.new.options), "", amount(one.new.retail_price_fen)
    names = {
        "title": _("品名"),
        "category": _("类目"),
        "attributes": _("属性"),
        "retail_price_fen": _("零售价"),
        "supply_price_fen": _("规格供货价"),
        "made_to_order": _("接单后生产"),
        "stock": _("库存"),
        "moq": _("起订量"),
        "drop_ship_price_fen": _("代发价"),
        "tiers": _("供货价"),
    }
    of = _options(known.skus[one.sku].options) if one.sku is not None and len(known.skus) > 1 else ""
    old, new = (
        (_attributes(one.old, one.new), _attributes(one.new, one.old))
        if one.name == "attributes"
        else (
            _said(one.name, one.old),
            _said(one.name, one.new),
        )
    )
    return names[one.name], of, old, new


def _said(name: str, value: Any) -> str:  # noqa: ANN401  whatever a change is about
    if value is None:
        return _("没有")
    if name == "tiers":
        return _ladder(value)
    if name.endswith("_fen"):
        return amount(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


def _ladder(tiers: Iterable[tuple[int, int]]) -> str:
    said = [_("%(least)s 件起", least=least) + " " + amount(fen) for least, fen in tiers]
    return " · ".join(said) or _("没有")


def _options(options: dict[str, str]) -> str:
    return " / ".join(options.values())


def _attributes(these: dict[str, str], others: dict[str, str]) -> str:
    """Those that the others do not have, or have otherwise."""
    said = [f"{name} {value}" for name, value in these.items() if others.get(name) != value]
    return " · ".join(said) or _("没有")
