"""Carriers and what a tracking number looks like."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kernel.errors import InvalidInputError
from kernel.text import lazy

if TYPE_CHECKING:
    from datetime import datetime

SHIP_WITHIN: Final = timedelta(hours=48)
"""What buyers are used to; nothing happens by itself afterwards, the order is only shown as late."""
CARRIERS: Final = {
    "sf": lazy("顺丰速运"),
    "zto": lazy("中通快递"),
    "yto": lazy("圆通速递"),
    "sto": lazy("申通快递"),
    "yunda": lazy("韵达快递"),
    "jitu": lazy("极兔速递"),
    "jd": lazy("京东快递"),
    "ems": lazy("中国邮政 EMS"),
    "deppon": lazy("德邦快递"),
}
TABS: Final = {
    "to-ship": (lazy("待发货"), ("paid", "packed")),
    "on-the-way": (lazy("已发货"), ("shipped",)),
    "done": (lazy("已完成"), ("delivered", "completed")),
    "all": (lazy("全部"), ()),
}
"""How a seller's list is cut: the address, its label, the states in it."""
_OWN_LETTERS = {"SF": "sf", "YT": "yto", "JT": "jitu", "JD": "jd", "DPK": "deppon"}
_NUMBER = re.compile(r"(?=(?:.*[0-9]){8})[A-Z0-9]{8,24}")


def is_late(paid_at: datetime, now: datetime) -> bool:
    """Whether a paid order waits longer for its parcel than buyers are used to."""
    return now >= paid_at + SHIP_WITHIN


def tracking_number(carrier: str, text: str) -> str:
    """The number as carriers write it: capitals and digits, full-width forms, spaces and dashes forgiven.

    InvalidInputError on `tracking` when it is none, or carries the letters of another carrier.
    """
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if carrier not in CARRIERS:
        raise InvalidInputError({"carrier": ("field.carrier", {})})
    if not _NUMBER.fullmatch(number):
        raise InvalidInputError({"tracking": ("field.tracking", {})})
    for letters, owner in _OWN_LETTERS.items():
        if number.startswith(letters) and owner != carrier:
            raise InvalidInputError({"tracking": ("field.tracking_of_another", {"carrier": CARRIERS[owner]})})
    return number
