"""What the form of a seller may hold; its values are judged by the operations, all at once."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from kernel.errors import InvalidInputError
from onboarding.licences.ocr.dates import dates
from onboarding.verification.rules import Papers, Said

_PAPERS = ("legal_representative", "address", "sort", "scope")
_DAYS = ("established_on", "expires_on")


class SellerForm(Schema):
    """A seller as its licence names it, where a factory belongs and how it sells, the agreement it accepts.

    `words` are those of a claim, when somebody else holds the code.
    """

    name = fields.String(load_default="")
    uscc = fields.String(load_default="")
    belt = fields.String(load_default="")
    ways = fields.String(load_default="")
    agreement = fields.String(load_default="")
    legal_representative = fields.String(load_default="")
    address = fields.String(load_default="")
    sort = fields.String(load_default="")
    scope = fields.String(load_default="")
    established_on = fields.String(load_default="")
    expires_on = fields.String(load_default="")
    words = fields.String(load_default="")

    @post_load
    def said(self, data: dict[str, Any], **_more: object) -> dict[str, Any]:
        """Gathered as the operations take it; a day that is none is an InvalidInputError."""
        days = {field: next(iter(dates(data[field])), None) for field in _DAYS}
        strange = [field for field in _DAYS if data[field].strip() and days[field] is None]
        if strange:
            raise InvalidInputError({field: ("field.day", {}) for field in strange})
        papers = Papers(**{field: data[field] for field in _PAPERS} | days)
        plain = {field: data[field] for field in ("name", "uscc", "belt", "ways", "agreement")}
        return {"said": Said(**plain, papers=papers), "words": data["words"]}


class WordForm(SellerForm):
    """The same, with the code by which the owner gives her word."""

    code = fields.String(required=True, validate=validate.Length(max=20, error="field.code"))

    @post_load
    def said(self, data: dict[str, Any], **_more: object) -> dict[str, Any]:
        """Gathered, with the code."""
        gathered: dict[str, Any] = super().said(data)
        return {**gathered, "code": data["code"]}
