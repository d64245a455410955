"""What a merchant's forms and the addresses of her lists may hold."""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields, validate

from onboarding.listings.schemas import Price
from storefront.supply.schemas import Markup

GOODS: Final = "/merchant/goods"
_BACK: Final = validate.Length(max=200)


class MarkupForm(Schema):
    """The markup that a pick-up's prices follow."""

    markup = Markup(required=True, error_messages={"required": "field.markup"})
    back = fields.String(load_default=GOODS, validate=_BACK)


class PriceForm(Schema):
    """A price set by hand."""

    price = Price(required=True, error_messages={"required": "field.price"})
    back = fields.String(load_default=GOODS, validate=_BACK)


class LetGoForm(Schema):
    """Nothing but where to return to."""

    back = fields.String(load_default=GOODS, validate=_BACK)
