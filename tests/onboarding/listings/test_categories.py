"""The tree of goods: its names, its words, what each leaf asks for; and titles that were judged before the rules."""

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from kernel.wording import catalogue
from onboarding.belts.rules import CATEGORIES
from onboarding.listings.categories import (
    FILE,
    answered,
    attributes_of,
    categories,
    category_name,
    guess_category,
    is_too_wide,
    known,
    leaf_of,
    required_kinds,
    said_in,
    to_choose,
    top_of,
    unanswered,
)
from onboarding.listings.rules import CATEGORY_CAP

CHINESE = re.compile("[一-鿿]")
TABLE = tomllib.loads(FILE.read_text(encoding="utf-8"))["categories"]
PATHS = list(categories()) + [f"{top}/{leaf}" for top, one in categories().items() for leaf in one.leaves]
JUDGED = Path(__file__).with_name("judged_titles.csv")
NEEDED = [
    ("灯具/吊灯", {}, ["ccc"]),
    ("灯具/台灯", {"供电方式": "市电220V"}, ["ccc"]),
    ("灯具/台灯", {"供电方式": "USB"}, []),
    ("灯具/灯带", {}, []),
    ("玩具童车/积木", {"主体材料": "塑料"}, ["ccc"]),
    ("玩具童车/积木", {"主体材料": "木"}, []),
    ("玩具童车/毛绒玩具", {}, []),
    ("数码配件/充电宝", {}, ["ccc"]),
    ("茶叶", {}, ["sc"]),
    ("茶叶/绿茶", {}, ["sc"]),
    ("滋补/枸杞", {"加工程度": "初级农产品"}, []),
    ("滋补/枸杞", {}, ["sc"]),
    ("美妆个护/面膜", {}, ["cosmetics"]),
    ("美妆个护/假发", {}, []),
    ("医护用品/医用口罩", {}, ["device"]),
    ("清洁纸品/湿巾", {}, ["disinfection"]),
    ("眼镜/太阳镜", {}, []),
    ("无此类目", {}, []),
    ("灯具/无此", {}, []),
]


def judged() -> list[tuple[str, str]]:
    with JUDGED.open(encoding="utf-8", newline="") as source:
        return [(row["title"], row["path"]) for row in csv.DictReader(source)]


@pytest.mark.parametrize(("title", "path"), judged())
def test_a_judged_title_tells_its_path(title: str, path: str) -> None:
    assert guess_category(title) == (path or None)


@pytest.mark.parametrize(
    ("title", "said", "path"),
    [
        ("偏光太阳镜", "眼镜", "眼镜/太阳镜"),
        ("偏光太阳镜", "家具", "家具"),
        ("某某物", "眼镜/老花镜", "眼镜/老花镜"),
        ("某某物", "老花镜", "眼镜/老花镜"),
        ("某某物", "某某类", None),
        ("女士帽子", "服饰针织", "服饰针织"),
    ],
)
def test_what_a_sheet_says_goes_before_the_title(title: str, said: str, path: str | None) -> None:
    assert guess_category(title, said) == path


def test_every_category_of_a_belt_is_in_the_tree_under_the_same_names() -> None:
    assert set(CATEGORIES) <= set(categories())
    english = catalogue("en")
    assert {name: categories()[name].en for name in CATEGORIES} == {name: english.ugettext(name) for name in CATEGORIES}


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_known_fits_its_column_and_has_both_names(path: str) -> None:
    assert known(path) == path
    assert len(path) <= CATEGORY_CAP
    assert category_name(path, "zh") == path.replace("/", " / ")
    assert not CHINESE.search(category_name(path, "en"))
    assert f"{top_of(path)}/{leaf_of(path)}".rstrip("/") == path
    names = [one.zh for one in attributes_of(path)]
    assert names
    assert len(names) == len(set(names))


