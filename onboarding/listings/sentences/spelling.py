"""Other ways to write the same, made alike before anything is read: 2w台 → 2万台, 118出厂 → 出厂118."""

import re
from typing import Final

from onboarding.listings.sentences.figures import ARABIC, NUMBER, amount, whole
from onboarding.listings.sentences.words import SIGN, UNIT

_SHARED_MEASURE: Final = re.compile(
    r"(?<![0-9A-Za-z.*×/])(?P<figures>[0-9.]+(?:[/、][0-9.]+){2,})(?P<measure>cm|mm|ml|kg|米|床(?!单|品|笠)|寸|斤|升|克|瓦|度|[wlg](?![a-z0-9]))",
    re.IGNORECASE,
)
_HEIGHT: Final = re.compile(rf"(?<![0-9.A-Za-z])([1-3])米([1-9])(?![0-9.元块毛/分]|\s?(?:{UNIT}))")
_WHOLE_METRES: Final = re.compile(r"(?<![0-9.元块])[一两二三四五](?=米\s?[0-9]{2,})")
_EDGE: Final = r"(?=[\s,，;；。!！、|()（）]|$)"
_MYRIADS: Final = re.compile(
    rf"(?<=[0-9])w(?=(?:多|余)?{UNIT}(?:[\s,，;；。!！、|()（）0-9起]|以上|左右|现货|库存|$))"
    r"|(?P<stock>(?:库存|存货)[:：]?\s?[0-9.]+)w(?=[\s,，;；。!！、|多]|$)",
    re.IGNORECASE,
)
_CHILDREN_FROM: Final = 50
"""Heights in cm, which go by ten."""
_COUNTED_RANGE: Final = re.compile(
    rf"(?P<low>[0-9]{{2,3}})\s?[-~至到]\s?(?P<high>[0-9]{{2,3}})(?=\s*(?P<count>{NUMBER})个?码)"
)
_SPOKEN_EACH: Final = re.compile(rf"(?<=[一二两三四五六七八九][百千万][一二三四五六七八九])(?=一{UNIT}(?![0-9]))")
_SPOKEN_TENS: Final = re.compile(
    rf"(?P<tens>(?:价|批发|出厂|[只仅]要|批)[:：是\s]?[二三四五六七八九]?十[一二三四五六七八九])(?=一{UNIT}(?![0-9起一-龥]))"
)
"""批发价四十五一斤 are 45 for one; in 价四十一斤 the one is that of 41 as likely."""
_SET_PRICED: Final = re.compile(
    r"(?P<ahead>[\u4e00-\u9fff]{2})"
    r"(?P<figure>[0-9]{1,3}\.[0-9]{1,2}|(?<=[件组]套)[1-9][0-9]{1,2}(?=送|赠|包邮))"
    r"(?P<behind>送|赠|包邮|$|(?=[\s,，;；。!！]))"
)
_NO_PRICE_AHEAD: Final = re.compile(
    "蓝牙|版本?|镜片|折射|直径|[厚宽高长深重径约到至减满加第型度粗孔码鞋号差补降贵省各共屏幕声道率比]$"
)
_DIME_AND_SORTS: Final = re.compile("(?<=[^\\W_]块)[一二三四五六七八九](?=[二两三四五六七八九十][色款码])")
"""十二块五三色可选 are 12.50 and three colours."""
_OF_A_SET: Final = re.compile("[件组]套|[盒袋]装")
_SEVENTY: Final = re.compile(
    r"^(?P<goods>[^0-9]*[裙衫裤衣袍服])(?P<figure>[1-9][0-9][5689]|[1-9][5689])(?P<rest>[\s！!,，][^0-9]*"
    r"(?<![A-Za-z])(?:x?s|m|l)[-~](?:[2-9]|x{0,4})x?l(?![A-Za-z]).*)$",
    re.IGNORECASE,
)
"""A dress, a figure, sizes in letters and no other figure: what it costs."""
_MISSPELT: Final = (("出场价", "出厂价"), ("厂场价", "厂价"))
_TRADITIONAL: Final = str.maketrans(
    "廠價發貨現庫條雙個隻塊訂單張頂萬銷售購買稅運費銀紅藍綠黃顏碼種裝組對兩圓餘總",
    "厂价发货现库条双个只块订单张顶万销售购买税运费银红蓝绿黄颜码种装组对两圆余总",
)
_PRICED: Final = rf"(?:{SIGN})?[0-9]{{2,}}(?![0-9.]*{UNIT})"
_SPOKEN_LENGTH: Final = re.compile(
    rf"(?<![0-9.])(?P<metres>[一二三四五1-9])米(?P<tenths>[一二三四五六七八九](?=的?\s?[:：]?\s?{_PRICED})"
    rf"|[1-9](?=(?:的|的?[\s:：])\s?{_PRICED}))的?"
)
"""`一米二380`, `1米2 380`; in 三米138 the one is no tenth."""
_TAXED: Final = "不含税价?|未税价?|含税价?"
_NAMES: Final = r"出厂价?|车板价|批发价?|批价|拿货价|供货价|起批价|厂价|零售价|建议零售价|代发价"
_BRIEF: Final = rf"{_NAMES}|{_TAXED}|零售|代发|批"
_FIGURE: Final = rf"(?<![0-9.,*×x/+A-Za-z-])(?P<figure>(?:{SIGN}\s?)?{ARABIC}\s?(?:元|块钱?)?)"
_GLUED: Final = re.compile(rf"{_FIGURE}(?P<name>{_BRIEF}){_EDGE}", re.IGNORECASE)
_AHEAD: Final = (
    rf"\s*[:：]?\s*(?:{SIGN}|[0-9约每]|[一二两三四五六七八九十百千]+[元块]|一[^\s0-9]{1, 2}\s?[0-9.]+(?:[\s元块]|$))"
)
_BEHIND: Final = re.compile(rf"{_FIGURE}\s?(?P<name>{_NAMES}|批|零售){_EDGE}(?!{_AHEAD})", re.IGNORECASE)
_NAMED: Final = re.compile(rf"(?:{_BRIEF}|[零代价售])\s*[:：]?\s*$")
_NAMED_BEHIND: Final = re.compile(rf"[0-9]\s?(?:元|块钱?)?(?:{_BRIEF})\s*$")


