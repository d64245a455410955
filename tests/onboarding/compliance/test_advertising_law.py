"""What may be said of goods: the named examples, every exemption, disguises, and texts that nobody would write."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.advertising_law import SENTENCES, figures, judgements
from kernel.wording import catalogue
from onboarding.compliance.lint import lint, matching
from onboarding.compliance.lint.book import FOLDER, Entry, disguises, entries, spelt
from onboarding.compliance.lint.reasons import REASONS

PLAIN = (
    "最近到货",
    "最小起订量100件",
    "第一次购买请看尺码表",
    "最后一天",
    "最大承重50kg",
    "最长可做2米",
    "第一步先清洗",
    "最晚发货时间为周五",
    "一物一码，唯一编码",
    "一级能效",
    "绝对值",
    "顶级域名",
    "新款爆款热卖",
    "最佳食用时间三天",
    "三折伞黑胶晴雨两用",
    "满三件九折，满十件八五折",
    "原料涨了，下月一号起每条涨一块",
    "高铁小桌板挂钩",
    "消毒柜专用碗架",
    "药妆店货架，亚克力",
    "标配、顶配两种，差价28",
    "绝对不能进微波炉",
    "义乌发货，两天到",
    "通过验收的灯具",
    "加微弹牛仔裤",
    "加威化饼的礼盒",
    "加群青颜料",
    "没有比这更小的尺码了",
    "儿童第一本绘本书",
    "百分百纯棉",
    "淘宝同款花型",
    "再来一次刮刮乐",
    "国内供货三天到",
    "a/b/c/d四款花型",
    "军工路仓库自提",
    "封神榜连环画礼盒",
    "王者峡谷拼图",
    "特级生抽,氨基酸态氮0.8",
    "配合客户做CE认证",
    "孩子长高了可以调肩带",
    "胸围大两码的请拍加大",
    "子弹头唇膏管",
    "感冒患者请勿试戴",
)
CAUGHT = (
    ("全国第一", "absolute", "全国第一"),
    ("最 佳口感", "absolute", "最 佳"),
    ("全网第①", "absolute", "全网第①"),
    ("蕞好的面", "absolute", "蕞好"),
    ("醉低价", "absolute", "醉低价"),
    ("zui佳围巾", "absolute", "zui佳"),
    ("最.好的锅", "absolute", "最.好"),
    ("面条第壹", "absolute", "第壹"),
    ("No.①的箱子", "absolute", "No.①"),
    ("ＴＯＰ１炒锅", "absolute", "ＴＯＰ１"),
    ("國家級品質", "absolute", "國家級"),
    ("最\u200b佳", "absolute", "最\u200b佳"),
    ("顶😀级羊绒", "absolute", "顶😀级"),
    ("治疗颈椎病的枕头", "medical", "治疗颈椎病"),
    ("加薇❤：tea20299", "contact", "加薇❤"),
    ("高仿包", "forbidden", "高仿"),
    ("永不褪色", "guarantee", "永不褪色"),
    ("大师开光手串", "superstition", "大师开光"),
    ("人民大会堂特供茶", "state", "人民大会堂特供"),
    ("中国驰名商标", "trademark", "中国驰名商标"),
    ("做工数①数②", "absolute", "数①数②"),
    ("卖到Τοp1的刀片", "absolute", "Τοp1"),
    ("一第国全的钓箱，倒着念", "absolute", "一第"),
    ("没有哪家做得比我们更细", "absolute", "没有哪家做得比我们更细"),
    ("发泡地垫百分💯安全", "guarantee", "百分💯安全"),
    ("急货找老吴 l64-OOOO-775O", "contact", "l64-OOOO-775O"),
    ("茶能通血管，老人手不麻了", "medical", "通血管"),
    ("紫铜壶，d1级的手艺", "absolute", "d1"),
    ("除湿牙膏杀灭幽门螺杆菌", "medical", "杀灭幽门螺杆菌"),
    ("碘伏棉棒，独立装", "medical", "碘伏"),
    ("透明管装医用冷敷凝胶", "medical", "医用冷敷"),
    ("药妆级面霜50g", "efficacy", "药妆"),
    ("零甲醛书桌", "efficacy", "零甲醛"),
    ("高钙奶片", "certificate", "高钙"),
    ("不添加防腐剂的月饼", "certificate", "不添加防腐剂"),
    ("全场茶具3折", "price", "全场茶具3折"),
    ("明天就涨价，抓紧囤", "price", "明天就涨价"),
    ("收纳凳原价999现价9.9", "price", "原价999现价9.9"),
    ("亏本甩卖，马甲35", "price", "亏本甩"),
    ("错过再等十年，丝绸被", "price", "错过再等十年"),
    ("全国有3000家门店在用", "figures", "3000家门店在用"),
    ("拿过货的九成以上都会再来", "figures", "拿过货的九成"),
    ("他们卖的都是毒碗", "comparison", "他们卖的都是毒碗"),
    ("市场监管局认可的秤", "state", "市场监管局认可"),
    ("一按就放军歌的音乐盒", "state", "军歌"),
    ("小朋友，不买就是爸妈不爱你", "discrimination", "不买就是爸妈不爱"),
    ("【最】【好】的铁锅", "absolute", "最】【好"),
    ("最[好]", "absolute", "最[好"),
    ("最丶好的棉", "absolute", "最丶好"),
    ("最隹品质的壶", "absolute", "最隹"),
    ("墬好的剪刀", "absolute", "墬好"),
    ("吹风机𝟏st品牌", "absolute", "𝟏st品"),
    ("剃须刀ɴᴏ.1", "absolute", "ɴᴏ.1"),
    ("拖鞋🅃🄾🄿1", "absolute", "🅃🄾🄿1"),
    ("压面机冠.军之选", "absolute", "冠.军之选"),
    ("羊绒衫极致品质", "absolute", "极致品质"),
    ("数据线底价全网没有更低", "absolute", "全网没有更低"),
    ("气球价格谁也打不过", "absolute", "谁也打不过"),
    ("全球首发的蒸锅", "absolute", "全球首发"),
    ("军工品质的手电", "certificate", "军工品质"),
    ("驱蚊涂层永久有效", "guarantee", "永久有效"),
    ("永，久不褪色的布", "guarantee", "永，久不"),
    ("批发看图w e i x i n同店名", "contact", "w e i x i n同店名"),
    ("花型多，加(v)(x)看", "contact", "加(v)(x)看"),
    ("好评返现三元", "reviews", "好评返现"),
    ("返现5元好评", "reviews", "返现5元好评"),
    ("给五分好评就退一块", "reviews", "五分好评就退"),
    ("复印纸里最白最挺的就是它", "absolute", "最白"),
    ("镇江香醋一哥", "absolute", "一哥"),
    ("纸吸管的开创者", "absolute", "开创者"),
    ("全球独家的提花", "absolute", "全球独家"),
    ("只有我们能做的软糯", "absolute", "只有我们能"),
    ("小米粥调理肠胃", "medical", "调理肠胃"),
    ("眼霜一周毛孔隐形", "efficacy", "毛孔隐形"),
    ("拉链拉合5000次不坏", "figures", "拉合5000次不"),
    ("几块钱的都是回收料", "comparison", "几块钱的都是回收"),
    ("成本价给大家，厂房要拆", "price", "成本价给"),
    ("最后十分钟，马上涨回998", "price", "最后十分钟"),
    ("没有这套卡，班里没人跟你玩", "discrimination", "没人跟你玩"),
    ("福彩刮刮乐整本", "forbidden", "刮刮乐"),
)
# A sentence that passes, and by what: `plain` is an entry of its own, the others are parts of one.
EXEMPT = (
    ("第1页有尺码表", "plain"),
    ("质量第一是我们的厂训", "plain"),
    ("顶级会员日满额送布样", "plain"),
    ("极品飞车方向盘支架", "plain"),
    ("最佳赏味期为三十天", "plain"),
    ("厂在国家级经济技术开发区", "plain"),
    ("绝对零度不是卖点", "plain"),
    ("收腹裤瘦身剪裁", "plain"),
    ("DC降压模块24V转5V", "plain"),
    ("治愈系小熊日历", "plain"),
    ("招财树盆栽", "plain"),
    ("转运箱65升", "plain"),
    ("转运珠散珠，8mm孔", "plain"),
    ("牌九木盒，空盒", "plain"),
    ("天下第一泉书签", "plain"),
    ("最强大脑同款数独棋盘", "plain"),
    ("TOP档是最强风，三档", "plain"),
    ("会员卡永久有效", "plain"),
    ("减肥跳绳，轴承手柄", "plain"),
    ("瘦身牛仔裤", "plain"),
    ("祛皱熨斗，手持", "plain"),
    ("抗衰老化橡胶圈", "plain"),
    ("最美四季窗帘", "plain"),
    ("秒杀价29", "plain"),
    ("旺财狗牌", "plain"),
    ("没有写能治病", "before"),
    ("扫码枪有线二维", "plain"),
    ("力争做到最好", "before"),
    ("哪种米煮粥最香？", "before"),
    ("罐头采用高温杀菌", "before"),
    ("没想过当什么第一", "before"),
    ("最美不过自己动手", "after"),
    ("天花板灯槽用的软灯带", "after"),
    ("王牌面粉厂边上", "after"),
    ("减脂餐盒，两格", "after"),
    ("轮椅上能用的小桌板", "after"),
    ("国旗红的绸带", "after"),
    ("高仿？我们不做", "after"),
    ("首选牌卫生纸", "after"),
    ("面料分极致黑、极致白两色", "after"),
    ("护肝片分装瓶", "after"),
    ("防辐射我们没测过", "after"),
    ("请选第一、第二备选花型", "after"),
    ("店里卖得最好的是驼色", "clause"),
    ("面条煮三分钟口感最好", "clause"),
    ("一物一码，防伪码唯一", "clause"),
    ("一等奖奖状纸", "clause"),
    ("买百只以上单价最低到6元", "clause"),
    ("快递员送货前会打电话联系您", "clause"),
    ("王牌螺丝批，“王牌”是我厂注册商标", "text"),
    ("特级干贝，SC/T 3207", "text"),
    ("实用新型专利 ZL202121234567.8 奶瓶", "text"),
    ("医生玩具套装，听诊器是塑料的", "text"),
    ("连体衣A类，GB 31701", "text"),
    ("明前龙井特级", "clause"),
    ("现五折屏风", "clause"),
    ("好评返现的活动我们不搞", "clause"),
    ("刮刮乐贴纸，定制奖金字样", "clause"),
    ("去年我们卖19，今年棉价降了卖17.5", "text"),
    ("我们三款里最白的是它，布料都一样", "clause"),
    ("成本价卖样品", "clause"),
    ("煮面最后十分钟，水开了恢复大火", "clause"),
)


@pytest.mark.parametrize("text", PLAIN)
def test_everyday_words_pass(text: str) -> None:
    assert lint(text).findings == ()


@pytest.mark.parametrize(("text", "rule", "term"), CAUGHT)
def test_what_is_wrong_is_found_as_it_stands_in_the_text(text: str, rule: str, term: str) -> None:
    found = [one for one in lint(text).findings if one.rule == rule]
    assert [one.term.startswith(term) for one in found[:1]] == [True]
    assert text[found[0].start :].startswith(term)


@pytest.mark.parametrize(("text", "by"), EXEMPT)
def test_an_exemption_passes_what_would_be_found_without_it(
    text: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lint(text).verdict == "pass"
    heads = {char: [(_without(entry, by), say) for entry, say in here] for char, here in matching.heads().items()}
    heads = {char: [one for one in here if by != "plain" or one[0].verdict != "pass"] for char, here in heads.items()}
    monkeypatch.setattr(matching, "heads", lambda: heads)
    assert lint(text).verdict != "pass"


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [("围巾销量第一", "block"), ("2024年天猫双11围巾类目销量第一", "evidence"), ("镇上第一家开的厂", "evidence")],
)
def test_a_rank_with_time_and_place_asks_for_proof(claimed: str, verdict: str) -> None:
    assert lint(claimed).verdict == verdict


def test_the_frozen_sentences_are_judged_as_people_judged_them() -> None:
    told = figures(list(judgements(SENTENCES / "frozen.jsonl")))
    assert told.count == 600
    assert told.precision >= 0.95
    assert told.recall >= 0.95


def test_later_sentences_are_reported_apart(capsys: pytest.CaptureFixture[str]) -> None:
    for name, count in (("later", 150), ("further", 675), ("everyday", 280)):
        told = figures(list(judgements(SENTENCES / f"{name}.jsonl")))
        assert told.count >= count
        assert min(told.precision, told.recall) >= 0.95


def test_every_reason_is_used_and_said_in_english() -> None:
    assert {entry.reason for entry in entries() if entry.verdict != "pass"} == REASONS.keys()
    english = catalogue("en")
    assert [said for pair in REASONS.values() for said in pair if english.ugettext(said) == said] == []


def test_no_pattern_looks_on_without_a_bound() -> None:
    patterns = [disguises()[0], spelt()[0]]
    for entry in entries():
        patterns += [*entry.say, *(one for _where, one in entry.excuses + entry.needs)]
    endless = re.compile(r"(?<!\\)[*+](?![^\[]*\])")
    assert [one.pattern[:60] for one in patterns if endless.search(re.sub(r"\\.", "", one.pattern))] == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_the_rules_are_written_in_lines_that_can_be_read(file: Path) -> None:
    assert [line[:40] for line in file.read_text(encoding="utf-8").splitlines() if len(line) > 120] == []


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for found in lint(text).findings:
        assert text[found.start : found.start + len(found.term)] == found.term


@given(st.lists(st.sampled_from(["最", "佳", "第", "①", "\ud800", "\0", " ", "1", "vx", "：", "+", "治", "癌", "❤"])))
def test_no_mixture_of_what_rules_look_for_is_too_strange(parts: list[str]) -> None:
    lint("".join(parts))


def _without(entry: Entry, by: str) -> Entry:
    kept = tuple(one for one in entry.excuses if one[0] != by)
    return Entry(entry.rule, entry.verdict, entry.reason, entry.say, kept, entry.needs, entry.proof, entry.plainly)
