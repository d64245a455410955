"""What the cart's forms may hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from storefront.cart.rules import QUANTITY


class QuantitySchema(Schema):
    """How many pieces: 1 to 9999 in plain digits."""

    quantity = fields.String(required=True, validate=validate.Regexp(QUANTITY, error="field.quantity"))


class LineSchema(QuantitySchema):
    """An offer to put in; `next` is `checkout` for who wants to pay at once."""

    offer = fields.String(required=True, validate=validate.Length(max=40))
    next = fields.String(load_default="", validate=validate.OneOf(["", "checkout"]))
