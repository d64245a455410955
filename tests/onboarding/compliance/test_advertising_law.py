"""What may be said of goods: the named examples, every exemption, disguises, and texts that nobody would write."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.advertising_law import SENTENCES, figures, judgements
from kernel.wording import catalogue
from onboarding.compliance.lint import lint, matching
from onboarding.compliance.lint.book import DISGUISES, ENTRIES, SPELT, Entry
from onboarding.compliance.lint.folding import fold
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
    ("店里卖得最好的是驼色", "clause"),
    ("面条煮三分钟口感最好", "clause"),
    ("一物一码，防伪码唯一", "clause"),
    ("一等奖奖状纸", "clause"),
    ("买百只以上单价最低到6元", "clause"),
    ("快递员送货前会打电话联系您", "clause"),
    ("王牌螺丝批，“王牌”是我厂注册商标", "text"),
    ("特级初榨橄榄油，GB/T 23347", "text"),
    ("实用新型专利 ZL202121234567.8 奶瓶", "text"),
    ("医生玩具套装，听诊器是塑料的", "text"),
    ("连体衣A类，GB 31701", "text"),
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
    heads = {char: [(_without(entry, by), say) for entry, say in here] for char, here in matching.HEADS.items()}
    heads = {char: [one for one in here if by != "plain" or one[0].verdict != "pass"] for char, here in heads.items()}
    monkeypatch.setattr(matching, "HEADS", heads)
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
    told = figures(list(judgements(SENTENCES / "later.jsonl")))
    assert told.count >= 150
    assert min(told.precision, told.recall) >= 0.95


def test_every_reason_is_used_and_said_in_english() -> None:
    assert {entry.reason for entry in ENTRIES if entry.verdict != "pass"} == REASONS.keys()
    english = catalogue("en")
    assert [said for pair in REASONS.values() for said in pair if english.ugettext(said) == said] == []


def test_no_pattern_looks_on_without_a_bound() -> None:
    patterns = [DISGUISES[0], SPELT[0]]
    for entry in ENTRIES:
        patterns += [*entry.say, *(one for _where, one in entry.excuses + entry.needs)]
    endless = re.compile(r"(?<!\\)[*+](?![^\[]*\])")
    assert [one.pattern[:60] for one in patterns if endless.search(re.sub(r"\\.", "", one.pattern))] == []


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for found in lint(text).findings:
        assert text[found.start : found.start + len(found.term)] == found.term


@given(st.lists(st.sampled_from(["最", "佳", "第", "①", "\ud800", "\0", " ", "1", "vx", "：", "+", "治", "癌", "❤"])))
def test_no_mixture_of_what_rules_look_for_is_too_strange(parts: list[str]) -> None:
    lint("".join(parts))


@pytest.mark.parametrize(
    "unit", ["最", "1", "治", "a", " ", "最 ", "比同行", "原价1", "全国", "1a最", "加+", "zui", "免 ", "第\u200b"]
)
def test_the_time_grows_with_the_length_alone(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = time.process_time()
    lint(text)
    assert time.process_time() - began < 5


def test_where_folded_text_came_from_is_known_for_every_character() -> None:
    given_text = "国★家級 ⑴最\u200b好"
    folded = fold(given_text)
    assert folded.text == "国家级 1最好"
    assert folded.given(0, 3) == (0, 4)


def _without(entry: Entry, by: str) -> Entry:
    kept = tuple(one for one in entry.excuses if one[0] != by)
    return Entry(entry.rule, entry.verdict, entry.reason, entry.say, kept, entry.needs, entry.proof, entry.plainly)
