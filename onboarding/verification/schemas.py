"""What the forms of joining may hold; their values are judged by the operations, all at once."""

from __future__ import annotations

from marshmallow import Schema, fields


class FactoryForm(Schema):
    """A factory's name, credit code and belt."""

    name = fields.String(required=True)
    uscc = fields.String(required=True)
    belt = fields.String(required=True)


class MerchantForm(Schema):
    """A merchant's shop name and credit code."""

    name = fields.String(required=True)
    uscc = fields.String(required=True)
