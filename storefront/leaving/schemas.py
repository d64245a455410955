"""Forms about leaving."""

from __future__ import annotations

from marshmallow import Schema, fields


class ClosingForm(Schema):
    """The name of the shop, typed as it is written."""

    name = fields.String(required=True)
