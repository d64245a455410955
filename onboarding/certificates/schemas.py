"""What the form of a certificate may hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from marshmallow import Schema, ValidationError, fields, validate

from onboarding.certificates.rules import KINDS, NAME_CAP, NUMBER_CAP, SCOPE_CAP, Told, normalise

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class OptionalDay(fields.Field["date | None"]):
    """A day as a date field sends it, `2028-01-31`; none when it is left empty."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> date | None:  # noqa: ARG002
        try:
            return date.fromisoformat(str(value)) if value else None
        except ValueError:
            raise ValidationError("field.day") from None


class CertificateForm(Schema):
    """A certificate as its owner tells of it; without `goods` it is for all that need its kind."""

    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS), error="field.choice"))
    number = fields.String(required=True, validate=validate.Length(max=NUMBER_CAP, error="field.too_long"))
    holder = fields.String(load_default="", validate=validate.Length(max=NAME_CAP, error="field.too_long"))
    factory = fields.String(load_default="", validate=validate.Length(max=NAME_CAP, error="field.too_long"))
    scope = fields.String(load_default="", validate=validate.Length(max=SCOPE_CAP, error="field.too_long"))
    valid_from = OptionalDay(load_default=None)
    valid_until = OptionalDay(load_default=None)


def told(form: Mapping[str, Any]) -> Told:
    """The loaded form with its number in the form that numbers are compared in."""
    return Told(**{**form, "number": normalise(form["number"])})
