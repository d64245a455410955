"""What the forms of refunds may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, fields, validate

from storefront.after_sales.rules import WHY, WORDS_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable

PIECES: Final = r"[0-9]{1,4}\Z"
_PIECES = validate.Regexp(PIECES, error="field.whole_number")
_SHORT = validate.Length(max=WORDS_LENGTH, error="field.too_long")


class AnswerSchema(Schema):
    """Why a seller says no; an operation says that it is needed."""

    answer = fields.String(load_default="", validate=_SHORT)


class _AskSchema(Schema):
    why = fields.String(load_default="", validate=validate.OneOf(["", *WHY], error="field.choice"))
    words = fields.String(load_default="", validate=_SHORT)
    step = fields.String(load_default="ask", validate=validate.OneOf(["ask", "count"]))


def ask_form(offers: Iterable[str]) -> Schema:
    """The form of one order: why, in her words, and the pieces of each line by the public id of its offer."""
    members: dict[str, fields.Field[Any]] = {
        offer: fields.String(load_default="0", validate=_PIECES) for offer in offers
    }
    made: Schema = type("AskForm", (_AskSchema,), members)()
    return made
