"""What bears a name of its own, 货号 A-102, 成分 100%羊绒, and what is no goods: telephones, promises."""

import re
from typing import Final

from onboarding.listings.sentences.figures import NUMBER
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.words import UNIT

_CONTACTS: Final = re.compile(
    r"https?://\S+|www\.[\w./-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:(?:联系)?(?:电话|手机|微信|微 信|v信|威信|薇信|\+?加微信?|加v|qq|q群|钉钉|旺旺|whats?app|wechat|wx"
    r"|vx|tel|phone)(?:号码?|群)?(?:同号|同步)?)[:：\s]*"
    r"(?:(?:\+?86[-\s]?)?1[3-9][0-9](?:[-\s]?[0-9]{4}){2}|[a-z0-9_][a-z0-9_.-]{4,40})"
    r"|(?:\+|加|(?<![a-z]))v\s?[:：]\s*[a-z0-9_-]{5,30}"
    r"|(?<![0-9])(?:\+?86[-\s]?)?1[3-9][0-9](?:[-\s]?[0-9]{4}){2}(?![0-9])"
    r"|(?<![0-9])0[0-9]{2,3}[-\s]?[0-9]{7,8}(?![0-9])"
    r"|(?<![0-9])400[-\s]?[0-9]{3,4}[-\s]?[0-9]{3,4}(?![0-9])|(?<![0-9])[1-9][0-9]{9,}(?![0-9])",
    re.IGNORECASE,
)
_CONTACT_WORDS: Final = re.compile(
    r"(?:联系人|联系方式|联系电话|咨询电话|订货热线|热线|电话|手机|微信|电微|微电)(?:同号|同步"
    r"|同)?[:：]?(?:[\u4e00-\u9fff]{1,3}(?:总|厂长|经理|老板|先生|女士|小姐))?(?=[\s\n,，。!！]|$)"
    r"|同微信?(?:号)?(?=[\s\n]|$)"
)
_CODE: Final = re.compile(
    r"(?:(?<![全多各])(?:产品|商品|货品|款式)?(?:货号|款号|型号|编号|编码|品号|料号)|art(?:icle)?\.?\s?no\.?"
    r"|item\s?no\.?|style\s?no\.?|model(?:\s?no\.?)?|sku)"
    r"\s*[:：#为是]*\s*(?P<code>[a-z0-9][a-z0-9._-]*[a-z0-9]#?|[a-z0-9]#?)(?![a-z0-9%])(?!\s?[元块])",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"(?<![0-9A-Za-z._-])(?P<code>[A-Za-z]{0,4}-?[0-9]{3,6}#)(?![0-9A-Za-z])")
