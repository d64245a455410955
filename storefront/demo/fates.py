"""What may become of a checkout, how often, and when each step of it comes."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from storefront.demo.merchants import BO, WEI

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random


class Fate(StrEnum):
    """What becomes of a checkout."""

    BOUGHT = "bought"
    WAITING = "waiting"
    PACKED = "packed"
    ON_ITS_WAY = "on_its_way"
    DECLINED_FIRST = "declined_first"
    GIVEN_UP = "given_up"
    EXPIRED = "expired"
    UNPAID = "unpaid"
    CALLED_OFF = "called_off"  # refunded before it was shipped
    SENT_BACK = "sent_back"  # refunded before the money was released
    SENT_BACK_LATE = "sent_back_late"  # and after
    TRAVELLING = "travelling"  # agreed, and not back yet
    ASKING = "asking"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


ORDINARY: Final = {
    Fate.BOUGHT: 82,
    Fate.DECLINED_FIRST: 4,
    Fate.GIVEN_UP: 3,
    Fate.EXPIRED: 3,
    Fate.CALLED_OFF: 2,
    Fate.SENT_BACK: 2,
    Fate.SENT_BACK_LATE: 1,
    Fate.REFUSED: 1,
    Fate.WITHDRAWN: 1,
}
"""How many of a hundred."""
CERTAIN: Final = (
    (0, WEI, Fate.WAITING),
    (0, WEI, Fate.WAITING),
    (0, BO.phone, Fate.WAITING),
    (0, "", Fate.WAITING),
    (1, WEI, Fate.PACKED),
    (1, BO.phone, Fate.PACKED),
    (1, "", Fate.PACKED),
    (2, BO.phone, Fate.CALLED_OFF),
    (2, BO.phone, Fate.ON_ITS_WAY),
    (2, WEI, Fate.ON_ITS_WAY),
    (2, WEI, Fate.EXPIRED),
    (3, BO.phone, Fate.GIVEN_UP),
    (4, BO.phone, Fate.EXPIRED),
    (3, WEI, Fate.CALLED_OFF),
    (10, WEI, Fate.ASKING),
    (10, BO.phone, Fate.ASKING),
    (11, WEI, Fate.TRAVELLING),
    (11, BO.phone, Fate.TRAVELLING),
    (13, WEI, Fate.WITHDRAWN),
    (14, BO.phone, Fate.REFUSED),
    (18, BO.phone, Fate.SENT_BACK),
    (19, WEI, Fate.SENT_BACK),
    (40, BO.phone, Fate.SENT_BACK_LATE),
    (44, WEI, Fate.SENT_BACK_LATE),
)
"""Days before today, the seller, what becomes of it: so that nothing is missing on any day of the week."""
_STOPS_AFTER: Final = {Fate.WAITING: 1, Fate.PACKED: 2, Fate.ON_ITS_WAY: 3}
_NEVER_SIGNED: Final = 1 / 8
_PACKED_FIRST: Final = 1 / 3


def steps_of(placed: datetime, fate: Fate, dice: Random) -> dict[str, datetime]:
    """What follows and when, as if there were no end of time."""
    paid = placed + timedelta(minutes=dice.uniform(1, 9))
    if fate is Fate.GIVEN_UP:
        return {"cancel": paid}
    if fate is Fate.EXPIRED:
        return {"expire": placed + timedelta(minutes=31)}
    shipped = paid + timedelta(hours=dice.uniform(5, 44))
    received = shipped + timedelta(days=dice.uniform(1.5, 5.5))
    packed = paid + (shipped - paid) * dice.uniform(0.1, 0.4)
    steps = {"pay": paid, "pack": packed, "ship": shipped, "receive": received}
    if fate in _STOPS_AFTER:
        return dict(list(steps.items())[: _STOPS_AFTER[fate]])
    if dice.random() > _PACKED_FIRST:
        del steps["pack"]
    if fate in {Fate.BOUGHT, Fate.DECLINED_FIRST}:
        if dice.random() < _NEVER_SIGNED:
            del steps["receive"]
        return steps
    return steps | _after_sales(fate, paid, shipped, received, dice)


def _after_sales(
    fate: Fate, paid: datetime, shipped: datetime, received: datetime, dice: Random
) -> dict[str, datetime]:
    """When she asks for her money, and what is answered."""
    if fate is Fate.CALLED_OFF:
        return {"ask": paid + (shipped - paid) * 0.2, "agree": paid + (shipped - paid) * 0.7}
    asked = received + timedelta(days=dice.uniform(0.3, 1.2))
    if fate is Fate.SENT_BACK_LATE:
        asked = received + timedelta(days=dice.uniform(10, 14))
    answered = asked + timedelta(days=dice.uniform(0.2, 0.9))
    back = answered + timedelta(days=dice.uniform(2, 4))
    answers = {
        Fate.ASKING: {},
        Fate.TRAVELLING: {"agree": answered},
        Fate.REFUSED: {"refuse": answered},
        Fate.WITHDRAWN: {"withdraw": answered},
    }
    return {"ask": asked, **answers.get(fate, {"agree": answered, "confirm": back})}
