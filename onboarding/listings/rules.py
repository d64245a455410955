"""What is true of goods: the lifecycle of a listing, its limits, the falling ladder, the key of a variant."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
PACK_CAP: Final = 1_000
LEAST_CAP: Final = 9_000
"""Below what a line of a cart holds, in whole packs too."""
GRAMS_CAP: Final = 1_000_000
LEAD_DAYS_CAP: Final = 180
HOLDS_PER_BUYER: Final = 10
TITLE_CAP: Final = 120
CODE_CAP: Final = 60
_MADE_CODE_CHARS: Final = 6
CATEGORY_CAP: Final = 20
ATTRIBUTE_CAP: Final = 200
DESCRIPTION_CAP: Final = 5_000
REASON_CAP: Final = 500
SHEET_CAP_BYTES: Final = 20 * 1024 * 1024
SENTENCES_CAP: Final = 4_000
PICTURES_CAP: Final = 12
"""How many pictures one listing has at most."""
UPLOADS: Final = (60, timedelta(hours=1))
LOW_STOCK: Final = 5
"""With so many pieces left of a variant, or fewer, its factory is told, unless it said another number."""

_KEY_LENGTH: Final = 200
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_EDIT = Permission.LISTING_GOODS_EDIT
_SALE = Permission.LISTING_SALE_CHANGE
_DECIDE = Permission.OPS_CASES_DECIDE

LISTING: Final = Lifecycle(
    name="listing",
    start="draft",
    steps={
        ("draft", "submit"): Step("submitted", _EDIT, "listing.submitted"),
        ("refused", "submit"): Step("submitted", _EDIT, "listing.submitted"),
        ("submitted", "withdraw"): Step("draft", _EDIT, "listing.withdrawn"),
        ("submitted", "publish"): Step("published", _DECIDE, "listing.published"),
        ("submitted", "refuse"): Step("refused", _DECIDE, "listing.refused"),
        ("published", "archive"): Step("archived", _SALE, "listing.archived"),
        ("published", "lapse"): Step("lapsed", _DECIDE, "listing.lapsed"),
        ("lapsed", "restore"): Step("published", _DECIDE, "listing.published"),
        ("lapsed", "archive"): Step("archived", _SALE, "listing.archived"),
        ("lapsed", "rewrite"): Step("submitted", _SALE, "listing.submitted"),
        ("published", "take_down"): Step("taken_down", _DECIDE, "listing.taken_down"),
        ("lapsed", "take_down"): Step("taken_down", _DECIDE, "listing.taken_down"),
        ("taken_down", "restore"): Step("published", _DECIDE, "listing.published"),
        ("taken_down", "lapse"): Step("lapsed", _DECIDE, "listing.lapsed"),
        ("taken_down", "submit"): Step("submitted", _SALE, "listing.submitted"),
        ("taken_down", "archive"): Step("archived", _SALE, "listing.archived"),
        ("archived", "relist"): Step("published", _SALE, "listing.relisted"),
        ("archived", "submit"): Step("submitted", _SALE, "listing.submitted"),
        ("archived", "mend"): Step("refused", _SALE),
    },
    labels={
        "draft": "草稿",
        "submitted": "审核中",
        "published": "在售",
        "lapsed": "缺证书停售",
        "refused": "被退回",
        "taken_down": "已下架（平台）",
        "archived": "已下架",
    },
    tones={"submitted": "warn", "published": "good", "lapsed": "bad", "refused": "bad", "taken_down": "bad"},
)
EDIT: Final = Lifecycle(
    name="edit",
    start="waiting",
    steps={
        ("waiting", "apply"): Step("applied", _DECIDE, "listing.changed"),
        ("waiting", "refuse"): Step("refused", _DECIDE),
        ("waiting", "withdraw"): Step("withdrawn", _SALE, "edit.withdrawn"),
        ("refused", "give_up"): Step("withdrawn", _SALE),
        ("sampled", "apply"): Step("applied", _DECIDE),
        ("sampled", "refuse"): Step("refused", _DECIDE, "listing.changed"),
    },
    labels={"waiting": "审核中", "sampled": "抽查中", "applied": "已生效", "refused": "没通过", "withdrawn": "已撤回"},
    tones={"waiting": "warn", "applied": "good", "refused": "bad"},
)
PRICE_BAND_BP: Final = 3_000
"""How far from what an operator saw last a retail price of goods on sale may move at once; beyond it waits."""
SAMPLED_BP: Final = 500
"""How many of the prices that moved at once an operator looks at afterwards."""
SCARCE: Final = "scarce"
TABS: Final = {
    "": lazy("全部"),
    "draft": lazy("草稿"),
    "submitted": lazy("审核中"),
    "published": lazy("在售"),
    "lapsed": lazy("缺证书停售"),
    "refused": lazy("被退回"),
    "taken_down": lazy("已下架（平台）"),
    SCARCE: lazy("快卖完"),
    "archived": lazy("已下架"),
}
"""How a factory's list of goods is cut: states, and what of the published is nearly sold out."""
REASONS: Final = {
    "counted": lazy("盘点"),
    "made": lazy("生产入库"),
    "damaged": lazy("报损"),
    "came_back": lazy("退货入库"),
    "sample": lazy("样品"),
    "other": lazy("其他"),
}
"""Why people change stock by hand."""
MOVED_BY: Final = {
    **REASONS,
    "opened": lazy("新建商品"),
    "sold": lazy("卖出"),
    "refunded": lazy("退款退回"),
    "returned": lazy("退货"),
}
"""The same with what trade itself does."""
MIXES: Final = {
    "sku": lazy("每个规格单独算"),
    "listing": lazy("同款各规格合起来算"),
    "factory": lazy("本厂各款合起来算"),
}
"""What counts towards the fewest that are sold at once."""
FEWER: Final = ("damaged", "sample")
MORE: Final = ("made", "came_back")
"""Reasons that only ever take pieces away, or only bring them."""
REWRITABLE: Final = frozenset({"draft", "refused", "published", "lapsed", "taken_down"})
"""Whose words and pictures may change; those of a published listing wait for an operator while it sells on."""
WATCHED: Final = frozenset({"published", "lapsed", "taken_down"})
"""On sale, or back on sale as they were seen: what buyers would read or pay otherwise waits for an operator."""
PRICEABLE: Final = REWRITABLE
"""Whose prices and terms may change: what an operator looks at stays as it is until she has decided."""
COUNTABLE: Final = PRICEABLE | {"submitted"}
"""Whose stock may be counted at any time."""

