"""Names of factories, and how an application moves."""

from datetime import datetime

import pytest

from kernel.clock import SHANGHAI
from kernel.errors import DomainError
from onboarding.verification.rules import (
    APPLICATION,
    name_fault,
    organisation_name,
    promised_by,
    province_of,
    reason_fault,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  丹阳市明视眼镜厂 ", "丹阳市明视眼镜厂"),
        ("明视\u200b眼\u202e镜厂", "明视眼镜厂"),
        ("ＡＢＣ眼镜（丹阳）有限公司", "ABC眼镜（丹阳）有限公司"),
        ("3M·光学", "3M·光学"),
    ],
)
def test_a_name_has_one_spelling(typed: str, kept: str) -> None:
    assert organisation_name(typed) == kept
    assert name_fault(kept) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("厂", "length"),
        ("厂" * 61, "length"),
        ("Ηuawei 眼镜", "sign"),  # a Greek Eta
        ("Арple 眼镜", "sign"),  # Cyrillic A and er
        ("眼镜厂👓", "sign"),
        ("<b>眼镜厂</b>", "sign"),
        ("12345", "words"),
    ],
)
def test_a_name_that_could_deceive_is_refused(name: str, said: str) -> None:
    found = name_fault(organisation_name(name))
    assert found
    assert found[0] == f"field.factory_name.{said}"


@pytest.mark.parametrize(("length", "fine"), [(0, False), (1, False), (2, True), (500, True), (501, False)])
def test_a_reason_says_enough_and_not_too_much(length: int, *, fine: bool) -> None:
    assert (reason_fault("因" * length) is None) is fine


@pytest.mark.parametrize(("uscc", "province"), [("91440300708461136T", "广东省"), ("91100000100003962T", "")])
def test_a_code_tells_where_it_was_given_out(uscc: str, province: str) -> None:
    assert province_of(uscc) == province


WALK = {
    ("draft", "hand_in"): "submitted",
    ("submitted", "take"): "in_review",
    ("submitted", "approve"): "approved",
    ("submitted", "refuse"): "refused",
    ("submitted", "ask"): "correction",
    ("in_review", "approve"): "approved",
    ("in_review", "refuse"): "refused",
    ("in_review", "ask"): "correction",
    ("correction", "hand_in"): "submitted",
    ("refused", "hand_in"): "submitted",
    ("approved", "suspend"): "suspended",
    ("suspended", "reinstate"): "approved",
    ("suspended", "close"): "closed",
}


@pytest.mark.parametrize("action", sorted({action for _state, action in WALK}))
@pytest.mark.parametrize("state", APPLICATION.states)
def test_every_pair_of_state_and_action(state: str, action: str) -> None:
    if (state, action) in WALK:
        assert APPLICATION.step(state, action).to == WALK[state, action]
        return
    with pytest.raises(DomainError, match=r"factory\.state"):
        APPLICATION.step(state, action)


@pytest.mark.parametrize(
    ("handed_in", "promised"),
    [
        ("2026-11-17T09:00", "2026-11-18T18:00"),  # a Tuesday
        ("2026-11-19T23:59", "2026-11-20T18:00"),
        ("2026-11-20T00:10", "2026-11-23T18:00"),  # a Friday: Monday
        ("2026-11-21T12:00", "2026-11-23T18:00"),
        ("2026-09-30T12:00", "2026-10-08T18:00"),  # the week of National Day
        ("2026-10-09T12:00", "2026-10-10T18:00"),  # a Saturday that is worked for it
    ],
)
def test_an_answer_is_promised_for_the_next_working_day(handed_in: str, promised: str) -> None:
    told = promised_by(datetime.fromisoformat(handed_in).replace(tzinfo=SHANGHAI))
    assert told.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") == promised
