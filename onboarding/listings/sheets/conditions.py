"""What remarks say of prices that figures alone do not: by what they count, what is added or taken off, how firm.

A remark that changes what a price means is asked about, never worked into it: nobody knows whether the figures
contain it already. What leaves prices as they stand (tax included, freight, samples, custom work) is no matter.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from onboarding.listings.sheets.values import squeeze

LONGEST: Final = 2_000
"""Characters of a remark that are looked at: it may be a whole row."""
_TEXT_CHARS: Final = 60
_SENTENCES: Final = re.compile(r"[。；;!！\n]+")
_CLAUSES: Final = re.compile(r"[，,、]+|\s{2,}")
_MONEY: Final = r"(?:usd|us\$|美元|美金|美刀|欧元|eur|€|英镑|gbp|£|港[币元]|hkd|日元|jpy|韩元|卢布|澳元|加元)"
_FOREIGN: Final = re.compile(
    rf"(?:价格?|单位|币种|货币|报价|price|currency|quot\w{{0,12}}|fob|exw|cif)[^,，。;；]{{0,12}}{_MONEY}"
    rf"|{_MONEY}[^,，。;；汇]{{0,6}}(?:报价|计价|价|price|为单位)"
    rf"|(?:均|全部|一律|都)[以按用是为]{{0,2}}{_MONEY}|[以按用]{_MONEY}(?:结|计|报|算|为准)"
)
_FOREIGN_ALONE: Final = re.compile(rf"[(\[]?(?:in|all)?{_MONEY}(?:价|price|only)?[)\]]?")
_PAID_IN: Final = re.compile(
    rf"(?:可|支持|接受|也收|收取?)[^,，。;；]{{0,6}}{_MONEY}|汇率|不[^,，。;；]{{0,3}}{_MONEY}"
)
_PIECE: Final = r"(?:件|个|只|双|条|套|台|把|支|张|块|片|副|付|对|顶|床|身|枚|根|枝|盏|扇|幅|款|pcs?|瓶|本|册|辆|架|座)"
_PACK: Final = (
    r"(?:[整一]?(?:打|箱|包|盒|袋|捆|扎|手|板|托|卷|筐|车|桶)|市?斤|公斤|千克|kgs?|克|g|吨|米|码|公分|平方米?|平米|㎡|升"
    rf"|[一二两三五十0-9]{{0,4}}[十百千万]{_PIECE}?|[0-9]{{2,5}}{_PIECE}|dozen|doz|ctns?|cartons?|gross|罗)"
)
_KINDS: Final = r"(?:的|出厂|批发|供货|拿货|零售|报|含税|整)?"
_PRICE: Final = r"(?:单价|价格|报价|价钱|价)"
_BY_MEASURE: Final = re.compile(
    rf"(?:[每按论以一为是]|^|价格?|[:：(])(?P<measure>{_PACK})(?:为单位|装|起)?{_KINDS}{_PRICE}(?!优惠|另议|面议|从优|更)"
    rf"|(?:价|单位|计价|报价|金额)[^,，。;；]{{0,6}}?(?:元|¥|rmb|人民币|块)?[/每](?P<per>{_PACK})(?![装入费])"
    rf"|(?:元|¥|rmb|人民币|块)(?:/|每)(?P<yuan>{_PACK})(?![装入费])"
    rf"|(?:按|论|以)(?P<sold>{_PACK})(?:来|为单位|为准)?(?:报价|计价|计算|算|卖|结算|出售|定价)"
    rf"|(?:单价|价格|报价)(?:单位)?(?:均|都|全部)?(?:为|是|:|：|按)(?P<of>{_PACK})(?![0-9元装入])"
    rf"|priceper(?P<english>{_PACK})|per(?P<each>dozen|doz|carton|ctn|100pcs|1000pcs|kg)"
    r"|(?:万元|千元|百元|角|分)为?单位|单位[:：为是]{0,2}(?:万元|千元|百元|[角分])(?![0-9])"
)
_FALLEN: Final = r"(?:[0-9.]{1,4}|[一二三四五六七八九]{1,2})"
_ADJUSTED: Final = re.compile(
    rf"{_FALLEN}折(?!叠|后|扣后|[后]价)|折前|未打?折|打折前|打折(?!后|价)|折扣(?!后|价)|(?:dis|less)[^,，]{{0,8}}[0-9]{{1,2}}%|[0-9]{{1,2}}%off"
    r"|[上下]浮|[上下]调|加价|提价|涨价|调价|降价|加点|减价|起涨|涨[0-9]|降[0-9]|涨幅|涨到|浮动[0-9]"
    r"|(?:另|再|需|要|应|还|外|各|均|都|每.)?(?:加收|另加|再加|外加|需加|要加|加上?|减|让利?|优惠|便宜|返|扣)"
    r"[¥]?[0-9.]{1,6}(?:%|个?点|元|块)"
    r"|(?:价|价格)[+＋×xX*＊\-－÷/][0-9]|[+＋×*＊][0-9.]{1,5}(?:%|折)(?!\w)|乘以?[0-9.]|除以[0-9.]|(?:基础|本价|此价|该价)上[加减]"
)
_ASKED_FIRM: Final = re.compile(
    r"(?:价|报价)[^。；;]{0,14}(?:仅供参考|仅作参考|供参考|参考|随行就市|变动|波动|浮动|暂定|预估|估价|不定|不稳|实时|随时调|为准|待定)"
    r"|参考价|随行就市|暂估价?|时价|^(?:以上|以下|本表|此表|表内|内容|数据|信息)?(?:仅供参考|仅作参考|供参考)"
    r"|^(?:具体|最终|一切|均|都|请)?以?(?:实际|当[日天时]|最新|合同|下单|成交|业务|客服|微信|电话|询价|订单|现场)"
    r"[^。；;]{0,8}为准|^时价$|价格?[^。；;]{0,6}(?:电询|咨询|询问|面议|电议|另议)"
)
_UNTAXED: Final = re.compile(
    r"[不未非没无]包?含(?:增值|[0-9]{1,2}(?:%|个?点)的?)?(?:税|票)|未税|不带票|不开(?:发?票|专票|普票|税票)|不[提供]{1,2}发?票|无票|裸价"
    r"|税[点费金率]?[^,，。;；含]{0,6}(?:另[计加算付]|另外|自[理付]|不含)|(?:含税|带票|含票)[^,，。;；]{0,3}[另再]?加[收]?[0-9]|(?:开票|要票|发票|专票|普票)[^,，。;；]{0,6}(?:加|另)[^,，。;；]{0,4}(?:点|%|税|计|收)"
    r"|(?:另|再|需|要)[加收计][^,，。;；]{0,6}税|加(?:收)?[0-9]{1,2}(?:%|个?点)的?税|(?:excl?|without|w/o|no)[^,，]{0,10}(?:tax|vat)"
)
# Freight, samples, custom work and packing cost what they cost; what is off from some sum on leaves the price.
_OTHER_MATTER: Final = re.compile(
    r"定制|订制|定做|logo|贴牌|oem|odm|开模|模具|打样|样品|样衣|版费|包邮|邮费|运费|快递|物流|托运|送货|配送|偏远|新疆|西藏|加急|急单|印刷|印字|刻字|刺绣"
    r"|代工|包装|礼盒|吊牌|洗标|辅料|定金|订金|押金|尾款|付款|首付|预付|违约|退货|退换|赔|手续费|服务费|佣金|零售价?|市场价|建议售?价|指导价|控价|加价比例"
)
_FROM_A_SUM: Final = re.compile(
    r"满[^,，]{0,4}[0-9]|超过?[0-9]|达到?[0-9]|一次性|累计|会员|老客户|老顾客|首单|新客|年底|返利|[0-9][^,，\s]{0,3}(?:以上|起(?![^,，]{0,2}涨))"
    r"|量大|大货|批量|数量[多大]|长期"
)
_DENIED: Final = re.compile(
    r"[不无没免谢勿][绝能可再会予]?(?:打折|议价|折扣|讲价|涨价|加价|降价|调价|上调|还价|浮动)|无折|已[经]?(?:打|含|按|是|为|经|享|上调|下调|涨|加|减|优惠|调|扣)"
    r"|折后|折扣[后价]|(?<!未)打折[后价]|优惠[后价]|降价后|调价后|涨价后|全国统一价"
)
_OF_LOOKS: Final = re.compile(
    r"图|照片|颜色|色差|尺寸|尺码|实物|重量|克重|面料|材质|款式|参数|规格|库存|交期|货期|数量|毛重|体积|效果"
)


REMARKS: Final = re.compile(
    r".*(?:备注|说明|附注|注意|提示|其[他它]|条件|条款|计价).*|注|备|remarks?|notes?|memo|comments?"
)
"""Heads of columns whose words may say what the prices of their row mean."""


class Condition(NamedTuple):
    """The code of a problem of prices, with the words that say it."""

    code: str
    text: str


@lru_cache(maxsize=4_000)
def is_in_foreign_money(text: str) -> bool:
    """Whether a remark says that prices are in another currency than yuan, and not only that it is taken, too."""
    plain = squeeze(text[:LONGEST])
    if _FOREIGN_ALONE.fullmatch(plain):
        return True
    return any(_FOREIGN.search(one) and not _PAID_IN.search(one) for one in re.split(r"[,，。;；]", plain))


def conditions_of(texts: Iterable[str], *, priced_by: frozenset[str] = frozenset()) -> list[Condition]:
    """What remarks say of prices, each once; that they count by what their heads say (`priced_by`) is known."""
    found: dict[Condition, None] = {}
    for text in texts:
        for one, measure in _conditions(text[:LONGEST]):
            if not measure or measure not in priced_by:
                found[one] = None
    return list(found)


@lru_cache(maxsize=4_000)
def _conditions(text: str) -> tuple[tuple[Condition, str], ...]:
    """The conditions of one remark, each with the measure it counts by, if any."""
    found: list[tuple[Condition, str]] = []
    for sentence in _SENTENCES.split(text):
        if any(sign in sentence for sign in _SIGNS):
            found += _of_sentence(sentence)
    return tuple(found)


_SIGNS: Final = tuple("价折税票涨浮参准加减元/每按%×*+＋＊％时PpVvx返扣调论卖单优便让")
"""A sentence without any of these says nothing of prices; most cells of a remark column are such."""


def _of_sentence(sentence: str) -> Iterator[tuple[Condition, str]]:
    whole = squeeze(sentence)
    of_looks = "价" not in whole and _OF_LOOKS.search(whole) is not None
    for clause in _CLAUSES.split(sentence):
        plain = squeeze(clause)
        code, measure = _meant(plain, of_looks=of_looks)
        if code:
            yield Condition(code, " ".join(clause.split())[:_TEXT_CHARS]), measure


def _meant(plain: str, *, of_looks: bool) -> tuple[str, str]:
    """The code of a clause and the measure it counts by; empty for one that leaves prices as they stand."""
    if _UNTAXED.search(plain):
        return ("tax_excluded", "")
    if _OTHER_MATTER.search(plain):
        return ("", "")
    if match := _BY_MEASURE.search(plain):
        return ("prices_by_measure", next((part for part in match.groups() if part), "?").removeprefix("一"))
    if _ADJUSTED.search(plain) and not _DENIED.search(plain) and not _FROM_A_SUM.search(plain):
        return ("prices_adjusted", "")
    if not of_looks and _ASKED_FIRM.search(plain) and not _FROM_A_SUM.search(plain):
        return ("prices_not_firm", "")
    return ("", "")
