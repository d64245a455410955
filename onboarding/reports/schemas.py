"""What the form of a report may hold; judged by the operation."""

from __future__ import annotations

from marshmallow import Schema, fields


class ReportForm(Schema):
    """Why, and in what words; pictures come beside it."""

    goods = fields.String(required=True)
    reason = fields.String(load_default="")
    words = fields.String(load_default="")