_NAMES: Final = (
    "材质成分|成分|成份|面料|里料|材质|材料|净重|毛重|克重|净含量|重量|规格|尺寸|长度|宽度|高度|直径|厚度|口径|容量|功率|电压|产地|工艺|保质期|度数|酒精度|"
    "香型|年份|等级|级别|品牌|箱规|装箱数?|装箱|包装|体积|纱支|支数|针数|执行标准|适用|季节|风格|口味|味道|款式|花型|图案|色温|电池容量|续航|承重|填充物|充绒量|含绒量|果径|密度|幅宽|门幅|鞋底|鞋面"
)
_ENDS: Final = (
    r"出厂|批发|零售|代发|供货|拿货|现货|库存|起批|起订|货号|款号|型号|颜色|尺码|码数|建议|吊牌|单价|价格"
    r"|一件|定做|预售|moq|[0-9一二三四五六七八九十]+[件条个只双套][起以]"
)
_VALUE: Final = rf"(?:(?!{_ENDS})[^\s\n,，;；。!！|()（）【】])+"
_ATTRIBUTE: Final = re.compile(
    rf"(?:(?<=[\s\n,，;；。!！、|（(【])|^)(?P<name>{_NAMES})"
    rf"(?:(?:\s*[:：]\s*|是|为|\s+(?![0-9.]+\s?元|[¥￥]))(?P<value>{_VALUE}(?:\s+[0-9.]+%{_VALUE})*)"
    rf"|(?P<figure>[0-9][0-9.]*{_VALUE}(?:\s+[0-9.]+%{_VALUE})*))"
    rf"|(?<!每个)(?<!每种)(?P<glued>材质|成分|成份|面料|净含量|净重|克重|重量|规格|尺寸|产地|口径|容量|功率"
    rf"|口味)(?:[:：]\s*(?P<later>{_VALUE}(?:\s+[0-9.]+%{_VALUE})*)|(?P<amount>[0-9][0-9.]*{_VALUE}))",
    re.IGNORECASE,
)
_CHOSEN: Final = frozenset(
    (
        "规格",
        "口味",
        "味道",
        "款式",
        "花型",
        "图案",
        "香型",
        "容量",
        "净含量",
        "尺寸",
        "长度",
        "口径",
        "功率",
        "色温",
        "度数",
    )
)
_LISTED: Final = re.compile(r"[、/]")
_STUFFS: Final = (
    "(?:头层|纯|新西兰|澳洲|内蒙古?|白|灰|长绒|精梳|新疆|天然|食品级)?(?:山羊绒|绵羊绒|羊绒|羊毛|羊驼毛|牦牛绒|兔毛|貂毛|马海毛|棉花?|纯棉|涤纶?|聚酯纤维|聚酯|氨纶|锦纶|尼龙|腈纶|"
    "桑蚕丝|真丝|蚕丝|蚕丝|亚麻|苎麻|麻|粘胶|粘纤|莫代尔|天丝|竹纤维|牛皮|羊皮|pu|鸭绒|鹅绒|羽绒|乳胶|椰棕|硅胶|银|cotton|wool|cashmere|silk|linen|polyester)"
)
_PERCENT: Final = re.compile(
    rf"(?<![0-9.])[0-9]{{1,3}}(?:\.[0-9]+)?%\s?(?:{_STUFFS})(?=[\s\n,，;；。!！、/+()（）【】]|[0-9]|$)", re.IGNORECASE
)
_DELIVERY: Final = re.compile(
    r"(?:(?P<made>预售|定[做制织](?:周期)?|订[做制]|按单生产|接单生产|下单(?:后)?生产|接单后|预[订定]"
    r"|期货)\s*[:：]?\s*(?P<days>[0-9]{1,3}(?:\s?[-~至到]\s?[0-9]{1,3})?\s?(?:个工作日|工作日|天|日|周"
    r"|小时)(?:左右|内)?)(?:发货|出货|交货)?)"
    r"|(?P<term>(?:交期|货期|发货|出货)\s*[:：]?\s*"
    r"|)(?P<time>[0-9]{1,3}(?:\s?[-~至到]\s?[0-9]{1,3})?\s?(?:个工作日|工作日|天|日"
    r"|小时)(?:左右)?内?)(?P<sent>(?:内)?(?:发货|出货|交货|发出|到货|可发))"
    r"|(?:交期|货期|工期"
    r"|生产周期)\s*[:：]?\s*(?P<due>[0-9]{1,3}(?:\s?[-~至到]\s?[0-9]{1,3})?\s?(?:个工作日|工作日|天|日"
    r"|周)(?:左右)?)"
)
_MADE: Final = re.compile(
    r"(?<!可)(?<!支持)(?<!承接)(?<!接)(?<!接受)(?<!来样)(?<!来图)(?:预售|定做|订做|按单生产|接单生产"
    r"|接单做|下单(?:后)?生产|现做现发|按单定[做制]|全部定[做制]|made to order"
    r"|期货)(?!款?logo)(?=[\s\n,，;；。!！、|()（）【】]|$|[0-9款])",
    re.IGNORECASE,
)
_SERVICE: Final = re.compile(
    r"(?:(?:支持|可以?|承接|接受|接|提供|欢迎)\s?(?:来样|来图|小批量|批量|个性化?|logo)?(?:定[做制]"
    r"|订[做制]|加工|贴牌|代工|oem|odm)(?:logo|加工|生产)?|来[样图](?:来料)?(?:定[做制]|加工)|(?:oem"
    r"|odm)(?:[/、]odm)?(?:贴牌)?)",
    re.IGNORECASE,
)
_CUSTOM: Final = re.compile(
    rf"(?:支持|可以?)?(?:定[做制]?|印|烫|刻|绣|打|加)(?:logo|标|字|图案?|商标|牌子)\s?[:：]?\s?"
    rf"(?P<order>{NUMBER}\s?{UNIT}?\s?起[订定批做印]?)",
    re.IGNORECASE,
)
"""`定logo 500个起` is the smallest order of those that are made with a name, not of the goods."""
_DEALS: Final = re.compile(
    r"满\s?[0-9一二三四五六七八九十百]+(?:元|块|[件条个双套箱盒瓶包袋])?(?:每[件条个双套箱盒瓶包袋])?立?(?:[减送打]|便宜|优惠)[^\s,，;；。!！\n]*"
    r"|买[一二三四五0-9]+[送赠][^\s,，;；。!！\n]{1,4}|[0-9一二三四五六七八九十百]+[件条个双套箱盒瓶包袋打只][送赠][0-9一二三四五六七八九十]+[件条个双套箱盒瓶包袋打]?|第[二2][件份瓶个双条套盒杯箱](?:半价|[0-9]折)|(?:[0-9]+[件条个双套只](?:以上"
    r"|起)?)?(?:[0-9]|(?<=打)[一二三四五六七八九])(?:\.[0-9]|[一二三四五六七八九])?折(?:起|优惠|后)?"
    r"|满\s?[0-9一二三四五六七八九十百千]+[^\s,，;；。!！\n]{0,4}包邮|(?<![元块毛角0-9.一二两三四五六七八九十])[0-9一二两三四五六七八九十]+(?:件|条"
    r"|个|双|套|箱|斤|盒|袋|包|瓶|只|把)(?:起|以上)?(?:全国)?包邮|[0-9]+天(?:无理由|包退换?|质保"
    r"|包换)[^\s,，;；。!！\n]{0,4}|20[0-9]{2}[-/.年][01]?[0-9][-/.月][0-3]?[0-9](?![0-9])日?|(?:20)?[12][0-9]年?(?=春|夏|秋|冬|新款|款)"
)

