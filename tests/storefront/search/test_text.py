import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.search.pinyin import syllables
from storefront.search.text import LONGEST_QUERY, MOST_WORDS, analyse, normalise, squeeze, words


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("ＴＲ９０", "tr90"),
        ("羊絨圍巾", "羊绒围巾"),
        ("200 × 70cm", "200*70cm"),
        ("200x70", "200*70"),
        ("羊\u200b绒\u202e", "羊绒"),
        ("a\x00b\tc", "a b c"),
        ("\ud800灯", "灯"),
    ],
)
def test_one_thing_has_one_spelling(written: str, spelled: str) -> None:
    assert normalise(written) == spelled


@pytest.mark.parametrize(
    ("title", "terms"),
    [
        ("羊绒围巾", {"羊绒", "围巾", "羊", "绒", "围", "巾"}),
        ("TR90镜架", {"tr90", "tr", "90", "镜架", "镜"}),
        ("200*70cm", {"200", "70cm", "70", "cm"}),
        ("DY-9001", {"dy9001", "dy", "9001"}),
        ("1.67镜片", {"1.67"}),
        ("速干T恤", {"速干", "t恤", "恤"}),
        ("LED大灯", {"led", "大灯", "灯"}),
    ],
)
def test_a_title_can_be_found_by_its(title: str, terms: set[str]) -> None:
    assert terms <= {token.text for token in analyse(title).tokens}


@pytest.mark.parametrize("sound", ["yangrong", "yangrongweijin", "weijin", "rong", "=yr", "=yrwj"])
def test_a_title_sounds_like(sound: str) -> None:
    assert sound in analyse("羊绒围巾 水波纹").sounds


def test_a_sound_never_spans_a_blank() -> None:
    assert "weijinshuibowen" not in analyse("羊绒围巾 水波纹").sounds


@pytest.mark.parametrize(
    ("title", "named", "unnamed"),
    [
        ("智能手机 5G", "手机", "智能"),
        ("手机壳 硅胶", "手机壳", "手机"),
        ("适用苹果手机 钢化膜", "钢化膜", "手机"),
        ("LED大灯", "灯", "大"),
    ],
)
def test_a_phrase_names_its_thing_last(title: str, named: str, unnamed: str) -> None:
    assert named in analyse(title).heads
    assert unnamed not in analyse(title).heads


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("羊绒围巾", ["羊绒", "围巾"]),
        ("燃面", ["燃面"]),
        ("iPhone15手机壳", ["iphone15", "手机壳"]),
        ("羊rong", ["羊", "rong"]),
        ("t恤短袖", ["t恤", "短袖"]),
        ("女的围巾", ["女", "的", "围巾"]),
        ("👓（）", []),
    ],
)
def test_a_query_asks_for(query: str, asked: list[str]) -> None:
    assert [word.text for word in words(query)] == asked


def test_trade_talk_is_wanted_not_demanded() -> None:
    assert [word.text for word in words("羊绒围巾批发 厂家直销") if not word.optional] == ["羊绒", "围巾"]
    assert [word.optional for word in words("批发")] == [False]


def test_a_long_query_is_cut() -> None:
    assert len(words("羊绒围巾" * 1000)) == MOST_WORDS
    assert len(words("ﷺ" * 10_000)) <= MOST_WORDS < LONGEST_QUERY


@given(st.text(max_size=60))
def test_every_letter_of_any_text_is_kept_in_place(text: str) -> None:
    kept = squeeze(normalise(text))
    for token in analyse(text).tokens:
        start = kept[token.position :]
        assert squeeze(token.text) == start[: len(squeeze(token.text))]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("scarf", "围巾"), ("scarves", "围巾"), ("socks", "袜"), ("Glasses", "眼镜"), ("toys", "玩具")],
)
def test_an_english_word_stands_for_the_chinese_too(english: str, chinese: str) -> None:
    assert ((chinese, 0),) in words(english)[0].forms


@pytest.mark.parametrize("word", ["led", "tr90", "yangrong", "iphone", "xs"])
def test_a_word_that_is_no_english_of_the_trades_stays_itself(word: str) -> None:
    assert all(token.text.isascii() for form in words(word)[0].forms for token in form)


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ("yangrongshan", "yang rong shan"),
        ("fangan", "fang an"),
        ("ertong", "er tong"),
        ("nvshi", "nv shi"),
        ("sunglasses", ""),
        ("led", ""),
        ("", ""),
    ],
)
def test_pinyin_in_one_run_is_told_apart(run: str, parts: str) -> None:
    assert " ".join(syllables(run)) == parts
