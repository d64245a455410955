"""Prices, counts and stock out of one cell's text. Money is exact: text → Decimal → integer fen."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from kernel.errors import Param

MAX_PRICE_YUAN: Final = 1_000_000
MAX_COUNT: Final = 1_000_000_000
_MAX_CHARS: Final = 40

_NOTHING: Final = frozenset({"", "-", "--", "---", "—", "——", "–", "/", "\\", "无", "n/a", "na", "null", "none", "."})
_LONGEST_NOTHING: Final = 12  # with blanks around it
_NUMBER: Final = r"[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+"
_YUAN: Final = r"(?:元|块|圆|rmb|cny|人民币)"
_PRICE: Final = re.compile(
    rf"(?:[¥￥]|rmb|cny|人民币)*:?(?P<sign>[+\-−])?[¥￥]?(?P<number>(?:{_NUMBER})(?:e\+?[0-9]{{1,3}})?)"
    rf"{_YUAN}*整?(?:[/每一](?P<unit>[^\W\d_]{{1,6}}))?"
)
# What leaves a price as it stands: freight is the buyer's anyway, and prices include tax.
_HARMLESS: Final = re.compile(
    r"(?<=[^\W_])[(](?:(?:[不未]含|不包|不带)(?:运费?|邮费?|快递费?|物流费?)|不包邮|运费(?:另[计算付]|自[理付]|到付)|含[税票]|含增值税)[)]$"
)
_RANGE: Final = re.compile(rf"[¥￥]?(?:{_NUMBER}){_YUAN}*[-~至到—–]+[¥￥]?(?:{_NUMBER}){_YUAN}*(?:/\w+)?|.*[0-9].*起")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]*(?:\.[0-9]*)?(?:e\+?[0-9]+)?")
_FOREIGN: Final = re.compile(r"[$€£]|usd|us\$|美元|美金|美刀|欧元|英镑|港币|港元|hkd|eur|gbp|jpy|日元|韩元|卢布")
_APART: Final = re.compile(r"[0-9.]\s+[¥￥]?[0-9]")  # two numbers in one cell, 118 98: no thousands of anything
_NEGOTIABLE: Final = re.compile(r"[面电议询咨]?[议询洽]价?|面谈|电联|咨询.*|联系.*|待定")
_PIECES: Final = (
    r"(?:件|个|只|副|付|双|条|套|台|盒|包|袋|米|斤|公斤|千克|kgs?|g|克|瓶|罐|桶|支|枝|把|张|顶|对|块|枚|根|本|册|卷|片|粒|颗|辆|架|座"
    r"|幅|朵|串|盏|扇|床|身|pcs?|pieces?|sets?|units?|ea|pairs?|款)"
)
_COUNT: Final = re.compile(
    rf"(?P<about>约|大约|大概|估计|近|≈|~|>=?|≥|超|超过|about|approx\.?|around|ca\.?)?(?P<sign>-|−)?(?P<number>{_NUMBER})"
    r"(?P<times>万|千(?!克)|百|k(?!g)|w)?(?P<more>\+|多|余|左右|以上|上下)?"
    rf"{_PIECES}?(?P<each>(?:/[^\W\d_]{{1,5}}){{0,2}})(?P<more_after>\+|左右|以上)?"
)
_MEASURED: Final = re.compile(rf"[0-9]({_PIECES})(?![a-z])|[(\[]({_PIECES})[)\]]")
_TIMES: Final = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "百": 100, None: 1}
_IN_PACKS: Final = re.compile(r".*[0-9](?:整?箱|打|手|扎|捆|板|托|吨|ctns?|cartons?|box(?:es)?|doz(?:en)?)")
_MADE_TO_ORDER: Final = re.compile(r"定[做制织]|订[做制货单]|预[订定售]|期货|现做|按单|来单|接单")
_PRESENT: Final = re.compile(r"现货|有货|充足|大量|充裕|足量|不限|有|多|长期.*|in ?stock|yes|是|√|✓")
_SOLD_OUT: Final = re.compile(r"缺货|无货|没货|断货|售罄|卖完|清空|停产|sold ?out|无现货|零|×|✗|✕")
_STOCK_WORDS: Final = re.compile(r"现货|库存|有货|存货|还有|仅剩|剩余?|余|共")
_STEPS: Final = re.compile(rf"[；;\n]+|[，,、]\s*(?=[≥>]?[0-9]+{_PIECES}?(?:起|以上))")
_STEP: Final = re.compile(rf"[≥>]?(?P<least>[1-9][0-9]{{0,8}}){_PIECES}?(?:起[订批]?|以上|\+|[:=])+(?P<price>.+)")
_MOQ_WORDS: Final = re.compile(r"起订量?|起批量?|起定|起售|混批|每款|每色|单款|最少|最低|至少|moq|[:≥>=]|起|以上|\+")
_PACKS: Final = re.compile(r"[0-9]+(?:整?箱|打|手|扎|包|捆|件装|套装|盒装|吨|板|托)")
_NO_MINIMUM: Final = re.compile(r"不限|无|无限制|不设|一件起?批?|一个起?|单件.*|无起订.*|0")


class Unreadable(Exception):  # noqa: N818 - it is a finding about a cell, not a fault
    """A cell that cannot be used: the problem's code and parameters."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Price:
    """Integer fen and the measure it is for (`斤` of `150元/斤`), if said."""

    fen: int
    unit: str | None = None


