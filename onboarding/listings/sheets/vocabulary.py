"""What column heads mean, as a table of words: the first pattern that fits wins."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from onboarding.listings.sheets.values import squeeze


class Meaning(StrEnum):
    """What a column holds. `TIER`, `SIZE` and `COLOR` of one head (`tier:50`, `size:S`) carry a detail.

    `LADDER` is a whole ladder in one cell, `OPTION` one way in which variants differ, both as our own files write
    them. `PACKS` is a price from so many cartons or dozens on, of nobody knows how many pieces; `DISCOUNT` makes a
    price doubtful; `INTERNAL` is the factory's own business and goes nowhere, `IGNORED` what its owner wants unread.
    """

    INDEX = "index"
    CODE = "code"
    TITLE = "title"
    CATEGORY = "category"
    COLOR = "color"
    SIZE = "size"
    OPTION = "option"
    TRADE_PRICE = "trade_price"
    TIER = "tier"
    LADDER = "ladder"
    RETAIL_PRICE = "retail_price"
    DROP_SHIP_PRICE = "drop_ship_price"
    STOCK = "stock"
    MOQ = "moq"
    PICTURE = "picture"
    ATTRIBUTE = "attribute"
    TOTAL = "total"
    DISCOUNT = "discount"
    PACKS = "packs"
    INTERNAL = "internal"
    HIDDEN = "hidden"
    IGNORED = "ignored"
    UNNAMED = "unnamed"


_M = Meaning
_ATTRIBUTES: Final = (
    "成分|面料|里料|材质|材料|规格|重量?|克重|净含量|净重|毛重|体积|装箱|箱规|包装|产地|工艺|交期|货期|备注|说明"
    "|保质期|镜宽|腿长|口径|容量|功率|电压|尺寸|长度|宽度|高度|直径|厚度|等级|度数|执行标准|季节|年份|风格|适用|数量"
)
_WORDS: Final = tuple(
    (meaning, re.compile(pattern))
    for meaning, pattern in (
        (_M.INDEX, r"序号?|行号|#|no\.?|s/?n|row"),
        (
            _M.ATTRIBUTE,
            (
                r".*(?:条形?码|海关编码|税收?编码|hs ?code|barcode|ean).*|品牌.*|.*(?:公司|厂家?|供应商)名称"
                r"|.*(?:备案|批准|许可|注册|检[验测]|报告|证书|专利|合同).*(?:[编文证]?号|编码)"
            ),
        ),
        (
            _M.INTERNAL,
            (
                r".*(?:成本|利润|毛利|底价|佣金|提成|返点|负责人|联系人|业务员|电话|手机号).*|供应商|进价|进货价|采购价"
                r"|.*状态|(?:是否)?(?:上下?架|在售|停产).*|.*(?:在途|安全|预警|最低|最高|锁定|占用|冻结)库存.*|status|cost.*"
                r"|原因|reason"
            ),
        ),
        (_M.DISCOUNT, r".*折扣率?|几?折|折率|扣率|优惠(?:率|幅度|力度)|discount(?:rate)?|off"),
        (_M.PICTURE, r".*(?:图片?|照片|相片|样图|picture|photo|image).*|pic"),
        (_M.TOTAL, r".*(?:总价|总额|金额|小计|合计|总计|总数|总库存)|amount|total.*"),
        (_M.ATTRIBUTE, r".*(?:运费|邮费|包装费|开版费|版费|加工费|定金|押金).*"),
        (_M.DROP_SHIP_PRICE, r".*代发.*价.*|一件代发|代发"),
        (
            _M.RETAIL_PRICE,
            r".*(?:零售|市场|吊牌|指导|专柜|标牌|划线|门店).*价?|销售单?价|建议(?:售|销售)?价|标价|售价|msrp|rrp|retail.*",
        ),
        (
            _M.CODE,
            r"(?:.*(?:货|款|型|料|品)号.*|.*(?:编号|编码|代码)|s[kp]u(?:id|no\.?|code|号|码)?|(?:model|style|item|art|article|product)\.?(?:no\.?|number|#|code|id)|code|model|款式编?号?|鞋?款|型号规格|id)",
        ),
        (
            _M.TRADE_PRICE,
            r".*(?:出厂|批发|批|到货|档口|结算|供货|供应|拿货|工厂|结算|起批|厂|含税|未税|现金|优惠|现|折后|折扣|活动|特|促销|到手|成交|实|净|大货|代理|团购|一手|分销|经销|加盟|新)单?价.*|(?:产品|商品)?(?:单价|价格|价钱|报价|价)(?!.*(?:日期|备注|说明|类型|方式|单位|有效|条款|时间)).*|(?:unit|fob|exw|net|wholesale)?price.*|fob|exw",
        ),
        (
            _M.MOQ,
            r".*(?:起订|起批|起定|起售|起拿|订货量|订量|拿货量).*|(?:最小|最低|最少)(?:起)?(?:订|批|采购).*|moq.*|min.*order.*",
        ),
        (_M.STOCK, r".*(?:库存|现货|存货|余量|结余|可售|存量).*|现有数量?|stock.*|inventory"),
        (
            _M.TITLE,
            r"(?:品名|[袜鞋茶酒灯伞包衣布瓷碗杯壶书药菜果食花鱼肉面糖饼车机表帽裤裙被毯纱线板画琴刀锅床椅柜桌笔镜饰具器]名|(?:中文|英文)?(?:商品|产品|货品|货物|宝贝|物品|款式|品种|物料|材料)?(?:名称|名|标题)).*|款名|货名|菜名|型号名称|名称.*|商品|产品|货品|品种|title|(?:product|item|style|goods|article)?name|(?:product|item)?description",
        ),
        (_M.COLOR, r"色码|.*(?:颜色|花色|色彩|配色|色号|色系).*|色|colou?rs?"),
        (_M.SIZE, r".*(?:尺码|码数|码段|鞋码|号型|身高码).*|sizes?"),
        (_M.CATEGORY, r"(?:商品|产品|货品|所属)?(?:类目|分类|品类|类别|大类|种类)|category"),
        (
            _M.ATTRIBUTE,
            rf"(?:.*(?:{_ATTRIBUTES}).*|单位|unit|remarks?|notes?|material|spec.*|ctn.*|packing)",
        ),
    )
)
_ATTRIBUTE_HEAD_CHARS: Final = 16
_HEAD_CHARS: Final = 200
_WEIGHED: Final = r"市?斤|公斤|千克|kg|克|米|吨|打|箱|手|dozen|doz"


@lru_cache(maxsize=20_000)
def meaning_of(head: str) -> Meaning | None:
    """The meaning of a column head, or None for words this table does not know."""
    plain = bare(head)
    if not plain or len(plain) > _ATTRIBUTE_HEAD_CHARS:
        return None
    return next((meaning for meaning, pattern in _WORDS if pattern.fullmatch(plain)), None)


@lru_cache(maxsize=20_000)
def bare(head: str) -> str:
    """A head without its bracketed unit, `出厂价（元/斤）` → `出厂价`."""
    return re.sub(r"[(\[【<].*?[)\]】>]|[:：*]+$|/?元$|[/:]元.*$", "", squeeze(head[:_HEAD_CHARS])).strip("*:")


@lru_cache(maxsize=2_000)
def unit_in(head: str) -> str | None:
    """What a price head counts by: `单价(元/斤)`, `单价/斤`, `每斤价格`, `价格（公斤）` → `斤`, `公斤`.

    一手价 is the first hand's, not that of a 手.
    """
    plain = squeeze(head)
    match = (
        re.search(r"(?:元|价|价格|¥|rmb|cny)/([^\W\d_]{1,4})", plain)
        or re.search(r"(?:每|一(?![手批级口]))([^\W\d_]{1,2}?)(?:单?价|[)）]|$)", plain)
        or re.search(rf"[(（\[【]({_WEIGHED})[)）\]】]", plain)
    )
    return match[1] if match and match[1] not in {"元", "rmb", "cny", "usd"} else None


@lru_cache(maxsize=2_000)
def weighed_in(group: str) -> str | None:
    """What a head over several price columns counts by, unless it is pieces."""
    unit = unit_in(group)
    return unit if unit and re.fullmatch(_WEIGHED, unit) else None


@lru_cache(maxsize=2_000)
def scale_in(head: str) -> str | None:
    """The unit of money in a price head that is not yuan, `单价(万元)` → `万元`."""
    match = re.search(r"[(（\[【/](万元?|千元|百元|角|分)[)）\]】/]?", squeeze(head))
    return match[1] if match else None


@lru_cache(maxsize=2_000)
def packs_in(head: str) -> str | None:
    """What a head counts by that holds an unsaid number of pieces, `起订量(箱)` → `箱`."""
    match = re.search(r"[(（\[【/](箱|打|手|扎|捆|板|托|吨|ctns?|cartons?|dozen|doz)[)）\]】]?$", squeeze(head))
    return match[1] if match else None


@lru_cache(maxsize=2_000)
def is_foreign(head: str) -> bool:
    """Whether a price head says another currency than yuan."""
    return bool(re.search(r"美元|美金|美刀|usd|\$|欧元|eur|€|英镑|gbp|£|港[币元]|hkd|日元|jpy", squeeze(head)))
