"""What is left to do before the first sale, and whose turn it is."""

from datetime import datetime

import pytest

from kernel.clock import SHANGHAI
from kernel.wording import Words
from onboarding.joining.rules import FOR_CLERKS, Opening, Turn, blocking, led_to, steps
from onboarding.terms.rules import Terms

TUESDAY = datetime(2026, 11, 17, 9, tzinfo=SHANGHAI)


def turns(**facts: object) -> str:
    """Whose turn each step is: licence, papers, review, sheet, goods in, goods on, promise, words, money."""
    return "".join(step.turn[0] for step in steps(Opening(**facts)))


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"state": "draft"}, "yllyllll"),
        ({"state": "draft", "licence": "waiting"}, "ollyllll"),
        ({"state": "draft", "licence": "read"}, "dylyllll"),
        ({"state": "draft", "licence": "unreadable", "goods": {"draft": 3}}, "dyldylll"),
        ({"state": "submitted", "licence": "read", "handed_in": TUESDAY}, "ddoyllly"),
        ({"state": "in_review", "licence": "read", "handed_in": TUESDAY, "goods": {"submitted": 1}}, "ddoddoly"),
        ({"state": "correction", "licence": "read", "handed_in": TUESDAY}, "dylyllly"),
        ({"state": "correction", "licence": "read", "handed_in": TUESDAY, "retake": True}, "yylyllly"),
        ({"state": "refused", "licence": "read", "handed_in": TUESDAY}, "dylyllly"),
        ({"state": "draft", "licence": "read", "claims": True}, "dolyllll"),
        ({"state": "draft", "licence": "read", "sheet": "sht_1"}, "dylollll"),
        ({"state": "draft", "licence": "read", "sheet": "sht_1", "sheet_goods": 5}, "dylyllll"),
        ({"state": "approved", "licence": "read", "goods": {"submitted": 1}}, "dddddoly"),
        ({"state": "approved", "licence": "read", "goods": {"published": 1}, "described": True}, "ddddddld"),
        ({"state": "suspended", "licence": "read", "goods": {"published": 1}}, "ddoddoly"),
    ],
)
def test_each_step_is_somebodys_turn(facts: dict[str, object], told: str) -> None:
    assert turns(**facts) == f"{told}y"  # where the money goes can wait


def test_what_a_belt_usually_promises_is_one_tap_away_once_there_is_a_belt() -> None:
    facts = {"licence": "read", "usual": Terms(2, "seven_days")}
    assert turns(state="draft", **facts)[-3] == "l"
    assert turns(state="submitted", handed_in=TUESDAY, **facts)[-3] == "y"
    assert turns(state="approved", promised=True, **facts)[-3] == "d"
    [step] = [step for step in steps(Opening(state="approved", **facts)) if step.usual]
    assert step.optional


def test_what_one_may_leave_out_blocks_nothing() -> None:
    ready = steps(Opening(state="approved", licence="read", goods={"published": 1}))
    assert blocking(ready) == 0
    assert [step.turn for step in ready if step.optional] == [Turn.LATER, Turn.YOURS, Turn.YOURS]


def test_a_sheet_that_waits_leads_to_itself() -> None:
    [step] = [step for step in steps(Opening(state="draft", sheet="sht_1", sheet_goods=5)) if "sht_1" in step.url]
    assert isinstance(step.note, Words)
    assert "5 款" in step.note.said_in("zh")


def test_what_is_to_be_corrected_is_named() -> None:
    papers = steps(Opening(state="correction", licence="read", sent_back=("licence", "address")))[1]
    assert papers.fields == ("营业执照照片", "住所或经营场所")


def test_whoever_waits_reads_until_when() -> None:
    waits = steps(Opening(state="submitted", licence="read", handed_in=TUESDAY))[2]
    assert waits.by == datetime(2026, 11, 18, 18, tzinfo=SHANGHAI)


def test_every_step_that_is_hers_leads_somewhere() -> None:
    for state in ("draft", "correction", "refused", "approved"):
        hers = [step for step in steps(Opening(state=state)) if step.turn is Turn.YOURS]
        assert all(step.url and step.action for step in hers), state


def test_clerks_are_led_to_goods_alone() -> None:
    found = steps(Opening(state="submitted", handed_in=TUESDAY, licence="read", usual=Terms(2, "seven_days")))
    assert {step.url for step in led_to(FOR_CLERKS, found) if step.url} == {
        "/factory/sheets",
        "/factory/listings?state=draft",
    }
    assert not any(step.usual for step in led_to(FOR_CLERKS, found))


def test_nothing_of_a_draft_leads_to_what_it_has_not_yet() -> None:
    [words] = [step for step in steps(Opening(state="draft")) if step.url == "/factory/profile"]
    assert words.turn is Turn.LATER


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"state": "draft"}, "yllllll"),
        ({"state": "draft", "licence": "read"}, "dylllll"),
        ({"state": "submitted", "licence": "read", "handed_in": TUESDAY}, "ddoylll"),
        ({"state": "correction", "licence": "read", "handed_in": TUESDAY, "asked": 1}, "dyltlll"),
        ({"state": "approved", "licence": "read"}, "dddylll"),
        ({"state": "approved", "licence": "read", "asked": 1}, "dddtlll"),
        ({"state": "approved", "licence": "read", "admitted": 1}, "ddddyll"),
        ({"state": "approved", "licence": "read", "admitted": 1, "picked": 3}, "dddddyl"),
        ({"state": "suspended", "licence": "read", "admitted": 1, "picked": 3}, "ddoddll"),
    ],
)
def test_a_merchant_is_told_whose_turn_each_step_is(facts: dict[str, object], told: str) -> None:
    """Licence, papers, review, a factory asked, goods picked up, the shop told of, the first order; then the money."""
    assert turns(kind="merchant", **facts) == f"{told}y"
    hers = [step for step in steps(Opening(kind="merchant", **facts)) if step.turn is Turn.YOURS]
    assert all(step.url and step.action for step in hers)
