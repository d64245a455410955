"""What is true of notices: how one moves, what it needs, who sees what of it, when its measures end."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy
from kernel.workdays import working_day_from

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS: Final = timedelta(days=15)
"""So long after a counter-notice has arrived its right holder may complain or sue (E-commerce Law, article 43)."""
LINKS_CAP: Final = 20
NAME_CAP: Final = 120
CONTACT_CAP: Final = 200
NUMBER_CAP: Final = 60
WORDS: Final = range(10, 2001)
FILES_CAP: Final = 5
"""So many files of one kind at once."""
SENT: Final = (10, timedelta(days=1))
HANDED: Final = (30, timedelta(hours=1))

RIGHTS: Final = {
    "trademark": lazy("商标权"),
    "copyright": lazy("著作权"),
    "invention": lazy("发明专利"),
    "utility": lazy("实用新型专利"),
    "design": lazy("外观设计专利"),
    "other": lazy("其他知识产权"),
}
UNNUMBERED: Final = frozenset({"copyright", "other"})
"""Rights that need not be registered."""
HOLDERS: Final = {"firm": lazy("单位"), "person": lazy("个人")}
EVIDENCE: Final = {
    "identity": lazy("身份证明"),
    "right": lazy("权利证明"),
    "infringement": lazy("侵权的初步证据"),
    "counter": lazy("不侵权的证据"),
    "proof": lazy("投诉或起诉的证明"),
    "outcome": lazy("处理结果"),
}
HANDED_WITH_NOTICE: Final = ("identity", "right", "infringement")
SELLER_READS: Final = frozenset({"right", "infringement", "counter", "proof", "outcome"})
"""Who a right holder is she proves to the channel; a seller reads her name."""

_DECIDE, _SELLER = Permission.OPS_CASES_DECIDE, Permission.SELLER_ORGANISATION_EDIT
_HERSELF, _CLOCK = Permission.ACCOUNT_SELF_USE, Permission.SYSTEM_WORK_RUN
_WAITS, _ENDS, _MOVES = "notice.waits", "notice.ended", "notice.moved"
NOTICE: Final = Lifecycle(
    name="notice",
    start="submitted",
    steps={
        ("submitted", "accept"): Step("in_force", _DECIDE, _MOVES),
        ("submitted", "ask"): Step("incomplete", _DECIDE, _MOVES),
        ("submitted", "refuse"): Step("refused", _DECIDE, _ENDS),
        ("incomplete", "complete"): Step("submitted", _HERSELF, _WAITS),
        ("in_force", "counter"): Step("countered", _SELLER, _WAITS),
        ("countered", "forward"): Step("waiting", _DECIDE, _MOVES),
        ("countered", "return"): Step("in_force", _DECIDE, _MOVES),
        ("waiting", "prove"): Step("proved", _HERSELF, _WAITS),
        ("waiting", "lapse"): Step("lapsed", _CLOCK, _ENDS),
        ("proved", "confirm"): Step("pursued", _DECIDE, _MOVES),
        ("proved", "reject"): Step("waiting", _DECIDE, _MOVES),
        ("pursued", "hand_outcome"): Step("judged", _HERSELF, _WAITS),
        ("judged", "uphold"): Step("upheld", _DECIDE, _ENDS),
        ("judged", "dismiss"): Step("dismissed", _DECIDE, _ENDS),
        ("judged", "ask"): Step("pursued", _DECIDE, _MOVES),
        **{
            (state, "withdraw"): Step("withdrawn", _HERSELF, _ENDS)
            for state in ("submitted", "incomplete", "in_force", "countered", "waiting", "proved", "pursued", "judged")
        },
    },
    labels={
        "submitted": "等平台审查",
        "incomplete": "等权利人补正",
        "in_force": "已采取措施，等卖家声明",
        "countered": "卖家已声明，等平台审查",
        "waiting": "声明已转送，等权利人投诉或起诉",
        "proved": "权利人已交证明，等平台核对",
        "pursued": "已投诉或起诉，措施保留",
        "judged": "已交处理结果，等平台核对",
        "refused": "不予受理",
        "withdrawn": "权利人已撤回",
        "lapsed": "15 天内没有投诉或起诉，措施已终止",
        "upheld": "认定侵权，措施保留",
        "dismissed": "认定不侵权，措施已终止",
    },
    tones={
        "submitted": "warn",
        "incomplete": "warn",
        "in_force": "bad",
        "countered": "warn",
        "waiting": "warn",
        "proved": "warn",
        "pursued": "bad",
        "judged": "warn",
        "upheld": "bad",
        "lapsed": "good",
        "dismissed": "good",
    },
)
ENDED: Final = tuple(state for state in NOTICE.states if not NOTICE.actions(state))
LIFTED: Final = ("withdrawn", "lapsed", "dismissed")
"""Ends with which goods come back on sale."""
WRONGFUL: Final = ("refused", "lapsed", "dismissed")
"""Ends that speak against whoever sent the notice."""
TIMED: Final = ("waiting", "proved")
DEEDS: Final = {
    "submit": lazy("交了通知"),
    "complete": lazy("补正了通知"),
    "ask": lazy("平台请补正"),
    "accept": lazy("平台受理，采取了措施并转送卖家"),
    "refuse": lazy("平台不予受理"),
    "counter": lazy("卖家交了不侵权声明"),
    "return": lazy("平台请卖家补正声明"),
    "forward": lazy("平台把声明转送权利人"),
    "prove": lazy("权利人交了投诉或起诉的证明"),
    "confirm": lazy("平台核对了证明，措施保留"),
    "reject": lazy("平台没有认可证明"),
    "hand_outcome": lazy("交了处理结果"),
    "uphold": lazy("认定侵权，措施保留"),
    "dismiss": lazy("认定不侵权，措施终止"),
    "withdraw": lazy("权利人撤回了通知"),
    "lapse": lazy("期满没有投诉或起诉，措施终止"),
}
HOLDER_SEES: Final = frozenset(DEEDS) - {"return"}
SELLER_SEES: Final = frozenset(DEEDS) - {"submit", "complete", "ask", "reject"}
AFTER_ARRIVAL: Final = frozenset({"counter"})
"""What a right holder sees once it was forwarded to her, and not before."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a right holder says."""

    holder_kind: str
    name: str
    contact: str
    right_kind: str
    right_number: str
    statement: str


