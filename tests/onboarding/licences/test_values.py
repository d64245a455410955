"""Dates, terms, names and codes, as licences write them and as engines misread them."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.licences.credit_code import fault
from onboarding.licences.ocr.codes import find, repair, runs
from onboarding.licences.ocr.dates import dates, last_day
from onboarding.licences.ocr.values import clean_value
from tests.support.licence_art import invented

VALID = "91130534MA07K3R29J"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2015年03月18日", ["2015-03-18"]),
        ("２０１５年３月８日", ["2015-03-08"]),
        ("2015 年 03 月 18 日", ["2015-03-18"]),
        ("2015年03月18", ["2015-03-18"]),
        ("2O15年O3月l8日", ["2015-03-18"]),
        ("二〇一五年三月十八日", ["2015-03-18"]),
        ("二○○九年十二月三十一日", ["2009-12-31"]),
        ("一九九八年十月二十日", ["1998-10-20"]),
        ("2015-03-18", ["2015-03-18"]),
        ("2015.3.18", ["2015-03-18"]),
        ("2015年02月30日", []),
        ("2015年13月01日", []),
        ("自2015年03月18日至2035年03月17日", ["2015-03-18", "2035-03-17"]),
        ("长期", []),
        ("13800138000", []),
    ],
)
def test_dates(written: str, read: list[str]) -> None:
    assert [day.isoformat() for day in dates(written)] == read


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)))
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert dates(f"{day.year}年{day.month:02d}月{day.day:02d}日") == [day]
    assert dates(f"{day.year}年{day.month}月{day.day}日") == [day]


@given(st.text(alphabet="0123456789年月日至十一二三〇-. OlI", max_size=30))
def test_no_text_breaks_dates(text: str) -> None:
    assert all(isinstance(day, date) for day in dates(text))
    last_day(text)


@pytest.mark.parametrize(
    ("term", "until"),
    [
        ("2015年03月18日至2035年03月17日", "2035-03-17"),
        ("自2015年03月18日到2035年03月17日", "2035-03-17"),
        ("至2035年03月17日", "2035-03-17"),
        ("2015年03月18日至长期", None),
        ("2015年03月18日至", None),
        ("2015年03月18日", None),
        ("长期", None),
        ("无固定期限", None),
    ],
)
def test_a_term_has_a_last_day_only_when_it_says_one(term: str, until: str | None) -> None:
    assert last_day(term) == (None if until is None else date.fromisoformat(until))


@pytest.mark.parametrize(
    ("field", "read", "meant"),
    [
        ("name", "佛山市(顺德)样家具有限公司", "佛山市（顺德）样家具有限公司"),
        ("name", "清河县 样绒 制品厂 ", "清河县样绒制品厂"),
        ("name", "ＡＢＣ 样（中国）有限公司", "ABC样（中国）有限公司"),
        ("type", "有限责任公司（自然人投资或控股）", "有限责任公司(自然人投资或控股)"),
        ("type", ": 个体工商户", "个体工商户"),
        ("address", "宝盖镇服装城Ａ区12幢（东侧)", "宝盖镇服装城A区12幢（东侧）"),
        ("legal_representative", "样本甲·", "样本甲"),
        ("legal_representative", "JOHN SMITH", "JOHN SMITH"),
        ("established_on", "2015年03月18日", "2015-03-18"),
        ("established_on", "/", ""),
        ("business_scope", "服装制造。（依法须经批准的项目)", "服装制造。（依法须经批准的项目）"),
        ("legal_representative", "/", ""),
        ("type", "有限責任公司", "有限责任公司"),
        ("name", "石狮市样昇服裝有限公司", "石狮市样昇服装有限公司"),
    ],
)
def test_values_are_written_as_licences_write_them(field: str, read: str, meant: str) -> None:
    assert clean_value(field, read) == meant


@pytest.mark.parametrize(
    "line",
    [
        VALID,
        f"统一社会信用代码{VALID}",
        "９１１３０５３４ＭＡ０７Ｋ３Ｒ２９Ｊ",
        "9113 0534 MA07 K3R2 9J",
        f"码：{VALID.lower()}",
        f"1{VALID}",
        f"{VALID}0",
    ],
)
def test_a_code_is_found_wherever_it_stands(line: str) -> None:
    found = find(["营业执照", line, "2015年03月18日"])
    assert found is not None
    assert (found[0].value, found[0].is_valid, found[0].was_repaired, found[1]) == (VALID, True, False, 1)


@pytest.mark.parametrize(
    "read", ["9113O534MA07K3R29J", "91I30534MA07K3R29J", "91130S34MA07K3R29J", "9113053AMA07K3R29J"]
)
def test_common_misreadings_are_mended(read: str) -> None:
    assert repair(read) == VALID


def test_what_is_mended_is_always_a_code_and_nearly_always_the_right_one() -> None:
    dice, right, wrong = random.Random(7), 0, 0  # noqa: S311  the same codes each run
    alike = {"0": "OD", "1": "I", "2": "Z", "5": "S", "8": "B", "B": "8", "D": "0", "6": "G", "G": "6", "U": "V"}
    for _code in range(600):
        meant = invented(dice).uscc
        places = [place for place, char in enumerate(meant) if char in alike]
        place = dice.choice(places)
        read = meant[:place] + dice.choice(alike[meant[place]]) + meant[place + 1 :]
        mended = repair(read)
        assert mended is None or fault(mended) is None
        right += mended == meant
        wrong += mended not in {meant, None}
    assert (right > 540, wrong) == (True, 0)


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18))
def test_what_cannot_be_mended_is_left_as_it_was_read(text: str) -> None:
    mended = repair(text)
    assert mended is None or (fault(mended) is None and sum(a != b for a, b in zip(text, mended, strict=True)) < 12)


@pytest.mark.parametrize("text", ["", "营业执照", "123456", "ABCDEFGHJKLMNPQRTU", "http://www.gsxt.gov.cn"])
def test_no_other_word_is_taken_for_a_code(text: str) -> None:
    assert (runs(text), find([text])) == ([], None)
