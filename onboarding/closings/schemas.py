"""What the form of days off may hold; its values are judged by the operation."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, fields, post_load


class ClosingForm(Schema):
    """The day on which the factory sells again, and a line about it; no day is a day that does not count."""

    until = fields.String(load_default="")
    words = fields.String(load_default="")

    @post_load
    def read(self, data: dict[str, Any], **_more: object) -> dict[str, Any]:
        """The day as a date."""
        try:
            return {**data, "until": date.fromisoformat(data["until"])}
        except ValueError:
            return {**data, "until": None}
