"""What the checkout and pay pages may hold, and how an address is kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from kernel.errors import InvalidInputError
from onboarding.accounts.rules import normalise_phone
from storefront.orders.rules import PROVINCES, Address


def _words(most: int, *, needed: bool = True) -> fields.String:
    rule = validate.Length(1 if needed else 0, most, error="field.required_up_to" if needed else "field.too_long")
    return fields.String(required=needed, load_default="" if not needed else ..., validate=rule)


class CheckoutSchema(Schema):
    """The address, the token of the cart's state, and the total that was shown (fen)."""

    form_token = fields.String(required=True, validate=validate.Length(1, 40))
    total_fen = fields.String(required=True, validate=validate.Regexp(r"[0-9]{1,12}\Z"))


class PaySchema(Schema):
    """What the buyer does on the sandbox's page."""

    method = fields.String(required=True, validate=validate.OneOf(["sandbox_pays", "sandbox_declines"]))
