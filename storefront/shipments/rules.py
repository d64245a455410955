"""Carriers and what a tracking number looks like."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from kernel.errors import InvalidInputError

CARRIERS: Final = {
    "sf": "顺丰速运",
    "zto": "中通快递",
    "yto": "圆通速递",
    "sto": "申通快递",
    "yunda": "韵达快递",
    "jitu": "极兔速递",
    "jd": "京东快递",
    "ems": "中国邮政 EMS",
    "deppon": "德邦快递",
}
TABS: Final = {
    "to-ship": ("待发货", ("paid", "packed")),
    "on-the-way": ("已发货", ("shipped",)),
    "done": ("已完成", ("delivered", "completed")),
    "all": ("全部", ()),
}
"""How a seller's list is cut: the address, its label, the states in it."""
_OWN_LETTERS = {"SF": "sf", "YT": "yto", "JT": "jitu", "JD": "jd", "DPK": "deppon"}
_NUMBER = re.compile(r"(?=(?:.*[0-9]){8})[A-Z0-9]{8,24}")


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