@dataclass(frozen=True)
class Stock:
    """What a stock cell says; `quantity` None is not known. `warning` is a problem code to tell."""

    quantity: int | None
    made_to_order: bool = False
    warning: str | None = None


def squeeze(text: str) -> str:
    """Full-width forms made narrow, lower case, no white space: what patterns are matched against."""
    return "".join(text.lower().split()) if text.isascii() else _squeezed(text)


@lru_cache(maxsize=20_000)
def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def is_nothing(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, 无."""
    return len(text) <= _LONGEST_NOTHING and squeeze(text) in _NOTHING


def is_negotiable(text: str) -> bool:
    """Whether a cell says that the price is a matter of talking: 面议, 电询."""
    return _NEGOTIABLE.fullmatch(squeeze(text)) is not None


def read_price(text: str) -> Price:
    """`￥1,268.00` → 126800 fen, `150元/斤` → 15000 fen for 斤. Raises Unreadable `price_…`."""
    plain = squeeze(text)
    said = text[:_MAX_CHARS]
    if _is_several(text):
        raise Unreadable("price_unreadable", text=said)
    if _FOREIGN.search(plain):
        raise Unreadable("price_currency", text=said)
    if is_negotiable(text):
        raise Unreadable("price_negotiable", text=said)
    plain = _HARMLESS.sub("", plain)
    match = _PRICE.fullmatch(plain) if len(plain) <= _MAX_CHARS and "起" not in plain else None
    if match is None:
        raise Unreadable("price_range" if _RANGE.fullmatch(plain[:_MAX_CHARS]) else "price_unreadable", text=said)
    amount = _decimal(match["number"])
    if amount is None:
        raise Unreadable("price_unreadable", text=said)
    if match["sign"] in {"-", "−"}:
        raise Unreadable("price_negative", text=said)
    return Price(_fen(amount, said, scientific="e" in match["number"]), match["unit"])


def read_ladder(text: str) -> list[tuple[int, int]]:
    """`2件起 59；100件起 55.50` → [(2, 5900), (100, 5550)], 无 → []. Raises Unreadable `price_…`."""
    if is_nothing(text):
        return []
    steps = [_STEP.fullmatch(squeeze(part)) for part in _STEPS.split(text.strip("；; \n"))]
    if None in steps:
        raise Unreadable("price_unreadable", text=text[:_MAX_CHARS])
    return [(int(step["least"]), read_price(step["price"]).fen) for step in steps if step]


def is_ladder(text: str) -> bool:
    """Whether a cell holds a whole ladder."""
    try:
        read_ladder(text)
    except Unreadable:
        return False
    return True


def is_whole_ladder(text: str) -> bool:
    """Whether a cell of prices holds a ladder of several steps, `10盒起2.2，100盒起1.9`."""
    return text.count("起") + text.count("以上") > 1 and len(_STEPS.split(text)) > 1 and is_ladder(text)


def _fen(amount: Decimal, said: str, *, scientific: bool) -> int:
    if amount == 0:
        raise Unreadable("price_zero", text=said)
    if amount > MAX_PRICE_YUAN:
        raise Unreadable("price_too_high", text=said, limit=MAX_PRICE_YUAN)
    if scientific:
        raise Unreadable("price_unreadable", text=said)
    fen = amount.scaleb(2)
    if fen != fen.to_integral_value():
        raise Unreadable("price_precision", text=said)
    return int(fen)


def _decimal(number: str) -> Decimal | None:
    """A number whose commas, if any, stand between thousands."""
    if _GROUPED.fullmatch(number) is None:
        return None
    return Decimal(number.replace(",", ""))


def read_stock(text: str) -> Stock:
    """`1,200` → 1200, `约300` → 300 with a warning, `现货` → unknown, `定做` → made to order.

    Raises Unreadable `stock_negative`, `stock_in_packs`, `stock_unreadable`.
    """
    plain = squeeze(text)
    if _MADE_TO_ORDER.search(plain) and not re.search(r"[0-9]", plain):
        return Stock(None, made_to_order=True)
    if _SOLD_OUT.fullmatch(plain):
        return Stock(0)
    if _PRESENT.fullmatch(plain):
        return Stock(None, warning="stock_unstated")
    bare = _STOCK_WORDS.sub("", plain).lstrip(":")
    if _IN_PACKS.fullmatch(bare[:_MAX_CHARS]):
        raise Unreadable("stock_in_packs", text=text[:_MAX_CHARS])
    match = _counted(text, bare)
    quantity = _whole(match) if match else None
    if match is None or quantity is None or match["each"]:
        raise Unreadable("stock_unreadable", text=text[:_MAX_CHARS])
    if match["sign"]:
        raise Unreadable("stock_negative", text=text[:_MAX_CHARS])
    about = match["about"] or match["more"] or match["more_after"]
    return Stock(quantity, warning="stock_about" if about else None)


def _counted(text: str, bare: str) -> re.Match[str] | None:
    """One count and no more: two numbers in a cell are two, whatever stands between them."""
    return _COUNT.fullmatch(bare) if len(bare) <= _MAX_CHARS and not _is_several(text) else None


def _is_several(text: str) -> bool:
    """Whether a cell holds more than one number: 118 98, ①12, 12½."""
    counted = any(unicodedata.category(sign) in {"No", "Nl"} for sign in text)
    return counted or _APART.search(unicodedata.normalize("NFKC", text)) is not None


def _whole(match: re.Match[str]) -> int | None:
    amount = _decimal(match["number"])
    if amount is None:
        return None
    amount *= _TIMES[match["times"]]
    if amount != amount.to_integral_value() or amount > MAX_COUNT:
        return None
    return int(amount)


@lru_cache(maxsize=2_000)
def measure_in(text: str) -> str | None:
    """What a quantity counts by, `混批10双起` → 双; None for pieces, or where nothing is said."""
    match = _MEASURED.search(squeeze(text[:_MAX_CHARS]))
    unit = match and (match[1] or match[2])
    return None if unit in {"件", "个", "只", "pcs", "pc", "piece", "pieces", "ea"} else unit


def read_moq(text: str) -> int:
    """`≥20`, `混批10副起`, `20件` → pieces; `不限` → 1. Raises Unreadable `moq_unreadable`, `moq_in_packs`."""
    plain = squeeze(text)
    if _NO_MINIMUM.fullmatch(plain):
        return 1
    bare = _MOQ_WORDS.sub("", plain)
    if _PACKS.match(bare):
        raise Unreadable("moq_in_packs", text=text[:_MAX_CHARS])
    match = _counted(text, bare)
    quantity = _whole(match) if match and not match["sign"] else None
    if not quantity:
        raise Unreadable("moq_unreadable", text=text[:_MAX_CHARS])
    return quantity