def alike(text: str) -> str:
    """The text with each word as the rest of the reader knows it."""
    text = text.translate(_TRADITIONAL)
    text = _in_metres(text)
    text = _SHARED_MEASURE.sub(
        lambda match: "/".join(
            f"{figure}{match['measure'].replace('床', '米')}" for figure in re.split("[/、]", match["figures"])
        ),
        text,
    )
    text = _COUNTED_RANGE.sub(_as_sizes, text)
    text = _SPOKEN_EACH.sub("元", text)  # 一百二一条
    text = _DIME_AND_SORTS.sub(r"\g<0> ", text)
    text = _SPOKEN_TENS.sub(r"\g<tens>元", text)
    text = _SET_PRICED.sub(_apart, text)
    text = _SEVENTY.sub(_of_dress, text)
    for written, meant in _MISSPELT:
        text = text.replace(written, meant)
    return _names_first(_MYRIADS.sub(lambda match: f"{match['stock'] or ''}万", text))


def _in_metres(text: str) -> str:
    """`一米 25 一米二 28` are 1米 and 1.2米: where one length is spoken, the whole metres beside it are lengths."""
    spoken = _SPOKEN_LENGTH.sub(lambda match: f"{amount(match['metres'])}.{amount(match['tenths'])}米", text)
    if not re.search(r"[0-9]米[0-9]+\.[0-9]", text):  # 1米3.5 2米5 are two prices
        spoken = _HEIGHT.sub(r"\1.\2米", spoken)
    return text if spoken == text else _WHOLE_METRES.sub(lambda match: str(amount(match[0])), spoken)


def _apart(match: re.Match[str]) -> str:
    """`五件套24.8送挂钩` bears its price; `镜片1.56` none."""
    surely = _OF_A_SET.search(match["ahead"]) or match["behind"]
    if not surely or _NO_PRICE_AHEAD.search(match["ahead"]):
        return match[0]
    return f"{match['ahead']}{match['figure']}元 {match['behind']}"


def _of_dress(match: re.Match[str]) -> str:
    """`马面裙68 S-XL`: where nothing but sizes has figures, the one behind the goods is their price."""
    if re.search("(?<![2-9])[0-9](?!x*l)", re.sub("1[3-9][0-9]{9}", "", match["rest"]), re.IGNORECASE):
        return match[0]
    return f"{match['goods']}{match['figure']}元{match['rest']}"


def _as_sizes(match: re.Match[str]) -> str:
    """`36-41 6个码`: the count says that every number between is a size."""
    low, high = int(match["low"]), int(match["high"])
    step = 10 if low >= _CHILDREN_FROM and low % 10 == high % 10 == 0 else 1
    counted = whole(match["count"]) == (high - low) // step + 1
    return f" {match['low']}-{match['high']}码" if counted else match[0]


def _names_first(text: str) -> str:
    """`118出厂 199零售` names its prices behind them, as does `68 出厂价` where nothing else follows to be named."""
    glued = [match for match in _GLUED.finditer(text) if not _is_named(text[: match.start()])]
    pattern = _GLUED if len(glued) > 1 else _BEHIND

    def turned(match: re.Match[str]) -> str:
        if _is_named(text[: match.start()]):
            return match[0]
        return f"{match['name']}{match['figure'].strip()}"

    return pattern.sub(turned, text)


def _is_named(before: str) -> bool:
    """Whether a name just before is that of the figure that follows, and not of one before it."""
    return bool(_NAMED.search(before)) and not _NAMED_BEHIND.search(before)
