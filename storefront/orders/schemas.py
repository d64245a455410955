"""What the checkout and pay pages may hold."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from commission.payments.rules import DECLINES, PAYS
from kernel.errors import InvalidInputError
from onboarding.accounts.rules import normalise_phone
from storefront.orders.rules import PROVINCES, Address

_NEEDED = validate.Length(1, error="field.required")


def _short(most: int) -> validate.Length:
    return validate.Length(max=most, error="field.too_long")


class CheckoutSchema(Schema):
    """Where it goes, the token of the cart's state, and the total that was shown (fen), which is only compared."""

    form_token = fields.String(required=True, validate=validate.Length(1, 40))
    total_fen = fields.String(required=True, validate=validate.Regexp(r"[0-9]{1,12}\Z"))
    name = fields.String(load_default="", validate=[_NEEDED, _short(40)])
    phone = fields.String(load_default="", validate=[_NEEDED, _short(40)])
    province = fields.String(load_default="", validate=validate.OneOf(PROVINCES, error="field.province"))
    city = fields.String(load_default="", validate=[_NEEDED, _short(20)])
    county = fields.String(load_default="", validate=[_NEEDED, _short(20)])
    line = fields.String(load_default="", validate=[_NEEDED, _short(120)])
    note = fields.String(load_default="", validate=_short(200))
    pasted = fields.String(load_default="", validate=_short(300))
    to_order = fields.String(load_default="")

    @post_load
    def address(self, data: dict[str, Any], **_more: object) -> dict[str, Any]:
        """Gather the address; the phone in E.164, texts in one line."""
        token, total, to_order = data.pop("form_token"), int(data.pop("total_fen")), data.pop("to_order")
        data.pop("pasted")  # already told apart, or never asked to be
        try:
            data["phone"] = normalise_phone(data["phone"])
        except InvalidInputError as error:
            raise ValidationError({"phone": ["field.phone"]}) from error
        one_line = {name: " ".join(value.split("\n")) for name, value in data.items()}
        return {"form_token": token, "total_fen": total, "to_order": to_order, "address": Address(**one_line)}


class PaySchema(Schema):
    """What the buyer chooses on the sandbox's page."""

    method = fields.String(required=True, validate=validate.OneOf([PAYS, DECLINES]))
