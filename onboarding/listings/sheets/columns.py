"""From the heads of a table to the meaning of each column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from onboarding.listings.sheets.options import is_color, is_size, split_sizes
from onboarding.listings.sheets.scan import column_letter
from onboarding.listings.sheets.values import is_nothing, squeeze
from onboarding.listings.sheets.vocabulary import Meaning, bare, is_foreign, meaning_of

_MEASURES: Final = r"[件个副双条套只台盒包袋米斤瓶支把张顶对块箱打枚kg公斤千克吨pcs]*"
_WORDS_OF_TIER: Final = r"(?P<words>moq:?|起[订批]量?:?|(?:采购|订购|拿货)?数?量:?|批发?|拿|订|购|起)?"
_TIER_RANGE: Final = re.compile(
    rf"{_WORDS_OF_TIER}(?P<low>[0-9]+){_MEASURES}[-~—–至到]+(?P<high>[0-9]+)(?P<unit>{_MEASURES})"
)
_TIER_FROM: Final = re.compile(
    rf"{_WORDS_OF_TIER}(?P<sign>≥|>=|>|大于等?于?|满|⩾|≧)?(?P<low>[0-9]+)(?P<unit>{_MEASURES})(?P<more>及?以上|起批?|\+|以上含?|及更多|~|-|↑)?(?P<after>{_MEASURES})"
)
_TIER_BELOW: Final = re.compile(rf"(?:<|≤|<=|少于|小于|不足)[0-9]+{_MEASURES}|[0-9]+{_MEASURES}(?:以下|以内)")
_IN_PACKS: Final = re.compile(r"[0-9](?:整?箱|打|手|扎|捆|板|托|ctns?|cartons?|dozen|doz)")
_PRICE_WORDS: Final = re.compile(r"(?:阶梯|批发|出厂|供货|拿货)?(?:单价|价格|价)|[(（].*[)）]|元")
_PRICES: Final = frozenset({Meaning.TRADE_PRICE, Meaning.RETAIL_PRICE, Meaning.DROP_SHIP_PRICE, Meaning.INTERNAL})
_DESCRIPTION: Final = re.compile(r"(?:产品|商品|货品|物品)?(?:描述|说明|介绍)")
_COUNTED: Final = re.compile(r".*(?:数量|订量|采购量|拿货量|起批).*")
_PRICE_OF: Final = re.compile(r"(.+?)(?:单?价格?)(?:[(（]?元?[)）]?)?")
_LEAST_NAMED: Final = 5  # 批发价(50) names a quantity, 单价(2) is the second price
_YEARS: Final = range(2010, 2040)
_SHOE_SPAN: Final = 2
_MEASURED: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:英?寸|吋|cm|厘米|公分|mm|毫米|ml|毫升|升|l)")
_YUAN: Final = re.compile(r"[¥￥]|[0-9](?:元|块)")


@dataclass(frozen=True)
class Head:
    """The words over a column: its own, and those of the merged head above it, if any."""

    own: str
    group: str = ""


@dataclass(frozen=True)
class Column:
    """One column: `detail` is the tier's quantity, the size, the colour, or the attribute's name."""

    index: int
    meaning: Meaning
    detail: str = ""
    head: str = ""
    priced: bool = False  # a size or colour column that holds prices, not stock
    group: str = ""

    @property
    def words(self) -> str:
        """All that stands over the column, for what its numbers count by."""
        return f"{self.group} {self.head}".strip()

    @property
    def letter(self) -> str:
        """The column as spreadsheet programs name it."""
        return column_letter(self.index)

    @property
    def label(self) -> str:
        """The public meaning, such as `title`, `tier:50`, `size:S`, `attribute:成分`."""
        return f"{self.meaning.value}:{self.detail}" if self.detail else self.meaning.value


def columns_of(
    heads: Sequence[Head], samples: Sequence[Sequence[str]], *, pictures: set[int], hidden: set[int]
) -> list[Column]:
    """The meaning of every column; `samples` are some of each column's values,
    `pictures` the columns known to hold pictures, `hidden` those that nobody is to see.
    """
    matrix = _matrix(heads, samples)
    columns = []
    for index, head in enumerate(heads):
        if _IN_PACKS.search(squeeze(head.own)) and re.search(r"价|起|元|以上|\+|≥", head.own + head.group):
            columns.append(Column(index, Meaning.PACKS, _attribute_name(head.own), head.own, group=head.group))
            continue
        column = matrix.get(index) or _plain(index, head, samples[index])
        if index in pictures and column.meaning in {Meaning.ATTRIBUTE, Meaning.UNNAMED}:
            column = Column(index, Meaning.PICTURE, head=head.own)
        if index in hidden and column.meaning is not Meaning.UNNAMED:
            column = Column(index, Meaning.HIDDEN, head=head.own)
        columns.append(replace(column, group=head.group))
    return _named(_one_code(_in_yuan(columns)))


def _named(columns: list[Column]) -> list[Column]:
    """Where no column is called a name, the description of the goods is one."""
    if any(column.meaning is Meaning.TITLE for column in columns):
        return columns
    described = next((c for c in columns if c.meaning is Meaning.ATTRIBUTE and _DESCRIPTION.fullmatch(c.head)), None)
    return [replace(one, meaning=Meaning.TITLE, detail="") if one is described else one for one in columns]


def _one_code(columns: list[Column]) -> list[Column]:
    """The code of the goods is the style's, not the variant's; other codes are told as they are."""
    codes = [column for column in columns if column.meaning is Meaning.CODE]
    chosen = min(codes, key=_code_rank, default=None)
    return [_as_attribute(one) if one in codes and one is not chosen else one for one in columns]


def _code_rank(column: Column) -> tuple[int, int]:
    head = squeeze(column.head)
    return (0 if "款" in head or "spu" in head else 2 if "sku" in head else 1, column.index)


def _in_yuan(columns: list[Column]) -> list[Column]:
    """Beside prices in yuan, those in another currency are told as they are."""
    prices = [one for one in columns if one.meaning in {Meaning.TRADE_PRICE, Meaning.TIER}]
    foreign = [one for one in prices if is_foreign(one.words)]
    if len(foreign) == len(prices):
        return columns
    return [_as_attribute(one) if one in foreign else one for one in columns]


def _as_attribute(column: Column) -> Column:
    return replace(column, meaning=Meaning.ATTRIBUTE, detail=_attribute_name(column.words))


def _matrix(heads: Sequence[Head], samples: Sequence[Sequence[str]]) -> dict[int, Column]:
    """Columns whose heads are values: tiers, sizes, colours. One alone needs a unit or a telling group."""
    tiers = {index: quantity for index, head in enumerate(heads) if (quantity := tier_quantity(head)) is not None}
    tiers |= _quantities(heads)
    priced = {i for i, head in enumerate(heads) if "价" in head.group or any(map(_YUAN.search, samples[i]))}
    priced |= {i for i, head in enumerate(heads) if _size_priced(head)}
    sizes = [i for i, head in enumerate(heads) if i not in tiers and _is_size_head(head, priced=i in priced)]
    colors = [i for i, head in enumerate(heads) if i not in tiers and _stands_alone(head) and is_color(head.own)]
    found = {i: Column(i, Meaning.TIER, str(quantity), heads[i].own) for i, quantity in tiers.items()}
    for meaning, indexes in ((Meaning.COLOR, colors), (Meaning.SIZE, sizes)):
        if len(indexes) > 1 or any(heads[i].group or "均" in heads[i].own for i in indexes):
            for i in indexes:
                detail = _size_priced(heads[i]) or heads[i].own
                found[i] = Column(i, meaning, detail, heads[i].own, priced=i in priced)
    return found


def _quantities(heads: Sequence[Head]) -> dict[int, int]:
    """Bare numbers under 数量, 100, 500 and 1000: quantities, unless all of them may be sizes."""
    under = {i: head for i, head in enumerate(heads) if _COUNTED.fullmatch(head.group) and head.own.isdecimal()}
    if len(under) < 2 or all(is_size(head.own) for head in under.values()):  # noqa: PLR2004 - one number is no ladder
        return {}
    return {index: int(head.own[:9]) for index, head in under.items()}


def _is_size_head(head: Head, *, priced: bool) -> bool:
    """S or 38; and, where prices stand below, a measure such as 3.5寸 or 500ml."""
    measured = priced and _MEASURED.fullmatch(squeeze(head.own)) is not None
    return _stands_alone(head) and (measured or is_size(head.own) or _size_priced(head) != "")


def _size_priced(head: Head) -> str:
    """The size in a head that names its price, S码价 → S码; else empty."""
    match = _PRICE_OF.fullmatch(squeeze(head.own))
    return head.own[: len(match[1])] if match and is_size(match[1]) else ""


def _stands_alone(head: Head) -> bool:
    """A head such as S or 黑色, not one of the vocabulary's own words such as 颜色."""
    return bool(head.own) and meaning_of(head.own) is None


