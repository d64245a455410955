"""What is to be looked at of goods before they are on sale: brands, prices, certificates, titles of others' goods.

Each finding cites its rule and says what to do; none of them decides. `bad` speaks against publishing, `warn` wants a
look or a paper, `info` is good to know. Money is fen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final, Literal

from kernel.text import lazy
from kernel.wording import Words
from onboarding.listings.brands import brands_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kernel.errors import Param
    from kernel.text import Message

Severity = Literal["bad", "warn", "info"]
COMPARED: Final = 8
"""With fewer goods of the same leaf on sale nothing is said of a price beside theirs."""
FAR: Final = 10
"""So many times the middle price of its leaf, or below that part of it, a price wants a look."""
SLIP: Final = 50
"""So far off it is taken for yuan typed as fen, or the other way round."""
MARKED_UP: Final = 20
_ORDER: Final = ("bad", "warn", "info")
_BRAND_RULE: Final = lazy("《商标法》第五十七条：用近似商标、容易导致混淆的，属于侵权。")
_FITS_RULE: Final = lazy("《商标法》第五十九条：说明商品配什么用，可以正当使用别人的商标。")
_PRICE_RULE: Final = lazy("《明码标价和禁止价格欺诈规定》第五条：标价应当真实准确。")
_PAPER_RULE: Final = lazy("《电子商务法》第十二条：依法要许可的，应当取得许可；平台规则：类目照实选。")
_OWN_RULE: Final = lazy("平台规则：只上自己工厂做的货，图片和品名用自己的。")

KINDS: Final[Mapping[str, tuple[Severity, Message, Message, Message]]] = {
    "brand.confusable": (
        "bad",
        lazy("“%(term)s”容易和“%(brand)s”混淆。"),
        _BRAND_RULE,
        lazy("去掉这几个字，写自己的牌子和货的特点。"),
    ),
    "brand.named": (
        "warn",
        lazy("“%(term)s”是“%(brand)s”的商标。"),
        _BRAND_RULE,
        lazy("有授权的，到“证书”交商标注册证或授权书；只是能配它用的，写成“适用于%(brand)s”；都不是的，去掉。"),
    ),
    "brand.nominative": (
        "info",
        lazy("提到“%(brand)s”，像是说明配什么用。"),
        _FITS_RULE,
        lazy("写清楚“适用于%(brand)s”，图片上不要出现它的标志。"),
    ),
    "price.below_supply": (
        "bad",
        lazy("零售价 %(price)s 元比供货价 %(supply)s 元还低。"),
        _PRICE_RULE,
        lazy("核对两个价格，是不是填反了，或者少了一位。"),
    ),
    "price.marked_up": (
        "warn",
        lazy("零售价 %(price)s 元是供货价 %(supply)s 元的 20 倍以上。"),
        _PRICE_RULE,
        lazy("核对两个价格，是不是多了一位，或者把一件和一箱弄混了。"),
    ),
    "price.slip": (
        "bad",
        lazy("零售价 %(price)s 元，同类目在售商品的中间价是 %(middle)s 元，差了 50 倍以上。"),
        _PRICE_RULE,
        lazy("看看小数点，是不是把元和分弄混了。"),
    ),
    "price.far": (
        "warn",
        lazy("零售价 %(price)s 元，同类目在售商品的中间价是 %(middle)s 元，差了 10 倍以上。"),
        _PRICE_RULE,
        lazy("核对价格和计价单位；没有错就不用改。"),
    ),
    "category.evades": (
        "bad",
        lazy("从品名看，这类商品要有%(kind)s；现在的类目不要求，也没有交。"),
        _PAPER_RULE,
        lazy("是这类商品的，选对类目，到“证书”交上；不是的，把品名写清楚。"),
    ),
    "category.doubtful": (
        "warn",
        lazy("从品名看，这可能是要有%(kind)s的商品；现在的类目不要求，也没有交。"),
        _PAPER_RULE,
        lazy("核对类目；确实是要证书的商品，改类目，到“证书”交上。"),
    ),
    "title.same": (
        "warn",
        lazy("别家工厂有同名的商品在售：%(factory)s。"),
        _OWN_RULE,
        lazy("对照图片和价格，看是不是搬来的货。"),
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at, in a field of goods (`title description price`)."""

    code: str
    about: str
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return KINDS[self.code][0]

    @property
    def words(self) -> Words:
        """What it says, to be said in the reader's language."""
        return Words(KINDS[self.code][1], self.params)

    @property
    def rule(self) -> Message:
        """By what rule it is said."""
        return KINDS[self.code][2]

    @property
    def fix(self) -> Words:
        """What to do about it."""
        return Words(KINDS[self.code][3], self.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What findings are judged from: the words, `(retail, supply or None)` of each variant, and what stands beside.

    `licensed` are brands that the factory may use; `beside` the retail prices of goods on sale of the same leaf;
    `namesakes` the names of other factories that sell goods of the same title; `lacking` the names of certificates
    that goods of such a title need and these have not, their category asking for none; a `vague` one asks for nothing.
    """

    words: Mapping[str, str]
    prices: Sequence[tuple[int, int | None]]
    licensed: Collection[str] = ()
    beside: Sequence[int] = ()
    namesakes: Sequence[str] = ()
    lacking: Sequence[Message] = ()
    vague: bool = False


def findings(facts: Facts) -> list[Finding]:
    """Everything to look at, the gravest first."""
    found = [
        *_brands(facts),
        *_prices(facts),
        *(
            Finding("category." + ("evades" if facts.vague else "doubtful"), "title", {"kind": one})
            for one in facts.lacking
        ),
        *(Finding("title.same", "title", {"factory": one}) for one in facts.namesakes),
    ]
    return sorted(found, key=lambda one: _ORDER.index(one.severity))


def _brands(facts: Facts) -> Iterator[Finding]:
    for name in ("title", "description"):
        for one in brands_in(facts.words.get(name, "")):
            if one.brand not in facts.licensed:
                yield Finding(f"brand.{one.use}", name, {"term": one.term, "brand": one.brand})


def _prices(facts: Facts) -> Iterator[Finding]:
    """Of several variants that are alike wrong the first is named."""
    said: set[str] = set()
    for retail, supply in facts.prices:
        for found in (*_beside_supply(retail, supply), *_beside_others(retail, facts.beside)):
            if found.code not in said:
                said.add(found.code)
                yield found


def _beside_supply(retail: int, supply: int | None) -> Iterator[Finding]:
    if supply is None:
        return
    told: dict[str, Param] = {"price": _yuan(retail), "supply": _yuan(supply)}
    if retail < supply:
        yield Finding("price.below_supply", "price", told)
    elif retail > MARKED_UP * supply:
        yield Finding("price.marked_up", "price", told)


def _beside_others(retail: int, beside: Sequence[int]) -> Iterator[Finding]:
    if len(beside) < COMPARED:
        return
    middle = int(median(beside))
    told: dict[str, Param] = {"price": _yuan(retail), "middle": _yuan(middle)}
    if retail > SLIP * middle or retail * SLIP < middle:
        yield Finding("price.slip", "price", told)
    elif retail > FAR * middle or retail * FAR < middle:
        yield Finding("price.far", "price", told)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"