def test_what_is_not_of_the_tree_stays_as_it_is() -> None:
    assert (known("大件"), category_name("大件", "en"), attributes_of("大件")) == ("", "大件", [])
    assert known("眼镜/沙发") == ""


def test_no_word_tells_two_leaves_and_every_leaf_is_told_by_its_words() -> None:
    words = [
        word
        for row in TABLE
        for text in [row.get("words", ""), *(one[2] for one in row["leaves"])]
        for word in text.split()
    ]
    assert [word for word, times in Counter(words).items() if times > 1] == []
    for row in TABLE:
        for leaf, _english, told in row["leaves"]:
            assert {guess_category(word) for word in told.split()} <= {f"{row['zh']}/{leaf}"}
            assert told or leaf == "其他"


def test_requirements_and_attributes_speak_of_leaves_and_choices_that_there_are() -> None:
    for row in TABLE:
        one = categories()[row["zh"]]
        named = [leaf for rule in row.get("requires", ()) for leaf in rule.get("of", ())] + list(one.more)
        assert set(named) <= set(one.leaves), row["zh"]
        for rule in one.requires:
            for leaf in rule.of or one.leaves:
                asked = {attribute.zh: attribute.choices for attribute in attributes_of(f"{one.zh}/{leaf}")}
                assert all(told <= set(asked[name]) for name, told in rule.unless.items()), (one.zh, leaf)


def test_attributes_are_of_three_kinds_in_both_languages() -> None:
    for one in {one.key: one for path in PATHS for one in attributes_of(path)}.values():
        assert one.kind in {"text", "number", "choice"}
        assert (one.kind == "choice") == bool(one.choices)
        assert one.unit == "" or one.kind == "number"
        assert not CHINESE.search(" ".join([one.en, *one.choices.values()]))


@pytest.mark.parametrize(("path", "attributes", "kinds"), NEEDED)
def test_the_table_says_which_certificates_goods_need(path: str, attributes: dict[str, str], kinds: list[str]) -> None:
    assert required_kinds(path, attributes) == kinds


def test_a_category_is_too_wide_where_its_leaves_differ_in_what_they_need() -> None:
    assert {path for path in ("灯具", "茶叶", "眼镜", "陶瓷", "灯具/台灯", "大件") if is_too_wide(path)} == {
        "灯具",
        "眼镜",
    }


def test_answers_are_added_to_what_a_sheet_said() -> None:
    before = {"功率": "36W", "产地": "中山"}
    told = {"wattage": "40", "power_supply": "USB", "light": "", "fibre": "羊绒"}
    assert answered("灯具/台灯", before, told) == {"功率": "40W", "产地": "中山", "供电方式": "USB"}
    assert answered("灯具/台灯", before, {"wattage": ""}) == {"产地": "中山"}
    assert answered("灯具/台灯", before, {"wattage": "约 40 瓦"})["功率"] == "约 40 瓦"


def test_what_must_be_said_is_known() -> None:
    assert [one.zh for one in unanswered("休闲食品/糖果", {})] == ["保质期"]
    assert unanswered("休闲食品/糖果", {"保质期": "12 个月"}) == []


def test_attributes_are_said_in_the_language_of_the_page() -> None:
    assert said_in("en", "供电方式", "市电220V") == ("Power supply", "Mains 220 V")
    assert said_in("en", "供电方式", "插电") == ("Power supply", "插电")
    assert said_in("en", "绒长", "36mm") == ("绒长", "36mm")
    assert said_in("zh", "供电方式", "USB") == ("供电方式", "USB")


def test_categories_to_choose_begin_with_the_one_there_is() -> None:
    groups = to_choose("en", "眼镜/太阳镜")
    assert (groups[0][0], groups[0][1][:2]) == ("Eyewear", [("眼镜", "Eyewear"), ("眼镜/镜架", "Frames")])
    assert sorted(path for _name, group in groups for path, _word in group) == sorted(PATHS)
    assert to_choose("zh", "大件")[0] == ("大件", [("大件", "大件")])
