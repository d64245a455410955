import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.search.pinyin import syllables
from storefront.search.text import analyse, normalise, squeeze


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
        ("奥迪汽车坐垫", {"奥迪", "汽车"}),
    ],
)
def test_a_title_can_be_found_by_its(title: str, terms: set[str]) -> None:
    assert terms <= analyse(title).terms


@pytest.mark.parametrize(
    ("title", "named", "unnamed"),
    [
        ("智能手机 5G", "手机", "智能"),
        ("手机壳 硅胶", "手机壳", "手机"),
        ("手机支架 桌面", "手机支架", "手机"),
        ("羊绒毛衣女加厚", "毛衣", "加厚"),
        ("适用苹果手机 钢化膜", "膜", "手机"),
        ("LED大灯", "灯", "大"),
    ],
)
def test_a_title_is_about_its_thing(title: str, named: str, unnamed: str) -> None:
    assert named in analyse(title).heads
    assert unnamed not in analyse(title).heads


@pytest.mark.parametrize(
    ("title", "aside"),
    [("炒锅盖 玻璃", True), ("炒锅 家用 炒锅盖", False), ("白酒杯 水晶", False), ("炒锅礼盒", False)],
)
def test_a_thing_may_be_said_only_to_name_another(title: str, *, aside: bool) -> None:
    assert ("炒锅" in analyse(title).aside) == aside


@given(st.text(max_size=60))
def test_no_letter_of_any_text_is_lost(text: str) -> None:
    assert squeeze("".join(analyse(text).run)) == squeeze(normalise(text))


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
