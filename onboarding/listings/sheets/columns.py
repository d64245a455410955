"""From the heads of a table to the meaning of each column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from onboarding.listings.sheets.heads import Head, is_in_packs, is_kind, size_priced, tier_quantity
from onboarding.listings.sheets.options import is_color, is_size, split_sizes
from onboarding.listings.sheets.scan import column_letter
from onboarding.listings.sheets.values import is_ladder, is_nothing, squeeze
from onboarding.listings.sheets.vocabulary import Meaning, bare, is_foreign, meaning_of

_PRICES: Final = frozenset({Meaning.TRADE_PRICE, Meaning.RETAIL_PRICE, Meaning.DROP_SHIP_PRICE, Meaning.INTERNAL})
_SIDES: Final = frozenset({Meaning.RETAIL_PRICE, Meaning.DROP_SHIP_PRICE, Meaning.INTERNAL})
_SUPPLY: Final = frozenset({Meaning.TRADE_PRICE, Meaning.TIER, Meaning.SIZE, Meaning.COLOR, Meaning.ATTRIBUTE})
_NUMBERED: Final = re.compile(r".*数量[1-9]")
_DESCRIPTION: Final = re.compile(r"(?:产品|商品|货品|物品)?(?:描述|说明|介绍)")
_COUNTED: Final = re.compile(r".*(?:数量|订量|采购量|拿货量|起批).*")
_LEAST_NAME: Final = 4
_MEASURED: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:英?寸|吋|cm|厘米|公分|mm|毫米|ml|毫升|升|l)")
OWN_PRICE: Final = "规格供货价"
"""The head, in files of ours, over what a variant costs beside the ladder of its goods."""
_OF_OURS: Final = re.compile(r"(规格|属性)[：:]\s*(.{1,100})")
_YUAN: Final = re.compile(r"[¥￥]|[0-9](?:元|块)")


@dataclass(frozen=True)
class Column:
    """One column: `detail` is the tier's quantity, the size, the colour, or the attribute's name."""

    index: int
    meaning: Meaning
    detail: str = ""
    head: str = ""
    priced: bool = False  # a size or colour column that holds prices, not stock
    group: str = ""
    key: str = ""  # what its head is remembered by
    inferred: str = ""  # what it would mean if nobody had said otherwise
    literal: bool = False  # as our own files write it: what stands in it is meant to the letter
    told: str = ""  # `remembered` or `chosen`, when the owner said what it means

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
    ours = any(head.own == OWN_PRICE for head in heads)
    columns = []
    for index, head in enumerate(heads):
        if is_in_packs(head) and re.search(r"价|起|元|以上|\+|≥", head.own + head.group):
            columns.append(Column(index, Meaning.PACKS, _attribute_name(head.own), head.own, group=head.group))
            continue
        found = _literal(index, head, samples[index], ours=ours) or matrix.get(index)
        column = _aside(index, head, found or _plain(index, head, samples[index]))
        if index in pictures and column.meaning in {Meaning.ATTRIBUTE, Meaning.UNNAMED}:
            column = Column(index, Meaning.PICTURE, head=head.own)
        if index in hidden and column.meaning is not Meaning.UNNAMED:
            column = Column(index, Meaning.HIDDEN, head=head.own)
        literal = column.literal or (ours and column.meaning in {Meaning.CODE, Meaning.TITLE})
        columns.append(replace(column, group=head.group, literal=literal))
    return _named(_one_code(_rivals(_taxed(_in_yuan(columns)))), samples)


def _aside(index: int, head: Head, column: Column) -> Column:
    """A quantity, a size or a bare price under 零售价 or 成本价: no supply price, whatever stands over it alone."""
    said = (meaning_of(part) for part in head.group.split() if re.search(r"价|成本|零售|代发", part))
    meaning = next((one for one in said if one in _SIDES), None)
    if meaning is None or column.literal or column.meaning not in _SUPPLY:
        return column
    if column.meaning is Meaning.TRADE_PRICE or meaning is Meaning.INTERNAL:
        return Column(index, meaning, head=head.own)
    return Column(index, Meaning.ATTRIBUTE, _attribute_name(f"{head.group} {head.own}"), head.own)


def _literal(index: int, head: Head, sample: Sequence[str], *, ours: bool) -> Column | None:
    """`规格：颜色` and `属性：材质`, and a column of whole ladders; in a file of `ours` 无 is to the letter, too."""
    if found := _OF_OURS.fullmatch(head.own):
        meaning = Meaning.OPTION if found[1] == "规格" else Meaning.ATTRIBUTE
        return Column(index, meaning, found[2].strip(), head.own, literal=True)
    said = [text for text in sample if not is_nothing(text)]
    if head.group or bare(head.own) != "阶梯价" or not (ours or sum(map(is_ladder, said)) * 2 > len(said)):
        return None
    return Column(index, Meaning.LADDER, head=head.own, literal=ours)


def _named(columns: list[Column], samples: Sequence[Sequence[str]]) -> list[Column]:
    """Where no column is called a name, the description of the goods is one, or the style each of them is called by."""
    if any(column.meaning is Meaning.TITLE for column in columns):
        return columns
    others = [column for column in columns if column.meaning is Meaning.ATTRIBUTE]
    styled = (one for one in others if bare(one.head) == "款式" and _are_names(samples[one.index]))
    described = next((one for one in others if _DESCRIPTION.fullmatch(one.head)), next(styled, None))
    return [replace(one, meaning=Meaning.TITLE, detail="") if one is described else one for one in columns]


def _are_names(sample: Sequence[str]) -> bool:
    """Whether values are as long as names and each stands once: 通勤托特包, not 长款 and 短款."""
    said = [text for text in sample if not is_nothing(text)]
    return bool(said) and len({*said}) == len(said) and all(len(text) >= _LEAST_NAME for text in said)


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


def _taxed(columns: list[Column]) -> list[Column]:
    """Beside a ladder of prices with tax, the same quantities without it are told as they are."""
    tiers = [one for one in columns if one.meaning is Meaning.TIER]
    untaxed = [one for one in tiers if re.search(r"不含税|未税", one.words)]
    taxed = {one.detail for one in tiers if one not in untaxed}
    return [_as_attribute(one) if one in untaxed and one.detail in taxed else one for one in columns]


def _rivals(columns: list[Column]) -> list[Column]:
    """Several prices under one head by something unknown, 华东 and 华南: which of them is meant, only she can say.

    The same of 价格1 and 价格2 beside 数量1 and 数量2: neither is what one piece costs.
    """
    prices = [one for one in columns if one.meaning is Meaning.TRADE_PRICE]
    if any(_NUMBERED.fullmatch(squeeze(one.head)) for one in columns if one.meaning is Meaning.ATTRIBUTE):
        return [_as_attribute(one) if one in prices and one.head[-1].isdigit() else one for one in columns]
    unknown = [one for one in prices if one.group and not meaning_of(one.head)]
    groups = [one.group for one in unknown]
    rivals = [one for one in unknown if groups.count(one.group) > 1]
    return [_as_attribute(one) if one in rivals else one for one in columns]


def _as_attribute(column: Column) -> Column:
    return replace(column, meaning=Meaning.ATTRIBUTE, detail=_attribute_name(column.words))


def _matrix(heads: Sequence[Head], samples: Sequence[Sequence[str]]) -> dict[int, Column]:
    """Columns whose heads are values: tiers, sizes, colours. One alone needs a unit or a telling group."""
    tiers = {index: quantity for index, head in enumerate(heads) if (quantity := tier_quantity(head)) is not None}
    tiers |= _quantities(heads)
    priced = {i for i, head in enumerate(heads) if "价" in head.group or any(map(_YUAN.search, samples[i]))}
    priced |= {i for i, head in enumerate(heads) if size_priced(head)}
    sizes = [i for i, head in enumerate(heads) if i not in tiers and _is_size_head(head, priced=i in priced)]
    colors = [i for i, head in enumerate(heads) if i not in tiers and _stands_alone(head) and is_color(head.own)]
    found = {i: Column(i, Meaning.TIER, str(quantity), heads[i].own) for i, quantity in tiers.items()}
    for meaning, indexes in ((Meaning.COLOR, colors), (Meaning.SIZE, sizes)):
        if len(indexes) > 1 or any(heads[i].group or "均" in heads[i].own for i in indexes):
            for i in indexes:
                detail = size_priced(heads[i]) or heads[i].own
                found[i] = Column(i, meaning, detail, heads[i].own, priced=i in priced)
    return found


def _quantities(heads: Sequence[Head]) -> dict[int, int]:
    """Bare numbers under 数量, 100, 500 and 1000: quantities, unless all of them may be sizes."""
    under = {i: head for i, head in enumerate(heads) if _COUNTED.fullmatch(head.group) and head.own.isdecimal()}
    if len(under) < 2 or all(is_size(head.own) for head in under.values()):  # noqa: PLR2004 - one number is no ladder
        return {}
    return {index: int(head.own[:9]) for index, head in under.items()}


def _is_size_head(head: Head, *, priced: bool) -> bool:
    """S or 38; and, where prices stand below, a measure such as 3.5寸 or 500ml, or under a head of prices 9W."""
    measured = priced and (_MEASURED.fullmatch(squeeze(head.own)) is not None or is_kind(head))
    return _stands_alone(head) and (measured or is_size(head.own) or size_priced(head) != "")


def _stands_alone(head: Head) -> bool:
    """A head such as S or 黑色, not one of the vocabulary's own words such as 颜色."""
    return bool(head.own) and meaning_of(head.own) is None


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