def tier_quantity(head: Head) -> int | None:
    """The least quantity of a tier head (`1-49副` → 1, `≥500` → 500), or None."""
    text = squeeze(head.own)
    if _IN_PACKS.search(text):
        return None
    in_prices = bool(re.search(r"价|元|price", squeeze(head.group)))
    if not in_prices and re.search(r"库存|现货|尺码|码数|颜色|stock|size", squeeze(head.group)):
        return None
    inner = re.search(r"[价档阶].*?[(（](.*[0-9].*)[)）]", text)
    core = inner[1] if inner and _tier_core(inner[1], in_prices=True) else _PRICE_WORDS.sub("", text).strip("/:：")
    if core.isdecimal() and core != text and (not inner or int(core[:9]) < _LEAST_NAMED):
        return None  # 单价1, 2026价格: the price's own number or year
    return _tier_core(core, in_prices=in_prices or "价" in text)


def _tier_core(core: str, *, in_prices: bool) -> int | None:
    core = core.rstrip("/:")
    if _TIER_BELOW.fullmatch(core):
        return 1
    if match := _TIER_RANGE.fullmatch(core):
        low, high = int(match["low"]), int(match["high"])
        looks_like_size = is_size(match["low"]) and high - low <= _SHOE_SPAN and not match["unit"]
        return low if low < high and (in_prices or not looks_like_size) else None
    match = _TIER_FROM.fullmatch(core)
    if match is None:
        return None
    unit = match["unit"] or match["after"]
    strict = match["sign"] == ">" or match["sign"] == "大于"
    quantity = int(match["low"]) + strict
    if core.isdecimal() and quantity in _YEARS:
        return None
    least = match["sign"] or re.match(r"moq|起", match["words"] or "")
    return quantity if quantity and (least or match["more"] or unit or in_prices) else None


