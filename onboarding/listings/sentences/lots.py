"""Prices of several, which are nobody's price apiece: `10块5斤`, `9.9包邮三条`, `2.5元 10斤装`, `1，180元`."""

import re
from decimal import Decimal
from typing import Final

from onboarding.listings.sentences.figures import NUMBER, amount
from onboarding.listings.sentences.money import looks_like_money
from onboarding.listings.sentences.tokens import Token
from onboarding.listings.sentences.words import MEASURES

_AMOUNTS: Final = frozenset(("money", "number"))
_HELD: Final = re.compile(rf"(?P<figure>{NUMBER})\s?(?P<measure>斤|公斤|千克|kg|[双条件副顶])装", re.IGNORECASE)
_PIECES: Final = re.compile(rf"(?P<figure>{NUMBER})\s?[片支个只粒枚张包块颗节贴瓶根]装")
_TWO_JIN: Final = frozenset(("公斤", "千克", "kg"))
_CHEAPEST: Final = 1
"""Yuan: nothing that is packed by weight or worn costs less for a 斤 or a piece; what does is priced otherwise."""
_OUTER: Final = frozenset("箱盒袋包提桶罐瓶件打捆扎卷筐")
_INNER: Final = frozenset("片支个粒枚只条块张颗节泡")
_BAGS: Final = frozenset("包袋瓶盒罐")
_WEIGHED: Final = frozenset(("斤", "公斤", "千克"))
"""What stands behind a blank as well, 20元 10斤; a length, 6.5元 5米, is one of the goods."""
_COUNTED: Final = frozenset(("count", "measure", "least"))
_TEARS: Final = frozenset(",，、。/·")
_THOUSANDS: Final = re.compile("[0-9]{3}(?![0-9])")
_EDGES: Final = frozenset(("gap", "stop"))
_BUYS: Final = re.compile(
    r"/|(?:包邮|含税)?(?:可以?|能|就|随便|任)?(?:包邮|含税|[拿买选挑给得换]|任[选意挑拿]|随[意便]选?|自选|一共|共|可以?)?(?:包邮|含税)?\s?"
)
"""What stands between money and what it buys: 20元可买12双, 9.9包邮三条."""
_IN_ALL: Final = re.compile(r"\s?(?:一共|总共|统共|合计|共|一起|打包|全部|整批|总价|才|卖你)\s?")


def ask_of_lots(parts: list[Token]) -> None:
    """Make vague what is the price of several, or a price torn in two; what a priced pack holds is a measure."""
    for place, part in enumerate(parts):
        following = parts[place + 1 :]
        if part.kind in {"count", "measure"}:
            _divided(part, parts[:place], following)
        if part.kind not in _AMOUNTS:
            continue
        unit = part.unit or _unit_ahead(parts[:place])
        if unit:
            _holds(unit, following)
        elif part.kind == "money" or looks_like_money(part):
            _of_several(part, parts[:place], following)
            _of_a_pack(part, parts[:place], following)
        if part.kind == "number" or part.text[-1:].isdigit():
            _torn(part, parts[:place], following)


def _divided(several: Token, ahead: list[Token], following: list[Token]) -> None:
    """`3条/100元`, `12双一共20元`, `每5斤25元`: three for a hundred, where 3条100/50条80 are two steps."""
    place = next((place for place, part in enumerate(following[:6]) if part.kind in _AMOUNTS), None)
    if place is None or several.value in {None, 1}:
        return
    price, said = following[place], "".join(part.text for part in following[:place])
    each = bool(ahead) and ahead[-1].text == "每" and not said.strip()
    if each or (price.kind == "money" and (said == "/" or _IN_ALL.fullmatch(said))):
        price.kind, price.note, price.text = "vague", "about", f"{several.text}{said}{price.text}"
        for part in [several, *following[:place]]:
            part.kind = "used"


def _unit_ahead(ahead: list[Token]) -> str | None:
    """The 箱 of 一箱45元."""
    last = next((part for part in reversed(ahead) if part.kind != "gap"), None)
    return last.unit if last is not None and last.kind == "per" else None


def _holds(outer: str, following: list[Token]) -> None:
    """`48元一箱 24包` says what a carton holds, since its price is said to be that of the carton."""
    behind = [part for part in following[:4] if part.kind != "gap"]
    if not behind or behind[0].kind != "count" or (len(behind) > 1 and behind[1].kind in _AMOUNTS):
        return
    inner = behind[0].unit or ""
    if outer in _OUTER and inner != outer and (inner in _INNER or (inner in _BAGS and outer in "箱件提")):
        behind[0].kind = "measure"


