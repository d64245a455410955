"""A sentence cut into what its parts may mean: amounts of money, counts, names of prices, minimums, stock, words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from onboarding.listings.sentences import words
from onboarding.listings.sentences.doubts import doubt_behind
from onboarding.listings.sentences.figures import ARABIC, CHINESE, amount, whole

_TO: Final = r"(?:\s*(?:[:：=]|为|是|只要|只需|仅|才|都是)+)?"
_AHEAD: Final = rf"(?=\s*(?:{words.ABOUT}|{words.SIGN}|[-−+]?[0-9]|[一二两三四五六七八九十百](?!件代发)|(?:每|满|≥|>)))"
_KNOWN: Final = r"出厂|批发|零售|代发|供货|拿货|含税|厂价|单价|售价|现价|特价|底价|批价|建议|吊牌|报价|价"
_ROLES: Final = {
    "other": (
        r"(?:[^\W\d_]{0,2}(?:吊牌|市场|专柜|原|划线|门店|商场|超市|电商|网店|网络|淘宝|天猫|京东|拼多多|抖音|直播|平台|"
        r"同行|官网|控|限|会员|vip|样[品衣]?|双1[12]|双十[一二]|618|打样|代理|加盟|进口|外贸|离岸|老客户?|新客户?|内部|团长|员工|秒杀"
        r"|团购?|首单|拍卖|起拍|包邮|到岸)价"
        r"|(?:一件|单件|单个|单只|单条)包邮|(?:邮|运|快递|版|开版|开模|模具|打样|样品|包装|加工|安装|服务|物流"
        r"|印刷|制版|打包|手续)费|拿样|打样|样[品衣]|[定押订]金|起送|fob|exw|cif|大码加|加绒加?|另?加|补差)"
    ),
    "drop_ship": (
        r"(?:(?:支持|可以?|提供)?一件代发(?:包邮)?(?:价格?)?|代发包邮(?:价格?)?|代发(?:价格?)?|(?<=[\s,，/、;；|。！!])代"
        r"|drop\s?-?ship(?:ping)?(?:\sprice)?)"
    ),
    "retail": (
        r"(?:(?:建议|统一|全国|指导)?(?:零售|销售)(?:指导|建议)?(?:价格?)?|指导(?:零售)?价|建议[卖售]|(?<=[\s,，/、;；|。！!])零|建议售价|售价"
        r"|retail(?:\sprice)?|msrp|rrp)"
    ),
    "untaxed": r"(?:不含税|未税|裸)(?:出厂|批发|单)?价?(?:格)?",
    "trade": (
        r"(?:(?:含税)?(?:厂家|工厂)?(?:含税|出厂|批发|供货|供应|拿货|厂家|工厂|直供|直批|结算|进货|采购|优惠"
        r"|特|活动|清仓|底|实|现|大货|车板|起批|批|厂|现货|一口|散)"
        r"(?:含税)?(?:单价|价格|价钱|价)|(?:含税)?(?:单价|价格|价钱|报价)|售(?=[0-9])|批发|出厂|拿货|含税|只要|只需|仅售|仅需|(?<=[\s,，/、;；|。！!])批|大货"
        r"|价(?=[:：\s]*[0-9¥￥])|(?:现在|今天)?[只仅]卖|(?:factory|wholesale|unit|ex-?factory|trade|bulk)\sprice|price)"
    ),
    "unknown": rf"(?:(?!{_KNOWN})[^\W\d_]){{1,3}}价(?!比|值|廉|位|目|格|钱)",
}
_WHOLE: Final = "[件条个只双套副付把支根台顶张枚颗粒瓶罐盒袋包本册对]"
"""What nobody counts by parts: 0.65条 is a price."""
_START: Final = r"(?:(?<![0-9a-z.#_*×])(?<![a-z]-)|(?<=[0-9])(?=[二两三四五六七八九十百]))"
"""No figure begins within one or within a name; 9块9三条 counts three behind its price."""
_KINDS: Final = {
    "span": words.SPAN,
    "range": words.RANGE,
    "foreign": words.FOREIGN,
    "pack": words.PACK,
    "each": words.EACH,
    "minimum": words.MINIMUM,
    "stock": words.STOCK,
    "least": words.LEAST,
    **{f"role_{name}": pattern + _TO + _AHEAD for name, pattern in _ROLES.items()},
    "stop_service": r"(?:(?:支持|可以?|提供)?一件(?:代发|起发|也发|可发)|(?:支持|可以?|提供)代发)(?:包邮)?",
    "per": (
        rf"[每一1整]\s?(?P<per>{words.UNIT}){words.NO_HEIGHT}(?=\s*[:：为是要卖只才]?\s?(?:{words.SIGN}"
        rf"|[0-9一二两三四五六七八九十]))"
    ),
    "money": words.MONEY,
    "priced": (
        rf"(?P<bare>{ARABIC})(?:\s?/\s?(?P<bare_unit>{words.UNIT})|[一每](?P<bare_one>{words.UNIT}){words.NO_HEIGHT}(?!\s?(?:起"
        rf"|代发|也|可|以上|包邮|都)|[0-9]))"
        rf"|(?P<parts>[0-9]+\.[0-9]{{1,2}})\s?(?P<parts_unit>{_WHOLE})(?=[\s,，;；。!！]|$)"
    ),
    "count": words.COUNT,
    "measure": words.MEASURE,
    "number": rf"{ARABIC}(?:[万千百][0-9]?)?(?![0-9a-z%万千百])",
    "spoken": CHINESE,
    "stop": words.STOPS,
    "gap": r"\s+",
    "word": r"[a-z][a-z0-9_.+#/-]*|[^\W\d_]|.",
}
_MORE: Final = re.compile(rf"\s?{words.MORE}")
_MORE_OR_TO: Final = re.compile(rf"\s?{words.MORE}|\s?[-~～至到—–]+\s?[0-9.]+")
_FOR_SEVERAL: Final = re.compile(
    rf"\s?[/每]\s?(?:[0-9]+|[二两三四五六七八九十百千万]+)\s?{words.UNIT}(?!\s?{words.SIGN}?[0-9])"
)
_BELOW: Final = "(?:最[低高多少]|至[少多]|不[到足超低高]于?|不超过|[低高]于|未到)"
_FIGURE: Final = re.compile(ARABIC)
_SPLIT: Final = re.compile(rf"[0-9]{{1,3}}(?=,[0-9]{{3}}\s?{words.UNIT})", re.IGNORECASE)
_NUMERIC: Final = {"span", "range", "foreign", "money", "priced", "count", "least", "measure", "number"}


def _guarded(kind: str, pattern: str) -> str:
    nameless = re.sub(r"\(\?P<\w+>", "(?:", pattern)
    return f"(?P<{kind}>{_START if kind in _NUMERIC else ''}(?:{nameless}))"


@cache
def _any() -> re.Pattern[str]:
    """Made ready when the first sentence is read: of the processes of a deployment few ever read one."""
    return re.compile("|".join(_guarded(*kind) for kind in _KINDS.items()), re.IGNORECASE | re.DOTALL)


@cache
def _each(kind: str) -> re.Pattern[str]:
    return re.compile(_KINDS[kind], re.IGNORECASE)


@dataclass
class Token:
    """A part of a sentence; `value` is yuan of money and a whole number of counts, None where it cannot be read.

    `note` says what else was written: `about`, `range`, a dimension, the qualifier of a minimum.
    """

    kind: str
    text: str
    start: int
    end: int
    value: Decimal | None = None
    unit: str | None = None
    note: str = ""


def tokens(text: str) -> Iterator[Token]:
    """The parts of a text in their order, every character in one of them."""
    place, before = 0, "stop"
    while place < len(text):
        token = _token(text, place, before)
        place = token.end
        if token.kind != "gap":
            before = token.kind
        yield token


def _token(text: str, place: int, before: str) -> Token:
    if before.startswith("role_") or before in {"least", "count"}:
        split = _SPLIT.match(text, place)  # 10件起85,500件起80: a comma between two figures, not between thousands
        if split:
            return Token("number", split[0], place, split.end(), Decimal(split[0]))
    found = _any().match(text, place)
    kind = str(found.lastgroup) if found else "word"
    token = Token(kind, found[0] if found else text[place], place, found.end() if found else place + 1)
    match = _each(kind).match(text, place)
    reader = _READERS.get(kind)
    if reader and match:
        reader(token, {name: said for name, said in match.groupdict().items() if said is not None})
    if (
        token.kind == "stock"
        and match
        and match["there"]
        and (before.startswith("role_") or before in {"least", "count"})
    ):
        figure = _FIGURE.match(text, place)  # 出厂价118现货充足 is a price
        end = figure.end() if figure else token.end
        token = Token("number", text[place:end], place, end, amount(text[place:end]))
    return _doubted(token, text, before)


def _doubted(token: Token, text: str, before: str) -> Token:
    """Money that is said to be about, to begin at, or to be added to another price."""
    if token.kind not in {"money", "priced", "number"}:
        token.kind = token.kind.partition("_service")[0]
        return token
    behind = text[: token.start].rstrip()[-3:]
    more = (_MORE_OR_TO if before.startswith("role_") else _MORE).match(text, token.end)
    if not more and token.kind == "money" and not token.unit and before not in {"least", "count"}:
        more = _FOR_SEVERAL.match(text, token.end)
    more = more or doubt_behind(token.kind, token.text, text, token.end, named=before.startswith("role_"))
    # 5千10元: five thousand of them at 10, or 5010 without its nought; who counts says what is counted
    cut = before in {"word", "spoken"} and re.search(r"[0-9][万千百]$", text[: token.start])
    added = before != "least" and re.search(r"[+加减贵降省返让送赚补]$", behind)
    some = re.search("(?<!茶)几$", text[max(token.start - 2, 0) : token.start])
    if added or more or cut or some or re.search(rf"{words.ABOUT}$|[至近或]$|(?<=价)[-−]$|{_BELOW}$", behind):
        token.kind, token.note = "vague", "added" if added else "about"
        token.end = more.end() if more else token.end
        token.text = text[token.start : token.end]
    return token


Groups = dict[str, str]


def _money(token: Token, said: Groups) -> None:
    token.unit = said.get("portion") or said.get("unit") or said.get("one")
    token.value = _yuan(said)
    if said.get("yuan") == "一" and said["word"] == "块" and not said.get("jiao") and not token.unit:
        token.kind = "word"  # 一块 is a piece as often as a price


def _yuan(said: Groups) -> Decimal | None:
    if "yuan" in said:
        return _with_dimes(said)
    if "only" in said:
        return amount(said["only"])
    if "pennies" in said:
        return (amount(said["pennies"]) or Decimal(0)) / 100
    dimes = amount(said["dimes"])
    if dimes is None or dimes < 1:  # 0.8毛 is 0.8元 or 8毛, written in a hurry
        return None
    return dimes / 10 + (amount(said.get("cents", "0")) or Decimal(0)) / 100


def _with_dimes(said: Groups) -> Decimal | None:
    """`12块8` is 12.80, `12块85` 12.85, `12块8毛5` 12.85, `两块半` 2.50."""
    yuan, jiao = amount(said["yuan"]), said.get("jiao", "")
    if yuan is None or not jiao:
        return yuan
    if yuan != yuan.to_integral_value() or (len(jiao) > 1 and "mao" in said):
        return None
    small = Decimal(5) if jiao == "半" else amount(jiao)
    if small is None:
        return None
    return yuan + small / (100 if len(jiao) > 1 else 10) + (amount(said.get("fen", "0")) or Decimal(0)) / 100


def _priced(token: Token, said: Groups) -> None:
    token.value = amount(said.get("bare") or said["parts"])
    token.unit = next(said[unit] for unit in ("bare_unit", "bare_one", "parts_unit") if unit in said)
    if token.unit.lower() in words.PACKS | {"件"} and token.value and token.value == token.value.to_integral_value():
        token.kind, token.note = "vague", "pack"  # 24/箱: so many in it, or so much for it
    else:
        token.kind = "money"


def _pack(token: Token, said: Groups) -> None:
    """`value` pieces stand in one `unit`."""
    inner = next(said[name] for name in ("inner", "inside", "held") if name in said)
    unit = next(said[name] for name in ("outer", "into", "within", "beside") if name in said)
    token.value, token.unit = _count(inner), unit[1:] if "outer" in said else unit


def _least(token: Token, said: Groups) -> None:
    name = next((name for name in ("least", "low", "bare_low", "from", "plain") if name in said), "")
    token.value = _count(said[name]) if name else Decimal(1)
    token.unit = next(
        (said[unit] for unit in ("least_unit", "low_unit", "from_unit", "below_unit") if unit in said), None
    )
    token.note = said.get("qualifier") or said.get("mark") or ""
    if said.get("bound") in {">", "＞", "超", "超过"} and token.value:
        token.value += 1  # 超三十袋 begins at the 31st
    if "below" in said:
        token.note = "below"
    if "single" in said and said["single"][0] == "单":
        token.unit = said["single"][1:]
    if name == "bare_low":
        token.kind = "span"  # 35-40 may be sizes; a ladder of such has more than one
    if token.note == "起" and token.unit is None:
        token.note = "from"  # 450起 may be a price


def _counts(token: Token, said: Groups) -> None:
    token.value, token.unit = _count(said["count"]), said["count_unit"]
    if token.unit.lower() in words.MEASURES:
        token.kind = "measure"


def _number(token: Token, _said: Groups) -> None:
    token.value = amount(token.text)


def _per(token: Token, said: Groups) -> None:
    token.unit = said["per"]


def _counted(name: str, *abouts: str) -> Callable[[Token, Groups], None]:
    def read(token: Token, said: Groups) -> None:
        token.value = _count(said[name]) if name in said else None
        token.unit = said.get(f"{name}_unit")
        token.note = "about" if any(about in said for about in abouts) else said.get("dimension", "")

    return read


def _minimum(token: Token, said: Groups) -> None:
    name = next((name for name in ("moq", "fewest", "mixed") if name in said), "")
    token.value = _count(said[name]) if name else Decimal(1)
    token.unit = said.get(f"{name or 'whole'}_unit")
    if name and "," in said[name] and not token.unit:
        token.value = None  # 起批5,118 may be two figures


def _stock(token: Token, said: Groups) -> None:
    name = next(one for one in ("here", "there", "stock") if one in said)
    abouts = {"stock": ("ahead", "about", "more", "after")}.get(name, (f"{name}_more", f"{name}_after"))
    _counted(name, *abouts)(token, said)


def _count(text: str) -> Decimal | None:
    found = whole(text)
    return None if found is None else Decimal(found)


_READERS: Final[dict[str, Callable[[Token, Groups], None]]] = {
    "money": _money,
    "priced": _priced,
    "pack": _pack,
    "least": _least,
    "number": _number,
    "spoken": _number,
    "per": _per,
    "count": _counts,
    "each": _counted("each"),
    "minimum": _minimum,
    "stock": _stock,
}
