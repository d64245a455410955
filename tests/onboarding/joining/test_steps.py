"""What is left to do before the first sale, and whose turn it is."""

from datetime import datetime

import pytest

from kernel.clock import SHANGHAI
from onboarding.joining.rules import Opening, Turn, blocking, steps

TUESDAY = datetime(2026, 11, 17, 9, tzinfo=SHANGHAI)


def turns(**facts: object) -> str:
    """The first letters of whose turn each step is: licence, papers, review, sheet, goods in, goods on, words."""
    return "".join(step.turn[0] for step in steps(Opening(**facts)))


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"state": "draft"}, "yllylly"),
        ({"state": "draft", "licence": "waiting"}, "ollylly"),
        ({"state": "draft", "licence": "read"}, "dylylly"),
        ({"state": "draft", "licence": "unreadable", "goods": {"draft": 3}}, "dyldyly"),
        ({"state": "submitted", "licence": "read", "handed_in": TUESDAY}, "ddoylly"),
        ({"state": "in_review", "licence": "read", "handed_in": TUESDAY, "goods": {"submitted": 1}}, "ddoddoy"),
        ({"state": "correction", "licence": "read", "handed_in": TUESDAY}, "dylylly"),
        ({"state": "refused", "licence": "read", "handed_in": TUESDAY}, "dylylly"),
        ({"state": "approved", "licence": "read", "goods": {"submitted": 1}}, "ddsddoy".replace("s", "d")),
        ({"state": "approved", "licence": "read", "goods": {"published": 1}, "described": True}, "ddddddd"),
        ({"state": "suspended", "licence": "read", "goods": {"published": 1}}, "ddoddoy"),
    ],
)
def test_each_step_is_somebodys_turn(facts: dict[str, object], told: str) -> None:
    assert turns(**facts) == told


def test_what_one_may_leave_out_blocks_nothing() -> None:
    ready = steps(Opening(state="approved", licence="read", goods={"published": 1}))
    assert blocking(ready) == 0
    assert [step.turn for step in ready if step.optional] == [Turn.YOURS]


def test_whoever_waits_reads_until_when() -> None:
    waits = steps(Opening(state="submitted", licence="read", handed_in=TUESDAY))[2]
    assert waits.by == datetime(2026, 11, 18, 18, tzinfo=SHANGHAI)


def test_every_step_that_is_hers_leads_somewhere() -> None:
    for state in ("draft", "correction", "refused", "approved"):
        hers = [step for step in steps(Opening(state=state)) if step.turn is Turn.YOURS]
        assert all(step.url and step.action for step in hers), state