_CHEAPER: Final = re.compile("[减送赠折]|半价|便宜|优惠")
"""What changes how much is paid, and is no price."""


def read_labels(sentence: Sentence) -> tuple[str | None, dict[str, list[str]], bool]:
    """The goods' code, the options that labelled lists name, and whether they are made to order."""
    for match in sentence.take_all(_CONTACTS):
        sentence.tell("contact_left_out", match[0])
    for _match in sentence.take_all(_CONTACT_WORDS):
        pass
    code = _code(sentence)
    for match in sentence.take_all(_DEALS):
        if not re.fullmatch(r"(?:20)?[12][0-9]年?", match[0]):
            sentence.keep("说明", match[0].strip())
        if _CHEAPER.search(match[0]):
            sentence.tell("deal_noted", match[0])
    for match in sentence.take_all(_CUSTOM):
        sentence.keep("定制起订量", match["order"])
    made = _made(sentence)
    axes = _attributes(sentence)
    for match in sentence.take_all(_PERCENT):
        sentence.keep("成分", match[0].strip())
    return code, axes, made


def _code(sentence: Sentence) -> str | None:
    codes = [match["code"] for pattern in (_CODE, _NUMBERED) for match in sentence.take_all(pattern)]
    if len(set(codes)) > 1:
        sentence.tell("code_unclear", " ".join(codes))
        return None
    return codes[0] if codes else None


def _made(sentence: Sentence) -> bool:
    for match in sentence.take_all(_SERVICE):
        sentence.keep("说明", match[0].strip())
    made = False
    for match in sentence.take_all(_DELIVERY):
        made = made or match["made"] is not None
        sentence.keep("交期", (match["days"] or match["time"] or match["due"]).strip())
    return bool(list(sentence.take_all(_MADE))) or made


def _attributes(sentence: Sentence) -> dict[str, list[str]]:
    axes: dict[str, list[str]] = {}
    for match in list(_ATTRIBUTE.finditer(sentence.text)):
        if match.start() == 0 and not re.search("[:：]", match[0]):
            continue  # 面料 18元/米: what begins a sentence is what is sold
        name = match["name"] or match["glued"]
        value = next(match[group] for group in ("value", "figure", "later", "amount") if match[group])
        parts = [part for part in _LISTED.split(value) if part]
        if name in _CHOSEN and len(parts) > 1 and len(set(parts)) == len(parts) and "/箱" not in value:
            axes[name] = parts
        elif name in _CHOSEN and _several(sentence.text, match):
            continue  # 规格 2寸 3寸 4寸: a list that is read as one
        else:
            sentence.keep(name, value)
        sentence.take(*match.span())
    return axes


def _several(text: str, match: re.Match[str]) -> bool:
    one = re.search(r"[0-9.]+([^\W\d_]{1,3})$", match[0])
    return bool(one and re.match(rf"[\s,，]+[0-9.]+{one[1]}(?![^\s,，;；。\n])", text[match.end() :], re.IGNORECASE))
