"""What the goods are called: the words before the figures, without greetings and promises."""

import re
from typing import Final

from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token
from onboarding.listings.sheets.categories import goods_named, guess_category

_NOISE: Final = re.compile(
    r"(?:厂家|工厂|源头)?(?:直销|直供|直批|直发)|源头(?:工厂|厂家|好货)|一手货源|(?:新款|新品|爆款|热销"
    r"|热卖)?(?:上市|上新|来袭|推荐|特惠|促销|热卖|热销)|新款|新品|爆款|热卖|热销"
    r"|(?:欢迎|诚邀|敬请)(?:各位|新老|广大)?(?:老板|客户|朋友|亲)?(?:咨询|来电|订购|选购|洽谈|下单|合作"
    r"|采购|光临|代理|加盟|拿货)*|诚信(?:经营|合作|为本)|质量?(?:保证|有保障|第一|上乘|好)|品质(?:保证"
    r"|保障)"
    r"|量大(?:从优|优惠|可谈|价优|更优|另议)?(?:惠)?|价格?(?:优惠|实惠|美丽|面议|可谈|可议|从优|电议|好"
    r"|低)+|物美价廉|性价比(?:超)?高|支持[^\s]{1,10}|可(?:混批|零售|批发|代发|定制|印|来图|开票"
    r"|开增票)[^\s]{0,6}|(?:一件)?代发|一件代发"
    r"|(?:需要|有意|想要|喜欢|感兴趣)(?:的)?(?:老板|朋友|亲|客户)?(?:请)?(?:联系|私聊|私信|加微|滴滴|扣1"
    r"|抓紧)?我?|(?:老板|亲们?|各位|大家|朋友)(?:们|好)?(?:看过来|您好|你好|好)?|您好|你好|在线等"
    r"|长期(?:有效|供应|合作|有货)?|先到先得|数量有限|欲购从速|清仓(?:处理)?|亏本(?:甩卖|处理)?|甩卖"
    r"|特价(?:处理)?|包邮|(?:全国)?包邮|含税(?:运)?|不含税|含运费?|未税|开票|可开票|专票"
    r"|有?现货(?:充足|很多|齐全|供应|秒发|速发|当天发|直发)?|充足|有货|库存充足|大量|大量现货|有|现有"
    r"|(?:出厂|批发|拿货|供货)?(?:单?价格?|价)?(?:面议|电议|可谈|私聊|详谈|另议|电询)|秒发|当天发货?"
    r"|随时发货?|顺丰(?:包邮|发货)?|厂价|批发|零售|出厂|供应|谢谢|感谢|抱团|私聊|私信|咨询|联系我|可选"
    r"|任选|随机|混批|混色|混码|起批|起订|左右|各|每|共|和|与|的|或|价格?|单价|现|款|元|块|起|约|大概|库存"
    r"|存货|颜色|尺码|码数|规格|码|色|个|件|条|只|双"
)
_LEADS: Final = re.compile(
    r"^(?:的|(?:厂家|工厂|源头工厂|源头厂家|源头)(?:直销|直供|直批|直发)?|我(?:们)?(?:家|厂)(?:的|生产的?"
    r"|有)?|本厂(?:生产|专业生产|供应)?|自家|专业(?:生产|批发)|大量(?:供应|批发|现货)|供应|出售|批发|主营"
    r"|主推|今日(?:推荐|特价|主推)|本周(?:推荐|主推)|新款上市|新品上市|老板(?:们)?(?:好)?|亲(?:们)?"
    r"|现货供应|现货|品名|名称|产品(?:名称)?|商品(?:名称)?|货品)[:：\s]*(?=[^\s])"
)
_TRAILS: Final = re.compile(r"(?<=[^\s]{2})(?:(?:厂家|工厂)?(?:批发|直销|直供|直批|厂价)|出厂)$")
_ON_TOP: Final = ("送", "赠", "配", "带", "含", "可", "也", "适", "搭", "同", "附")


def read_title(sentence: Sentence, parts: list[Token]) -> str:
    """The title; other words are kept as 说明, so that nothing of what she wrote is lost."""
    chunks = [chunk for run in _chunks(parts) for chunk in run]
    useful = [chunk for chunk in chunks if chunk]
    first = _first(useful)
    for chunk in useful:
        if chunk is not first:
            sentence.keep("说明", chunk)
    return first or ""


def several_goods(parts: list[Token]) -> str:
    """The names of goods on both sides of an amount, 围巾 118元 帽子 58元; empty when there is but one.

    What is given on top, 送茶杯, is none of them.
    """
    runs = (next((word for chunk in run if (word := _goods_in(chunk))), None) for run in _chunks(parts))
    found = [word for word in runs if word]
    alike = all(one in found[0] or found[0] in one for one in found)
    return "" if alike else "、".join(found)


def _goods_in(chunk: str) -> str | None:
    return None if chunk.startswith(_ON_TOP) else goods_named(chunk)


def _first(chunks: list[str]) -> str | None:
    """The first words that name goods of a category, else the first of all that are words."""
    named = next((chunk for chunk in chunks if guess_category(chunk)), None)
    return named or next((chunk for chunk in chunks if re.search(r"[^\W\d_]", chunk)), None)


def _chunks(parts: list[Token]) -> list[list[str]]:
    """The words between amounts, in pieces between stops, bare of noise."""
    runs: list[list[str]] = [[]]
    text = ""
    for part in [*parts, Token("used", "", 0, 0)]:
        if part.kind in {"used", "stop"}:
            runs[-1].append(_bare(text))
            text = ""
            if part.kind == "used":
                runs.append([])
        else:
            text += part.text
    return runs


def _bare(text: str) -> str:
    """The words of a piece that say something of the goods."""
    words = text.split()
    kept = [word for word in words if not _NOISE.fullmatch(word) and re.search(r"\w", word)]
    joined = " ".join(kept).strip(" -—–:：=+&*#@'’‘“”\"^`~?？。.")
    while (match := _LEADS.match(joined)) and match.end() < len(joined):
        joined = joined[match.end() :]
    joined = _TRAILS.sub("", joined)
    return "" if _NOISE.fullmatch(joined) else joined
