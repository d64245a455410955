"""What the form of an application may hold; its values are judged by the operation, all at once."""

from __future__ import annotations

from marshmallow import Schema, fields


class FactoryForm(Schema):
    """A factory's name, credit code and belt."""

    name = fields.String(required=True)
    uscc = fields.String(required=True)
    belt = fields.String(required=True)
