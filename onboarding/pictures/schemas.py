"""What may enter of pictures: which to put where, and what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields, validate

from onboarding.pictures.rules import WORDS_CAP

if TYPE_CHECKING:
    from collections.abc import Iterable


def order_form(pictures: Iterable[str]) -> Schema:
    """The order of a listing's pictures (public ids), a step of one of them, and `words_…` of each."""
    told = validate.Length(max=WORDS_CAP, error="field.too_long")
    members: dict[str, fields.Field[Any]] = {f"words_{one}": fields.String(validate=told) for one in pictures}
    members["order"] = fields.List(fields.String(), load_default=list)
    members["move"] = fields.String(load_default="")
    made: Schema = type("OrderForm", (Schema,), members)()
    return made
