"""What is true of goods: the lifecycle of a listing, its limits, the falling ladder, the key of a variant."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kernel.errors import DomainError
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRICE_CAP_FEN: Final = 100_000_000
MARKUP_CAP_BP: Final = 100_000
STOCK_CAP: Final = 10_000_000
HOLDS_PER_BUYER: Final = 10
TITLE_CAP: Final = 120
CODE_CAP: Final = 60
CATEGORY_CAP: Final = 20
DESCRIPTION_CAP: Final = 5_000
REASON_CAP: Final = 500
SHEET_CAP_BYTES: Final = 20 * 1024 * 1024
SENTENCES_CAP: Final = 4_000
UPLOADS: Final = (60, timedelta(hours=1))
LOW_STOCK: Final = 5
"""With so many pieces left of a variant, or fewer, its factory is told."""

_KEY_LENGTH: Final = 200
_EDIT = Permission.LISTING_GOODS_EDIT
_SALE = Permission.LISTING_SALE_CHANGE
_DECIDE = Permission.OPS_CASES_DECIDE

LISTING: Final = Lifecycle(
    name="listing",
    start="draft",
    steps={
        ("draft", "submit"): Step("submitted", _EDIT, "listing.submitted"),
        ("refused", "submit"): Step("submitted", _EDIT, "listing.submitted"),
        ("submitted", "publish"): Step("published", _DECIDE, "listing.published"),
        ("submitted", "refuse"): Step("refused", _DECIDE, "listing.refused"),
        ("published", "archive"): Step("archived", _SALE, "listing.archived"),
        ("published", "rewrite"): Step("submitted", _SALE, "listing.submitted"),
    },
    labels={
        "draft": "草稿",
        "submitted": "审核中",
        "published": "在售",
        "refused": "被退回",
        "archived": "已下架",
    },
    tones={"submitted": "warn", "published": "good", "refused": "bad"},
)
SCARCE: Final = "scarce"
TABS: Final = {
    "": lazy("全部"),
    "draft": lazy("草稿"),
    "submitted": lazy("审核中"),
    "published": lazy("在售"),
    "refused": lazy("被退回"),
    SCARCE: lazy("快卖完"),
    "archived": lazy("已下架"),
}
"""How a factory's list of goods is cut: states, and what of the published is nearly sold out."""
REWRITABLE: Final = frozenset({"draft", "refused", "published"})
"""Whose words and pictures may change; those of a published listing go before an operator again."""
PRICEABLE: Final = frozenset({"draft", "submitted", "refused", "published"})
"""Whose prices and stock may change at any time."""


def check_tiers(tiers: Sequence[tuple[int, int]]) -> None:
    """A ladder of (pieces, fen): quantities rise, prices strictly fall; else `listing.tiers_not_falling`."""
    for (fewer, dearer), (more, cheaper) in pairwise(tiers):
        if more <= fewer or cheaper >= dearer:
            raise DomainError("listing.tiers_not_falling", quantity=more)


def code_of(code: str | None, title: str) -> str:
    """The factory's own code, or one made of the title so that the same goods without a code match again."""
    text = (code or title).strip()
    return text if len(text) <= CODE_CAP else f"{text[: CODE_CAP - 17]}~{sha256(text.encode()).hexdigest()[:16]}"


def options_key(options: Mapping[str, str]) -> str:
    """One text per combination of options, whatever order they were written in; empty for a listing of one SKU."""
    key = ";".join(f"{name}={value}" for name, value in sorted(options.items()))
    return key if len(key) <= _KEY_LENGTH else sha256(key.encode()).hexdigest()