Fault = tuple[str, dict[str, str | int]]


def faults(told: Told, *, promised: bool) -> dict[str, Fault]:
    """What is missing or wrong, by field."""
    caps = {"name": NAME_CAP, "contact": CONTACT_CAP, "right_number": NUMBER_CAP}
    found: dict[str, Fault] = {
        name: ("field.too_long", {}) for name, cap in caps.items() if len(getattr(told, name)) > cap
    }
    chosen = {"holder_kind": HOLDERS, "right_kind": RIGHTS}
    found |= {name: ("field.required", {}) for name, known in chosen.items() if getattr(told, name) not in known}
    found |= {name: ("field.required", {}) for name in ("name", "contact") if not getattr(told, name)}
    if not told.right_number and told.right_kind not in UNNUMBERED:
        found["right_number"] = ("field.notice.number", {})
    if wrong := words_fault(told.statement):
        found["statement"] = wrong
    if not promised:
        found["promise"] = ("field.notice.promise", {})
    return found


def words_fault(words: str) -> Fault | None:
    """What is wrong with what one side says."""
    return None if len(words) in WORDS else ("field.notice.words", {"least": WORDS.start, "most": WORDS.stop - 1})


def right_key(kind: str, number: str) -> str:
    """A right as it is compared: its number without spaces and signs, in capitals."""
    bare = "".join(char for char in unicodedata.normalize("NFKC", number).upper() if char.isalnum())
    return f"{kind}:{bare}"


def last_day(arrived_on: date) -> date:
    """The last Shanghai day on which word may come (Civil Code, articles 201 and 203).

    The day of arrival is not counted; days that end on a holiday end with the first working day after it.
    """
    return working_day_from(arrived_on + DAYS)


def is_over(until: date, today: date) -> bool:
    """Whether the days of a right holder are over."""
    return today > until


def number_of(key: int) -> str:
    """What a notice is called on the telephone."""
    return f"IP{1000 + key}"


def sees(side: str, action: str, *, arrived: bool) -> bool:
    """Whether a side (`holder` or `seller`) reads of a deed; an operator reads all."""
    if side == "seller":
        return action in SELLER_SEES
    return action in HOLDER_SEES and (arrived or action not in AFTER_ARRIVAL)


def reads(side: str, kind: str, *, arrived: bool) -> bool:
    """Whether a side may open a piece of evidence of this kind."""
    if side == "seller":
        return kind in SELLER_READS
    return arrived or kind != "counter"


def by_kind(counts: Mapping[str, int]) -> dict[str, Fault]:
    """What is wrong with how many files of each kind were handed in: each at least one, few enough to be read."""
    found: dict[str, Fault] = {}
    for kind, count in counts.items():
        if not count:
            found[kind] = ("field.notice.file", {})
        elif count > FILES_CAP:
            found[kind] = ("field.notice.files", {"most": FILES_CAP})
    return found
