"""What column heads mean, as a table of words: the first pattern that fits wins."""

import re
from enum import StrEnum
from typing import Final

from onboarding.listings.sheets.values import squeeze


class Meaning(StrEnum):
    """What a column holds. `TIER`, `SIZE` and `COLOR` of one head (`tier:50`, `size:S`) carry a detail."""

    INDEX = "index"
    CODE = "code"
    TITLE = "title"
    CATEGORY = "category"
    COLOR = "color"
    SIZE = "size"
    TRADE_PRICE = "trade_price"
    TIER = "tier"
    RETAIL_PRICE = "retail_price"
    DROP_SHIP_PRICE = "drop_ship_price"
    STOCK = "stock"
    MOQ = "moq"
    PICTURE = "picture"
    ATTRIBUTE = "attribute"
    TOTAL = "total"
    UNNAMED = "unnamed"


_M = Meaning
_ATTRIBUTES: Final = (
    "成分|面料|里料|材质|材料|规格|重量?|克重|净含量|净重|毛重|体积|装箱|箱规|包装|产地|工艺|交期|货期|备注|说明"
    "|保质期|镜宽|腿长|口径|容量|功率|电压|尺寸|长度|宽度|高度|直径|厚度|等级|度数|执行标准|季节|年份|风格|适用|数量"
)
_WORDS: Final = tuple(
    (meaning, re.compile(pattern))
    for meaning, pattern in (
        (_M.INDEX, r"序号?|行号|#|no\.?|s/?n"),
        (
            _M.ATTRIBUTE,
            r".*(?:条形?码|海关编码|税收?编码|hs ?code|barcode|ean).*|品牌.*|.*(?:公司|厂家?|供应商)名称",
        ),
        (_M.PICTURE, r".*(?:图片?|照片|相片|样图|picture|photo|image).*|pic"),
        (_M.TOTAL, r".*(?:总价|总额|金额|小计|合计|总计|总数|总库存)|amount|total.*"),
        (_M.ATTRIBUTE, r".*(?:运费|邮费|包装费|开版费|版费|加工费|定金|押金).*"),
        (_M.DROP_SHIP_PRICE, r".*代发.*价.*|一件代发|代发"),
        (
            _M.RETAIL_PRICE,
            r".*(?:零售|市场|吊牌|指导|专柜|标牌|划线|门店).*价?|建议(?:售|销售)?价|标价|售价|msrp|rrp|retail.*",
        ),
        (
            _M.CODE,
            r"(?:.*(?:货|款|型|料|品)号.*|.*(?:编号|编码|代码)|.*sku.*|(?:model|style|item|art|article|product)\.?(?:no\.?|number|#|code|id)|code|model|款式编?号?|型号规格|id)",
        ),
        (
            _M.TRADE_PRICE,
            r".*(?:出厂|批发|供货|供应|拿货|工厂|结算|进货|采购|起批|厂|含税|未税|现金|优惠|现)单?价.*|(?:产品|商品)?(?:单价|价格|价钱|报价|价).*|(?:unit|fob|exw)?price.*|fob|exw",
        ),
        (
            _M.MOQ,
            r".*(?:起订|起批|起定|起售|起拿|订货量|订量|拿货量).*|(?:最小|最低|最少)(?:起)?(?:订|批|采购).*|moq.*|min.*order.*",
        ),
        (_M.STOCK, r".*(?:库存|现货|存货|余量|结余|可售|存量).*|现有数量?|stock.*|inventory"),
        (
            _M.TITLE,
            r"(?:品名|(?:中文|英文)?(?:商品|产品|货品|货物|宝贝|物品|款式|品种)?(?:名称|名|标题)).*|商品|产品|货品|品种|title|(?:product|item)?name|productname|description",
        ),
        (_M.COLOR, r".*(?:颜色|花色|色彩|配色|色号|色系).*|色|colou?rs?"),
        (_M.SIZE, r".*(?:尺码|码数|码段|鞋码|号型|身高码).*|sizes?"),
        (_M.CATEGORY, r"(?:商品|产品|货品|所属)?(?:类目|分类|品类|类别|大类|种类)|category"),
        (
            _M.ATTRIBUTE,
            rf"(?:.*(?:{_ATTRIBUTES}).*|单位|unit|remarks?|notes?|material|spec.*|ctn.*|packing)",
        ),
    )
)
_ATTRIBUTE_HEAD_CHARS: Final = 16


def meaning_of(head: str) -> Meaning | None:
    """The meaning of a column head, or None for words this table does not know."""
    plain = bare(head)
    if not plain or len(plain) > _ATTRIBUTE_HEAD_CHARS:
        return None
    return next((meaning for meaning, pattern in _WORDS if pattern.fullmatch(plain)), None)


def bare(head: str) -> str:
    """A head without its bracketed unit, `出厂价（元/斤）` → `出厂价`."""
    return re.sub(r"[(\[【<].*?[)\]】>]|[:：*]+$|/?元$|[/:]元.*$", "", squeeze(head)).strip("*:")


def unit_in(head: str) -> str | None:
    """What a price head counts by, `单价(元/斤)` → `斤`."""
    match = re.search(r"元/([^\W\d_]{1,4})", squeeze(head))
    return match[1] if match else None


def is_foreign(head: str) -> bool:
    """Whether a price head says another currency than yuan."""
    return bool(re.search(r"美元|美金|usd|\$|欧元|eur|€|港币|hkd", squeeze(head)))
