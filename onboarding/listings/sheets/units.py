"""By what prices and quantities count, and whether two of them count alike."""

import re
from functools import lru_cache
from typing import Final

from onboarding.listings.sheets.values import squeeze

_PIECES: Final = frozenset({"件", "个", "只", "款", "pc", "pcs", "piece", "pieces", "ea", "unit", "units"})
_CARTONS: Final = dict.fromkeys(("整箱", "ctn", "ctns", "carton", "cartons", "box", "boxes"), "箱")
_WEIGHTS: Final = {"市斤": "斤", "千克": "公斤", "kg": "公斤", "kgs": "公斤", "g": "克", "m": "米"}
_SAME: Final = _CARTONS | _WEIGHTS | {"dozen": "打", "doz": "打", "对": "双", "付": "副", "枝": "支"}
_PACK: Final = r"整?箱|打|手|扎|捆|板|托|卷|盘|包|盒|袋|提|桶|筐|ctns?|cartons?|box(?:es)?|dozen|doz"
_WEIGHED: Final = r"市?斤|公斤|千克|kgs?|克|g|吨|米|m|吨|升|平方米?"
_OTHER: Final = (
    r"件|个|只|副|双|条|套|台|瓶|罐|支|枝|付|把|张|顶|对|块|枚|根|本|册|片|粒|颗|辆|架|座|幅|盏|床|身|pcs?|sets?"
)
_UNIT: Final = rf"(?:{_PACK}|{_WEIGHED}|{_OTHER})"
_COUNTED: Final = re.compile(rf"[0-9](?P<unit>{_UNIT})(?![a-z装])")
_HEADED: Final = re.compile(rf"[(（\[【/](?P<unit>[百千万]?{_UNIT})[)）\]】]?$")
_THOUSANDS: Final = {"百": 100, "千": 1_000, "万": 10_000}
_UNSAID: Final = re.compile(r"整?箱|打|手|扎|捆|板|托|吨|ctns?|cartons?|box(?:es)?|dozen|doz")
_NOT_ONE: Final = re.compile(rf"{_PACK}|{_WEIGHED}|[百千万].?")


@lru_cache(maxsize=4_000)
def counted_in(text: str, head: str) -> str | None:
    """What a quantity counts by: 箱 of `2箱`, or of a head `起订量(箱)`; None where neither says."""
    plain = squeeze(text)
    match = _COUNTED.search(plain) or (None if _THOUSANDS.keys() & {*plain} else _HEADED.search(squeeze(head)))
    return match["unit"] if match else None


def is_unit(word: str) -> bool:
    """Whether a word behind a stroke is a unit: 袋 of 元/袋, not 吊牌价 of 零售价/吊牌价."""
    return re.fullmatch(rf"[百千万]?{_UNIT}", squeeze(word)) is not None


def is_weighed(unit: str) -> bool:
    """Whether a unit is one of weight or length."""
    return re.fullmatch(_WEIGHED, unit) is not None


def pieces_of(unit: str) -> int | None:
    """How many pieces a unit says that it holds: 1000 of 千件; 千克 is a weight."""
    return _THOUSANDS.get(unit[0]) if is_piece(unit[1:]) else None


def is_piece(unit: str) -> bool:
    """Whether a unit is a word for one of whatever is sold: 件, 个, pcs."""
    return squeeze(unit) in _PIECES


def is_unsaid(unit: str) -> bool:
    """Whether a unit holds pieces of an unsaid number, where no price counts by it: 箱, 打, 手."""
    return _UNSAID.fullmatch(unit) is not None


def is_alike(one: str, other: str) -> bool:
    """Whether two units count alike: the same, or 件 beside 套; a 打 is no 双, a 卷 is no 米."""
    first, second = (_SAME.get(unit, unit) for unit in (squeeze(one), squeeze(other)))
    if first == second or {first, second} <= _PIECES:
        return True
    return bool({first, second} & _PIECES) and not any(map(_NOT_ONE.fullmatch, (first, second)))