TAKEDOWN_REASONS: Final = {
    "forbidden": lazy("平台不能卖的商品"),
    "certificate": lazy("证书没有交，或者有疑问"),
    "picture": lazy("用了别人的图片"),
    "brand": lazy("仿冒，或者和别人的品牌容易混淆"),
    "words": lazy("文字会让买家误解"),
    "price": lazy("价格明显不对"),
    "complaint": lazy("举报或投诉成立"),
    "other": lazy("其他原因"),
}
"""Why an operator takes goods off sale; `other` needs words of her own."""
MEASURED: Final = lazy("知识产权通知")
"""Why goods are off sale that the notice of a right holder keeps down."""
UNFIT: Final = lazy(
    "重新上架前的自动检查没有通过：用词、类目、要填的参数或者证书，按现在的规定有缺的。补好再提交审核。"
)
"""Why goods that their factory took off sale do not come back as they are."""
SHARED: Final = ("certificate", "factory", "picture")
"""By what goods can share the cause of a take-down."""
MEND_WITHIN: Final = timedelta(days=3)
"""So long a factory has to mend goods on sale that were found wrong after a report."""
MENDED_WHILE: Final = ("published", "lapsed")
"""Goods in these states are mended where they are; others are before an operator, or given up."""
APPEAL_WORDS: Final = range(4, REASON_CAP + 1)


