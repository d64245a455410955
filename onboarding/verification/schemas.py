"""What the forms of joining may hold; their values are judged by the operations, all at once."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from onboarding.verification.rules import Told


class ProfileForm(Schema):
    """What a factory tells of itself; a field left empty says nothing."""

    _number = validate.Regexp(r"([0-9]{1,7})?\Z", error="field.whole_number")
    founded = fields.String(load_default="", validate=validate.Regexp(r"([0-9]{1,7})?\Z", error="field.year"))
    people = fields.String(load_default="", validate=_number)
    capacity = fields.String(load_default="")
    makes = fields.String(load_default="")

    @post_load
    def told(self, data: dict[str, Any], **_more: object) -> dict[str, Any]:
        """Gathered as the rules take it."""
        numbers = {name: int(data[name]) if data[name] else None for name in ("founded", "people")}
        return {"told": Told(**{**data, **numbers})}
