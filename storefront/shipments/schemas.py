"""What the ship form may hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class ShipSchema(Schema):
    """A carrier and its number; `rules.tracking_number` has the last word."""

    carrier = fields.String(load_default="", validate=validate.Length(max=10, error="field.carrier"))
    tracking = fields.String(load_default="", validate=validate.Length(max=60, error="field.tracking"))