def moves_far(price_fen: int, vetted_fen: int | None) -> bool:
    """Whether a price lies outside the band around the one that an operator saw last; without one nothing does."""
    return vetted_fen is not None and abs(price_fen - vetted_fen) * 10_000 > vetted_fen * PRICE_BAND_BP


def check_tiers(tiers: Sequence[tuple[int, int]]) -> None:
    """A ladder of (pieces, fen): quantities rise, prices strictly fall; else `listing.tiers_not_falling`."""
    for (fewer, dearer), (more, cheaper) in pairwise(tiers):
        if more <= fewer or cheaper >= dearer:
            raise DomainError("listing.tiers_not_falling", quantity=more)


@dataclass(frozen=True, slots=True)
class Lot:
    """How many are sold at once: `least` of them in whole packs, and over what they are counted (`MIXES`)."""

    min_quantity: int = 1
    pack_size: int = 1
    mix: str = "sku"

    @property
    def least(self) -> int:
        """The fewest that can be bought: the minimum in whole packs."""
        return -(-self.min_quantity // self.pack_size) * self.pack_size

    @property
    def of_one(self) -> int:
        """The fewest of one variant: others may make up the rest where they count, too."""
        return self.least if self.mix == "sku" else self.pack_size

    def more(self, pieces: int) -> int:
        """How many are missing to the fewest there may be; none at or above it."""
        return max(self.least - pieces, 0)

    def packs(self, pieces: int) -> tuple[int, int]:
        """The numbers of pieces in whole packs around one: the highest below or at it, the lowest above or at it."""
        below = pieces // self.pack_size * self.pack_size
        return below, below if below == pieces else below + self.pack_size


def check_lot(lot: Lot) -> None:
    """A minimum and a pack are within their caps; else `lot.least` or `lot.pack` (limit), or `lot.mix`."""
    if not 1 <= lot.min_quantity <= LEAST_CAP:
        raise DomainError("lot.least", limit=LEAST_CAP)
    if not 1 <= lot.pack_size <= PACK_CAP:
        raise DomainError("lot.pack", limit=PACK_CAP)
    if lot.mix not in MIXES:
        raise DomainError("lot.mix")


def check_why(reason: str, words: str, change: int) -> None:
    """A reason fits what it changes, and the one that says nothing is said in words.

    Else `stock.fewer`, `stock.more`, `stock.why`.
    """
    if reason in FEWER and change > 0:
        raise DomainError("stock.fewer")
    if reason in MORE and change < 0:
        raise DomainError("stock.more")
    if reason == "other" and not words:
        raise DomainError("stock.why")


def code_of(code: str | None, title: str) -> str:
    """The factory's own code, or one made of the title so that the same goods without a code match again."""
    text = (code or title).strip()
    return text if len(text) <= CODE_CAP else f"{text[: CODE_CAP - 17]}~{sha256(text.encode()).hexdigest()[:16]}"


def made_code(title: str) -> str:
    """A short code for goods that were given none: the same for the same title."""
    return f"N{sha256(title.strip().encode()).hexdigest()[:_MADE_CODE_CHARS].upper()}"


def shown_code(code: str) -> str:
    """A code as buyers read it: none where it was made of a title for want of any."""
    return "" if _HAN.search(code) else code


def options_key(options: Mapping[str, str]) -> str:
    """One text per combination of options, whatever order they were written in; empty for a listing of one SKU."""
    key = ";".join(f"{name}={value}" for name, value in sorted(options.items()))
    return key if len(key) <= _KEY_LENGTH else sha256(key.encode()).hexdigest()


def check_grams(grams: int | None) -> None:
    """A piece weighs something, and less than a ton; nothing said is fine. Else `listing.weight` (limit in kg)."""
    if grams is not None and not 1 <= grams <= GRAMS_CAP:
        raise DomainError("listing.weight", limit=GRAMS_CAP // 1_000)
