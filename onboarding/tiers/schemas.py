"""What the forms about visits may hold; judged by the operations. Pictures come as files beside them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from marshmallow import Schema, fields, post_load

from onboarding.tiers.rules import FINDINGS, Seen

_ANSWERS: Final = {"yes": True, "no": False}


class InspectionForm(Schema):
    """What was seen on which day; an answer that is neither yes nor no is none."""

    visited_on = fields.String(load_default="")
    at_address = fields.String(load_default="")
    makes_goods = fields.String(load_default="")
    fits_profile = fields.String(load_default="")
    in_order = fields.String(load_default="")
    note = fields.String(load_default="")
    profile = fields.String(load_default="")

    @post_load
    def read(self, data: dict[str, Any], **_more: object) -> dict[str, Seen]:
        """The visit without its pictures, as `seen`."""
        try:
            day = date.fromisoformat(data["visited_on"])
        except ValueError:
            day = None
        found = {name: _ANSWERS.get(data[name]) for name in FINDINGS}
        return {"seen": Seen(visited_on=day, found=found, note=data["note"], profile=data["profile"])}


class WithdrawalForm(Schema):
    """Why a visit should not count."""

    reason = fields.String(load_default="")