def _plain(index: int, head: Head, sample: Sequence[str]) -> Column:
    own = head.own or head.group
    if not own:
        return Column(index, Meaning.UNNAMED)
    meaning = meaning_of(own)
    if head.group and meaning_of(head.group) is Meaning.TRADE_PRICE:  # 批发 and 零售 under 价格
        under = meaning_of(f"{own}价")
        meaning = under if under in _PRICES else meaning or Meaning.TRADE_PRICE
    if meaning in {None, Meaning.ATTRIBUTE}:
        if _holds_sizes(own, sample):
            return Column(index, Meaning.SIZE, head=own)
        return Column(index, Meaning.ATTRIBUTE, _attribute_name(own), own)
    assert meaning is not None  # noqa: S101 - narrowed above
    return Column(index, meaning, head=own)


def _holds_sizes(head: str, sample: Sequence[str]) -> bool:
    """A column called 规格, 尺寸 or 码 whose every value is a list of sizes."""
    if not re.fullmatch(r"规格|尺寸|码|号码|大小|规格尺寸", bare(head)):
        return False
    said = [text for text in sample if not is_nothing(text)]
    return bool(said) and all(all(is_size(size) for size in split_sizes(text)) for text in said)


def _attribute_name(head: str) -> str:
    return " ".join(head.split())
