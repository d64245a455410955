"""What the cart's forms may hold."""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields, validate

from storefront.cart.rules import MOST_LINES, QUANTITY

OFFERS_CAP: Final = MOST_LINES * 41
"""As many as a cart has lines, each with a space."""


class QuantitySchema(Schema):
    """How many pieces: 1 to 9999 in plain digits."""

    quantity = fields.String(required=True, validate=validate.Regexp(QUANTITY, error="field.quantity"))


class DeadSchema(Schema):
    """The offers that she was told cannot be bought, by spaces."""

    offers = fields.String(required=True, validate=validate.Length(max=OFFERS_CAP))


class LineSchema(QuantitySchema):
    """An offer to put in; `next` is `checkout` for who wants to pay at once."""

    offer = fields.String(required=True, validate=validate.Length(max=40))
    next = fields.String(load_default="", validate=validate.OneOf(["", "checkout"]))
