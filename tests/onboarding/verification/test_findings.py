"""What operators are told of an application: one case a finding, and none for an application that is all right."""

from dataclasses import replace
from datetime import date

import pytest

from kernel.wording import LOCALES
from onboarding.verification.findings import FIELDS, TEXTS, BeltPlace, Facts, Finding, Read, findings

CODE = "91321181MA1K35J59Q"
GOOD = {
    "uscc": CODE,
    "name": "丹阳市样镜眼镜有限公司",
    "type": "有限责任公司",
    "legal_representative": "范本青",
    "address": "江苏省镇江市丹阳市丹阳眼镜城二楼216号",
    "established_on": "2009-05-12",
    "expires_on": "长期",
}
CLEAN = Facts(
    today=date(2026, 3, 2),
    typed=GOOD,
    read={name: Read(value, 0.97) for name, value in GOOD.items()},
    belt=BeltPlace("江苏省", "镇江市", "丹阳市"),
    names={"fac_1": "清河样绒羊绒制品厂", "fac_2": "丹阳明视眼镜厂"},
)


def typed(**fields: str) -> Facts:
    return replace(CLEAN, typed={**GOOD, **fields}, read={})


def read(confidence: float = 0.97, **fields: str) -> Facts:
    return replace(CLEAN, read={**CLEAN.read, **{name: Read(value, confidence) for name, value in fields.items()}})


CASES: list[tuple[Facts, str, str, dict[str, object]]] = [
    (replace(CLEAN, photo="none", read={}), "warn", "licence.missing", {}),
    (replace(CLEAN, photo="unreadable", read={}), "warn", "licence.unreadable", {}),
    (replace(CLEAN, is_licence=False), "bad", "licence.not_one", {}),
    (typed(expires_on="2026-03-01"), "bad", "licence.expired", {"day": "2026-03-01"}),
    (typed(expires_on="2026-03-02"), "warn", "licence.expiring", {"day": "2026-03-02", "days": 0}),
    (typed(expires_on="2026-04-01"), "warn", "licence.expiring", {"day": "2026-04-01", "days": 30}),
    (typed(established_on="2026-03-03"), "bad", "licence.future", {"day": "2026-03-03"}),
    (typed(type="个体工商户"), "info", "licence.individual", {}),
    (typed(uscc="91321181MA1K35J59X"), "bad", "code.invalid", {"code": "91321181MA1K35J59X"}),
    (read(uscc="91440300708461136T"), "bad", "code.differs", {"typed": GOOD["uscc"], "read": "91440300708461136T"}),
    (replace(CLEAN, code_holders=("fac_9",)), "bad", "code.taken", {}),
    (replace(CLEAN, sanctioned=("mer_9",)), "warn", "record.sanctioned", {}),
    (
        typed(uscc="91440300708461136T"),
        "info",
        "code.region",
        {"code": "广东省深圳市", "address": "江苏省镇江市丹阳市"},
    ),
    (read(name="丹阳市样镜眼镜厂"), "warn", "name.differs", {"typed": GOOD["name"], "read": "丹阳市样镜眼镜厂"}),
    (typed(name="丹阳市明视光学有限公司"), "warn", "name.confusable", {"other": "丹阳明视眼镜厂"}),
    (read(expires_on="2029-03-02"), "warn", "expires.differs", {"typed": "长期", "read": "2029-03-02"}),
    (typed(name="丹阳明视眼镜厂"), "warn", "name.same", {"other": "丹阳明视眼镜厂"}),
    (read(legal_representative="范例一"), "warn", "representative.differs", {"typed": "范本青", "read": "范例一"}),
    (replace(CLEAN, representative_holders=("fac_9",)), "warn", "representative.shared", {}),
    (replace(CLEAN, bank_holders=("fac_9", "fac_8")), "warn", "bank.shared", {}),
    (replace(CLEAN, left=("fac_9",)), "warn", "owner.left", {}),
    (typed(address="一号楼三层"), "info", "address.unknown", {}),
    (
        typed(address="江苏省镇江市句容市华阳街道"),
        "info",
        "address.other_county",
        {"belt": "江苏省镇江市丹阳市"},
    ),
    (
        typed(address="江苏省常州市武进区湖塘镇"),
        "warn",
        "address.other_city",
        {"address": "江苏省常州市武进区"},
    ),
    (
        typed(address="河北省清河县泰山路"),
        "bad",
        "address.other_province",
        {"address": "河北省邢台市清河县"},
    ),
    (read(0.5, legal_representative="范木青"), "warn", "reading.typed_over", {"field": "法定代表人", "read": "范木青"}),
]


