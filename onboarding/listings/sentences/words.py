"""The words of offers as patterns: what pieces are counted by, what prices, stock and minimums are called."""

from typing import Final

from onboarding.listings.sentences.figures import ARABIC, NUMBER

UNIT: Final = (
    r"(?:平方米|平方|公斤|千克|公分|件(?!套|装|式|组)|个(?!月|性|人|颜?色|尺?码|款|规格|口味|花|图|小时"
    r"|工作|天)|条(?!纹|绒)|"
    r"只(?!需|要|有|是|做|卖)|双(?!面|层|色|肩|人|排|头|开)|套(?!装|头)|副|付(?!款)|把(?!手)|支(?!装|持|付)|枝|根|"
    r"台(?!灯|面)|顶(?!级|配|部)|张(?!装)|片(?!装)|枚|颗|粒|瓶(?!装|盖)|罐(?!装)|盒(?!装)|袋(?!装)|包(?!邮"
    r"|装|退|换|边|头|税)|"
    r"箱(?!包|规|装)|打(?!火|印|样|磨|底|包)|斤(?!装)|克(?!重|拉)|吨|米(?!白|色|黄|粉|线|灰|驼|杏|奇)|尺(?!码|寸)|"
    r"卷(?!装|尺)|捆|扎|手(?!工|感|机|提|套|续|包)|桶(?!装)|壶|提(?!供)|盏|盘(?!子)|筐|株|盆|朵|匹"
    r"|床(?!单|品|垫|笠)|"
    r"辆|束|球(?![衣鞋拍形类迷泡网场裤帽包星])|部(?!分)|架|本(?!店|厂|公|色)|册|对|幅|组(?!合)|串|挂|听|托|樽|坛(?!装)|饼(?!干)|份|令|刀(?!具"
    r"|剪)|口(?!罩|味|红|径|碑|杯|袋|香|水)|"
    r"(?:pcs?|pairs?|sets?|pieces?|kgs?|units?|cartons?|ctns?|g|boxes|bags)(?![a-z0-9]))"
)
PACKS: Final = frozenset(("箱", "打", "手", "扎", "捆", "吨", "托", "提", "令", "carton", "cartons", "ctn", "ctns"))
"""Units that hold several of what is sold; how many, only the owner knows."""
OUTER: Final = r"(?:整?箱|托盘?|件|手|打|中?包|袋|盒|捆|提|扎|中盒|桶|罐|瓶|盘|板|排|筐|篓|版|carton|ctn)"
MEASURES: Final = frozenset(("斤", "公斤", "千克", "克", "g", "kg", "kgs", "米", "尺", "公分", "平方米", "平方"))
_TO: Final = r"[-~～至到—–]+"
_LATIN_MEASURES: Final = r"kg装|mah|ah|kw|kg|khz|hz|ml|cm|mm|nm|dpi|℃|°|[wvlmgdphktsx](?![a-z])"
_LENGTHS: Final = "厘米|毫米|英寸|寸|米|尺"
_WEIGHTS_AND_VOLUMES: Final = "斤装|公斤装|千克装|克重|公斤|千克|斤|克|毫升|升"
_POWERS: Final = "毫安时?|瓦|伏|度|档|倍|轮|速|斗"
_TIMES: Final = "年|天|日|月|小时|分钟|秒|周|岁"
_MAKES: Final = "丹|层|抽|泡|键|孔|格|针|目|股|支纱|头(?!层)|折|号|码|色|款|节|寸屏|座"
_HELD: Final = "件套|件式|[件支片只个瓶袋盒双条粒张块卷枚颗节包副顶桶罐把根]装|包装"
MEASURE: Final = (
    rf"[0-9]+\.[0-9]+\s?[宽高厚长粗]|(?:{ARABIC}|[一二三四五六七八九十]+(?=层|公?斤装))"
    rf"(?:\s?(?:{_LATIN_MEASURES})|%|\s(?:毫?升|厘米|毫米)|{_WEIGHTS_AND_VOLUMES}|{_LENGTHS}|{_POWERS}|{_HELD}|{_TIMES}|{_MAKES})"
)
YUAN: Final = r"(?:元(?!素|宝|旦)|块钱|块(?!装|砖|板|布|状)|圆(?!形|领|珠|头|点|筒)|rmb|cny|人民币|yuan)"
SIGN: Final = r"(?:[¥￥]|rmb\s?|cny\s?|人民币)"
_JIAO: Final = r"[0-9一二两三四五六七八九]"
NO_HEIGHT: Final = rf"(?!(?<=米)[一二三四五六七八九半](?!{UNIT}))"
"""`380 一米二` is no price of a metre."""
PER: Final = (
    rf"(?:\s?[/每]\s?(?P<portion>[0-9]+\s?(?:kg|g|ml|l|克|斤|公斤|千克|米|升|毫升))|\s?(?:/|每"
    rf"|per\s?)\s?[一1]?(?P<unit>{UNIT})(?![0-9])"
    rf"|\s?[一1](?P<one>{UNIT}){NO_HEIGHT}(?!\s?(?:起(?![批订]\s?量?[:：]?\s?[0-9])|也|以上|都)|代发|可|包邮|[0-9]))"
)
_NOUNS: Final = (
    "格子|格纹|层架|节能|节日|孔雀|色丁|色织|天丝|天鹅绒|月饼|日式|日用|年货|年糕|卡通|贴纸|贴身|板鞋|板材|板栗|平底|平纹|抽绳|"
    "泡沫|泡棉|针织|键盘|度假|条绒|提花|包臀|盘扣|串珠|卷边|束口|手提|手工|把手"
)
COUNTER: Final = (
    rf"(?!{_NOUNS})(?:[大中小]?{UNIT}|[^\W\d_]装|[件板卡贴平抽泡层股块孔节寸度号码色针目键格天日月年岁]"
    r"|款(?![式号])|头(?!层))"
)
"""What behind figures says that they count: 25元50片装 is no 25.50."""
_NO_JIAO: Final = (
    r"(?:(?<=[元圆][0-9])|(?<=[元圆][0-9][0-9])|(?<=[元圆][一二两三四五六七八九])|(?<=块一))"
    rf"(?!一{UNIT}|[每钱整起拿批零代出不未现库存包邮含左上以往多来毛角分])[^\W\d_]"
)
"""15块8羊毛袜 are 15.80, but 15元8羊毛袜 may be anything, and 15元一板 is no 15.10."""
_FIGURES_ON: Final = r"(?<=[0-9])[一二两三四五六七八九十](?![^\W\d_])"
"""15块8一条 are 15.80, 15块8五 is nothing that anybody can tell."""
MONEY: Final = (
    rf"(?:(?:{SIGN}\s?)?(?P<yuan>{NUMBER})\s?(?P<word>{YUAN})"
    rf"(?:(?P<jiao>[0-9]{{1,2}}|[一二两三四五六七八九半])(?P<mao>毛"
    rf"|角)?(?P<fen>(?<=[毛角]){_JIAO})?分?(?![0-9.万千百]|\s?{YUAN}|\s?{COUNTER}|{_NO_JIAO}|{_FIGURES_ON}))?"
    rf"|{SIGN}\s?(?P<only>{ARABIC}(?:\s?万)?)|(?P<dimes>{ARABIC}"
    rf"|(?<![内外])(?![三五六八]角(?:\s|$))[一二两三四五六七八九])\s?(?:毛|角(?![^\W\d_每一分钱起]))(?P<cents>{_JIAO}(?!{UNIT}))?分?"
    rf"|(?P<pennies>[0-9]|[一二三四五六七八九](?!分(?:[裤袖]|\s)))分)(?:钱|整)?{PER}?"
)
_BOUND: Final = rf"(?:{SIGN}\s?)?(?:{ARABIC})\s?{YUAN}?"
RANGE: Final = (
    rf"(?:{SIGN}\s?{ARABIC}\s?{_TO}\s?{_BOUND}"
    rf"|{_BOUND}\s?{_TO}\s?{SIGN}?\s?{ARABIC}\s?(?:{YUAN}|{SIGN}))(?:\s?/\s?{UNIT})?"
)
FOREIGN: Final = (
    rf"(?:us\$|[$€£]|usd|eur|hkd|美元|美金)\s?{ARABIC}|{ARABIC}\s?(?:美元|美金|美刀|欧元?|英镑|港币|港元"
    rf"|日元|usd|us\$|eur|hkd|刀|[$€£])"
)
ABOUT: Final = r"(?:大约|大概|大致|估计|预计|约|近|差不多|上下|≈)"
MORE: Final = (
    r"(?:左右|上下|[及或]?以上|\+(?=[\s,，;；。]|$)|往上|开外|封顶|打底|不等|俩|仨|多(?!买|拿|送|订|色|款|种|功)|出头|以内|以下|不到|来块|零[0-9一二三四五六七八九][毛角分]|几|起步|(?!(?<=\s)起[0-9]+(?![0-9.元块]))起(?!批|订|定|拿|售"
    r"|发|做|卖|购|送|拍|混))"
)
FROM: Final = r"(?>(?:及|或)?以上|起[批订定拿售发步做卖购送拍混]?(?:价|量)?|\+(?!\s?[0-9])|往上)"
_TO_MOQ: Final = r"\s*[:：=为是]*\s*(?:混批|每[款色件个]|单[款色])?\s*(?:≥|>=|>|约)?\s*"
_DIGIT: Final = "[一二两三四五六七八九十百千万]"
_NOT_MONEY: Final = rf"(?!\s?{YUAN}|\s?/\s?{UNIT}|(?<=[0-9.])[0-9]|(?<={_DIGIT}){_DIGIT}|[.万千百]|\s?[毛角折%])"
_NAMED_MINIMUM: Final = (
    r"(?:(?:(?:最[低小少]?)?(?:起[订定批拿售购]数?量|起[订定批拿售购])|最[低小少]订?(?:货|购)?量|订货量|混批"
    rf"|moq|min(?:imum)?\.?\s?order(?:\s?quantity)?|起做量|(?<=[\s,，])起(?=[0-9])){_TO_MOQ})"
)
_AN_ORDER_FOLLOWS: Final = rf"(?:\s+{_NAMED_MINIMUM}{NUMBER}(?:\s?{UNIT})?+{_NOT_MONEY})"
_AN_ORDER_GLUED: Final = rf"(?:起[批订]量?[:：]?{NUMBER}\s?{UNIT}{_NOT_MONEY})"
"""In `24元12双 起批10` the order is of ten, and the twelve are none."""
LEAST: Final = (
    rf"(?:(?P<bound>≥|>=|>|＞|拿?满|够|拿|超过?|购|(?<!以)上(?=[百千万]))\s?(?P<least>{NUMBER})\s?(?P<least_unit>{UNIT})?(?:\s?{FROM})?"
    rf"|(?P<low>{ARABIC})\s?(?:{UNIT})?\s?{_TO}\s?(?:{ARABIC})\s?(?P<low_unit>{UNIT})"
    rf"|(?P<bare_low>[0-9]+){_TO}[0-9]+(?=\s+[¥￥0-9]|[:：])"
    rf"|(?P<from>{NUMBER})\s?(?P<from_unit>{UNIT})(?!{_AN_ORDER_FOLLOWS})\s?(?P<qualifier>{FROM}|\+)"
    rf"|(?P<plain>{ARABIC})(?P<mark>{FROM})(?!\s*[:：]?\s*[0-9]+{UNIT}|[数量])"
    rf"|(?P<below>{NUMBER})\s?(?P<below_unit>{UNIT})\s?(?:以下|以内|内(?=[\s:：0-9]))"
    rf"|(?P<single>单[件个只条双套台把支瓶盒袋包罐斤箱]|散[件拿卖]|零拿)(?!价|位|独|价|装|色|人|层|肩|面))"
)
_SIDE: Final = rf"{ARABIC}(?:\s?(?:cm|mm|m|{_LENGTHS}))?"
SPAN: Final = (
    rf"1:[1-9][0-9]{{0,2}}(?![0-9.])|{_SIDE}(?:\s?[*x×]\s?{_SIDE})+|{ARABIC}(?:\+{ARABIC})+(?![0-9件条双])"
    rf"|{ARABIC}{_TO}{ARABIC}(?=\s?(?:cm|mm|ml|w(?![a-z])|{_TIMES}|厘米|寸|升|码|度|号|人|支|针))"
)
"""Figures that belong together and are no price: `180*30cm`, `16+12支`, `60-70cm`."""
COUNT: Final = rf"(?P<count>{NUMBER})\s?(?P<count_unit>{UNIT})(?!装)"
MINIMUM: Final = (
    rf"{_NAMED_MINIMUM}(?P<moq>{NUMBER})(?:\s?(?P<moq_unit>{UNIT}))?+{_NOT_MONEY}(?!\s?[-~～至到]\s?[0-9])(?:\s?起[批订]?)?"
    rf"|(?:最少|最低|至少)(?:拿|买|订|定|要|购|起订"
    rf"|起批)?\s?(?P<fewest>{NUMBER})\s?(?P<fewest_unit>{UNIT}){_NOT_MONEY}(?:\s?起[批订]?)?"
    rf"|(?P<mixed>{NUMBER})\s?(?P<mixed_unit>{UNIT})(?!{_AN_ORDER_FOLLOWS})\s?(?:(?:可|起)?混批|混(?=[\s,，;；。！!]|$)|就批|就发|也批)"
    r"|整(?P<whole_unit>[箱件手包打捆])起[批订发卖售]"
    r"|(?P<any>(?:(?:一|1|单)[件个条只双套把瓶盒台支张副付顶本块]|无起订量?|不限起?订?量|起[批订]量?不限"
    r"|不限起批)(?:起[批订卖发售拿]|也[可能]?[批发卖拿]|就批|可[批发拿]|(?<=量)|(?<=不限)|(?<=起批)"
    r"|(?<=起订)))"
)
_STOCK_WORD: Final = (
    r"(?:现货库存|现有库存|总库存|库存量|库存数量|库存|现货剩|现货|存货|现有|还有|还剩|仅剩|只剩|剩余|剩|一共|总共|合计"
    r"|共有|共|in stock|stock|inventory"
    rf"|(?<=[\s,，;；])有(?=(?:[0-9]{{3,}}|[0-9]+[百千万])\s?{UNIT}(?:[\s,，;；。!！]|$|现货|库存)))"
)
_NO_MEASURE: Final = (
    rf"(?!(?<=[0-9])[0-9.]{{0,6}}\s?(?:{_LATIN_MEASURES}|克|厘米|毫米|英寸|寸|{_POWERS}|{_TIMES}|[针股层抽孔泡折号]))"
)
STOCK: Final = (
    rf"(?P<ahead>{ABOUT})?{_STOCK_WORD}(?:现货|数量)?\s*[:：为是有]*\s*(?P<about>{ABOUT}|>|超"
    rf"|超过)?\s*(?P<stock>{NUMBER}){_NO_MEASURE}\s?(?P<more>\+|多|余|来)?"
    rf"(?:\s?(?P<stock_unit>{UNIT}))?+(?P<after>左右|以上|上下)?{_NOT_MONEY}(?!(?!{_AN_ORDER_FOLLOWS}|{_AN_ORDER_GLUED})\s?(?:[-~～至到*×]\s?[0-9]|起))(?!"
    rf"[件个片支]?[套装]|[色码寸])"
    rf"|(?P<here>{NUMBER})(?P<here_unit>{UNIT})(?P<here_after>左右|以上)?(?:现货|库存|存货)(?=[\s,，;；。!！、|]|$)"
    rf"|(?P<there>{NUMBER}){_NO_MEASURE}(?P<there_more>\+|多"
    rf"|余)?(?:\s?(?P<there_unit>{UNIT})\s?)?(?P<there_after>左右|以上)?(?:现货|库存|存货"
    rf"|\s?in stock)(?!\s?[:：]?\s?(?:{ABOUT})?[0-9])"
)
EACH: Final = (
    rf"(?P<dimension>每个?颜?色每个?尺?码|每个?尺?码每个?颜?色|每个?颜?色|每个?尺?码|每个?规格|每个?款式?"
    rf"|各色|各码|各)(?:现货|库存)?(?:各|都|均)?(?:有|是|现货|库存"
    rf"|约)*\s?[:：]?\s?(?P<each>{NUMBER})(?:\s?(?P<each_unit>{UNIT}))?+{_NOT_MONEY}(?!\s?起(?![批订]\s?[0-9])|[色码])"
)
PACK: Final = (
    rf"(?P<outer>(?<![0-9])[一1每整](?:{OUTER}))(?:有|装|=|是|共|\s)*(?P<inner>{ARABIC}"
    rf"|[二三四五六七八九十]+)\s?{UNIT}(?!起|以上|\s?[/毛角])"
    rf"|(?P<inside>{ARABIC}|[二三四五六七八九十百]+)\s?{UNIT}(?:\s?(?:/|每|装1)\s?|[一1])(?P<into>{OUTER})(?!套|起)"
    rf"|(?P<held>{ARABIC}|[二三四五六七八九十百]+)\s?{UNIT}(?:\s[一每](?P<within>{OUTER})(?!套|起|\s?[0-9])"
    rf"|(?P<beside>{OUTER})(?=[\s,，;；。]|$))"
)
STOPS: Final = r"[,，;；。.!！|、/\n()（）【】\[\]{}<>《》“”\"…·•●◆★☆▶►~～_]"