def _of_several(price: Token, ahead: list[Token], following: list[Token]) -> None:
    """A count that money buys, or right behind money that bears a name; a weight or a length right behind any."""
    place = next((place for place, part in enumerate(following[:7]) if part.kind in _COUNTED), None)
    if place is None:
        return
    between, several = following[:place], following[place]
    said = "".join(part.text for part in between)
    behind = next((part for part in following[place + 1 :] if part.kind != "gap"), None)
    if several.value == 1 or (several.value is None and several.kind != "measure") or not _BUYS.fullmatch(said):
        return
    apart = not said and following[place + 1 : place + 2] != [behind]
    if _is_next_step(several, behind) and not (apart and several.kind == "count"):
        return
    if _is_measured(several, behind, said) or _is_counted(several, behind, said, named=_is_named(ahead)):
        _make_vague(price, [*between, several])


def _is_next_step(several: Token, behind: Token | None) -> bool:
    """100件42元 behind a price; 24元12双起批10 is none, whatever the ten are."""
    if behind is None or behind.kind not in _AMOUNTS:
        return False
    return behind.kind == "money" or several.note not in {"起批", "起订"}


def _is_measured(several: Token, behind: Token | None, said: str) -> bool:
    if several.kind != "measure" or (several.unit or "").lower() not in MEASURES:
        return False
    return bool(said.strip() or not said or several.unit in _WEIGHED) and not _is_length_of_goods(several, behind)


def _is_counted(several: Token, behind: Token | None, said: str, *, named: bool) -> bool:
    if several.kind == "least":
        return not said and (several.text[:1] in "拿购" or (behind is not None and behind.kind == "number"))
    return several.kind == "count" and bool(
        said.strip() or (not said and (named or (behind is not None and behind.kind in _AMOUNTS)))
    )


def _is_length_of_goods(measure: Token, behind: Token | None) -> bool:
    return measure.unit in {"米", "公分", "尺"} and behind is not None and behind.text[:1] in "长宽高"


def _is_named(ahead: list[Token]) -> bool:
    last = next((part for part in reversed(ahead) if part.kind != "gap"), None)
    return last is not None and last.kind.startswith("role_")


def _of_a_pack(price: Token, ahead: list[Token], following: list[Token]) -> None:
    """`2.5元 10斤装`: the price of a 斤 or of the bag; `10斤装 39.9元` is that of the bag, unless too cheap."""
    behind = next((part for part in following if part.kind not in _EDGES), None)
    before = next((part for part in reversed(ahead) if part.kind not in _EDGES), None)
    if behind and (least := _least_of(behind)) and (least[1] or (price.value or 0) < least[0]):
        _make_vague(price, [])
        price.text += f" {behind.text}"
    elif before and (least := _least_of(before)) and (price.value or 0) < least[0]:
        _make_vague(price, [])


def _least_of(pack: Token) -> tuple[Decimal, bool] | None:
    """What a pack of several costs at least, and whether it is one of weight; None for what is no such pack."""
    pieces = _PIECES.fullmatch(pack.text)
    if pieces and (amount(pieces["figure"]) or 0) > 1:
        return Decimal(_CHEAPEST), False  # 0.8 10片装: of one piece, or of all
    held = _HELD.fullmatch(pack.text)
    count = amount(held["figure"]) if held else None
    if held is None or not count or count == 1:
        return None
    return count * _CHEAPEST * (2 if held["measure"] in _TWO_JIN else 1), held["measure"] in _TWO_JIN | {"斤"}


def _torn(part: Token, ahead: list[Token], following: list[Token]) -> None:
    """`1，180元`, `85、90元`: thousands, or two figures of which the first would be lost."""
    figure = part.text.lstrip("¥")
    if not re.fullmatch("[0-9]{1,3}", figure) or len(following) < 2 or following[0].text not in _TEARS:  # noqa: PLR2004
        return
    if _is_named(ahead) and len(figure) == 3:  # noqa: PLR2004  代发价128，118元 are two prices
        return
    price = next((one for one in following[1:3] if one.kind != "gap"), part)
    thousands = (
        not _is_listed(ahead) and following[0].text in ",，" and _THOUSANDS.match(price.text) and price.kind in _AMOUNTS
    )
    glued = price is following[1] and price.kind == "money" and price.text[:1].isdigit()
    if thousands or glued:
        part.kind, price.kind = "vague", "used"
        part.note, part.end = "about", price.end
        part.text = f"{part.text}{following[0].text}{price.text}"


def _is_listed(ahead: list[Token]) -> bool:
    return len(ahead) > 1 and ahead[-1].text in _TEARS and ahead[-2].kind in {"number", "used"}


def _make_vague(price: Token, several: list[Token]) -> None:
    price.kind, price.note = "vague", "about"
    price.text += "".join(part.text for part in several)
    for part in several:
        part.kind = "used"
