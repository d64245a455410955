"""Fields from lines: both layouts, labels in pieces, values over lines, pages as crooked as cameras make them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.licences.ocr.extract import extract
from onboarding.licences.ocr.lines import TextLine
from tests.onboarding.licences.page import CODE, LANDSCAPE, PORTRAIT, TRUE, Row, camera, instead, line, read, values


def test_two_columns() -> None:
    found = read(LANDSCAPE)
    assert (found.is_licence, found.warnings, values(found)) == (True, (), TRUE)


def test_one_column_of_an_individual_business() -> None:
    assert values(read(PORTRAIT)) == {
        "uscc": "92321181MA1N8T5B4Q",
        "name": "丹阳市样镜眼镜店",
        "type": "个体工商户",
        "legal_representative": "范本青",
        "address": "江苏省镇江市丹阳市丹阳眼镜城二楼216号",
        "established_on": "2009-05-12",
        "business_scope": "眼镜、镜片、镜架零售、批发；验光配镜服务。",
    }


@given(
    tilt=st.floats(-12, 12),
    nearer=st.floats(-0.16, 0.16),
    sag=st.floats(-14, 14),
    scale=st.floats(0.3, 3),
)
def test_a_crooked_page_says_the_same(tilt: float, nearer: float, sag: float, scale: float) -> None:
    bend = camera(tilt=tilt, nearer=nearer, sag=sag, scale=scale)
    assert values(read(LANDSCAPE, bend)) == TRUE
    assert values(read(PORTRAIT, bend)) == values(read(PORTRAIT))


@given(st.permutations(LANDSCAPE))
def test_the_order_in_which_lines_were_found_means_nothing(rows: list[Row]) -> None:
    assert values(read(tuple(rows))) == TRUE


@given(st.lists(st.tuples(st.floats(0, 1500), st.floats(0, 1000), st.text(max_size=12)), max_size=30))
def test_no_page_breaks_it(rows: list[Row]) -> None:
    read(tuple(rows))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("法定代表人", "法定代表入"),
        ("经营范围", "经營范围"),
        ("成立日期", "成立日朋"),
        ("名　　称", "名　　祢"),
        ("类　　型", "类　型："),
        ("住　　所", "佳　所"),
        ("住　　所", "住"),
        ("统一社会信用代码", "统一社会信用代玛"),
        ("营业执照", "营 业 执 照"),
        ("营业执照", "营业执照(副本)"),
        ("营业执照", "营业热照"),
    ],
)
def test_a_label_misread_by_one_character_is_known(old: str, new: str) -> None:
    assert values(read(instead(LANDSCAPE, **{old: new}))) == TRUE


@pytest.mark.parametrize("seen", ["名称", "名", "称"])
def test_a_label_printed_wide_and_read_in_pieces(seen: str) -> None:
    apart = [(80.0 if char == "名" else 165.0, 250.0, char) for char in seen]
    assert values(read((*instead(LANDSCAPE, **{"名　　称": None}), *apart))) == TRUE


def test_label_and_value_read_as_one_line() -> None:
    rows = instead(LANDSCAPE, 样本甲=None, 法定代表人="法定代表人　样本甲", 成立日期="成立日期：2015年03月18日")
    found = read(instead(rows, **{"2015年03月18日": None}))
    assert values(found) == TRUE
    box = found.fields["legal_representative"].box
    assert box is not None
    assert box[0] > 180  # the crop shows the value, not its label


def test_a_value_is_not_continued_by_what_belongs_to_a_label_that_was_not_seen() -> None:
    found = read(instead(LANDSCAPE, 法定代表人=None))
    assert values(found)["type"] == TRUE["type"]
    assert ("legal_representative" in found.fields, found.warnings) == (False, ("legal_representative_missing",))


def test_where_it_stands_is_told_around_all_its_lines() -> None:
    found = read(LANDSCAPE)
    left, top, right, bottom = found.fields["address"].box or (0, 0, 0, 0)
    assert (left, top, bottom) == (1130, 430, 503)
    assert right > 1450


def test_the_least_sure_line_says_how_sure_a_value_is() -> None:
    lines = [line(row, camera(), score=0.7 if row[2] == "区泰山路66号" else 0.99) for row in LANDSCAPE]
    found = extract(lines)
    assert (found.fields["address"].confidence, found.fields["name"].confidence) == (0.7, 0.99)


def test_an_older_form_tells_its_type_as_a_form() -> None:
    found = read(instead(PORTRAIT, **{"类　　型": None, "个体工商户": None}))
    assert (found.fields["type"].value, found.fields["type"].confidence < 0.85) == ("个人经营", True)


@pytest.mark.parametrize("term", ["长期", "2015年03月18日至长期", "2015年03月18日至 无固定期限"])
def test_a_licence_without_an_end_has_an_empty_last_day(term: str) -> None:
    assert read(instead(LANDSCAPE, **{"2015年03月18日至2035年03月17日": term})).fields["expires_on"].value == ""


def test_a_term_that_is_no_date_is_not_read() -> None:
    assert "expires_on" not in read(instead(LANDSCAPE, **{"2015年03月18日至2035年03月17日": "见副本"})).fields


def test_a_misread_code_is_mended_and_says_so() -> None:
    found = read(instead(LANDSCAPE, **{CODE: "9113O534MA07K3R29J"}))
    assert (found.fields["uscc"].value, found.fields["uscc"].confidence, found.warnings) == (
        CODE,
        0.6,
        ("code_repaired",),
    )
    found = read(instead(LANDSCAPE, **{CODE: "91130534MA07K4R29J"}))
    assert (found.fields["uscc"].value, found.warnings) == ("91130534MA07K4R29J", ("code_invalid",))


@pytest.mark.parametrize(
    "rows",
    [
        (),
        tuple(row for row in LANDSCAPE if row[2] not in {"营业执照", "登记机关"}),
        instead(LANDSCAPE, 营业执照="食品经营许可证"),
        instead(LANDSCAPE, 营业执照="企业营业执照信息查询结果"),
        ((100, 100, "营业执照"), (100, 200, "企业经营范围变更的，应当依法换领营业执照。")),
        ((100, 100, "营业执照"), (100, 160, "名称和住所由登记机关核定，类型、法定代表人、经营范围依章程")),
        ((100, 50, "入驻申请表"), *((100.0, 100.0 + 60 * n, f"{word}：") for n, word in enumerate(TRUE))),
    ],
    ids=["nothing", "a form", "another permit", "a query", "an article", "a law", "an application"],
)
def test_what_is_no_licence_gives_nothing(rows: tuple[Row, ...]) -> None:
    found = read(rows)
    assert (found.is_licence, dict(found.fields), found.warnings) == (False, {}, ("not_a_licence",))


def test_a_licence_whose_title_is_cut_off_is_one_when_all_else_is_there() -> None:
    assert read(instead(LANDSCAPE, 营业执照=None)).is_licence
    assert not read(instead(LANDSCAPE, 营业执照=None, **{CODE: "91130534MA07K4R29J"})).is_licence


def test_a_line_without_any_size_is_survived() -> None:
    spot = (5.0, 5.0)
    assert not extract([TextLine("名称", 0.5, (spot, spot, spot, spot))]).is_licence
