"""What pages about searches may be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marshmallow import Schema, fields, validate

from kernel.text import clean
from storefront.demand.rules import LISTS, LONGEST, PERIODS

if TYPE_CHECKING:
    from collections.abc import Mapping

_READ = 1_000  # of a text that nobody typed


class SearchesAsked(Schema):
    """The address of the page about searches."""

    shown = fields.String(load_default=LISTS[0], validate=validate.OneOf(LISTS), data_key="list")
    period = fields.String(load_default="week", validate=validate.OneOf(list(PERIODS)))


def typed(arguments: Mapping[str, str]) -> str:
    """The text typed so far, as the field would send it; anything at all will do."""
    return clean(arguments.get("q", "")[:_READ])[:LONGEST]