def test_nothing_is_found_where_all_is_well() -> None:
    assert findings(CLEAN) == []


@pytest.mark.parametrize(("facts", "severity", "code", "params"), CASES, ids=[case[2] for case in CASES])
def test_each_fault_is_found(facts: Facts, severity: str, code: str, params: dict[str, object]) -> None:
    found = next((one for one in findings(facts) if one.code == code), None)
    assert found, [one.code for one in findings(facts)]
    assert (found.severity, {name: found.params[name] for name in params}) == (severity, params)


@pytest.mark.parametrize("facts", [case[0] for case in CASES if case[2] not in {"code.region", "code.invalid"}])
def test_one_fault_is_one_finding(facts: Facts) -> None:
    rest = [one for one in findings(facts) if one.code not in {"code.region", "code.invalid"}]
    assert len(rest) == 1


def test_every_finding_has_a_case_and_a_text_in_both_languages() -> None:
    assert {case[2] for case in CASES} == set(TEXTS)
    for facts, _severity, code, _params in CASES:
        found = next(one for one in findings(facts) if one.code == code)
        assert len({found.words.said_in(language) for language in LOCALES}) == 2


def test_others_are_named_apart_from_the_text() -> None:
    found = findings(replace(CLEAN, bank_holders=("fac_9",)))
    assert found == [Finding("bank.shared", who=("fac_9",))]
    assert "fac_9" not in found[0].words.said_in("zh")


@pytest.mark.parametrize(
    ("typed_end", "read_end", "codes"),
    [
        ("2049-01-01", "2026-03-01", {"licence.expired", "expires.differs"}),
        ("", "2026-03-01", {"licence.expired", "expires.differs"}),
        ("2026-03-01", "2049-01-01", {"licence.expired", "expires.differs"}),
        ("", "长期", set()),
        ("2049-01-01", "2049-01-01", set()),
    ],
)
def test_of_two_ends_the_earlier_counts(typed_end: str, read_end: str, codes: set[str]) -> None:
    facts = replace(read(expires_on=read_end), typed={**GOOD, "expires_on": typed_end})
    assert {one.code for one in findings(facts)} == codes
    unsure = replace(read(0.5, expires_on="2049-01-01"), typed={**GOOD, "expires_on": "2048-01-01"})
    assert [one.code for one in findings(unsure)] == ["reading.typed_over"]


def test_the_gravest_comes_first() -> None:
    facts = replace(typed(type="个体工商户", expires_on="2020-01-01"), bank_holders=("fac_9",))
    assert [one.severity for one in findings(facts)] == ["bad", "warn", "info"]


@pytest.mark.parametrize(
    ("written", "on_licence"),
    [("样镜（丹阳）眼镜有限公司", "样镜(丹阳)眼镜有限公司"), ("ＡＢＣ眼镜有限公司", "abc眼镜 有限公司")],
)
def test_one_name_in_two_writings_is_no_difference(written: str, on_licence: str) -> None:
    facts = replace(CLEAN, typed={**GOOD, "name": written}, read={"name": Read(on_licence, 0.99)})
    assert findings(facts) == []


def test_a_town_stands_for_a_city_without_counties() -> None:
    belt = BeltPlace("广东省", "中山市", "古镇镇")
    facts = replace(CLEAN, belt=belt, read={}, typed={"address": "广东省中山市古镇镇同益工业园", "uscc": ""})
    assert [one.code for one in findings(facts)] == ["code.invalid"]


def test_fields_are_named_as_the_reader_names_them() -> None:
    assert set(FIELDS) <= set(GOOD)
