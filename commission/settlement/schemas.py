"""What may come in with the addresses of the pages of money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from commission.settlement.rules import month_span

if TYPE_CHECKING:
    from datetime import date

_PAGES = 10_000
_AT_ONCE = 100
_NUMBER = 40


class Month(fields.Field["tuple[date, date]"]):
    """`2026-03` as its days `[since, until)`."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> tuple[date, date]:  # noqa: ARG002
        try:
            return month_span(str(value))
        except ValueError as error:
            raise ValidationError("field.month") from error


class StatementPeriod(Schema):
    """Which month of a statement (all when absent), which page of its lines."""

    class Meta:
        """Links from elsewhere may carry more."""

        unknown = EXCLUDE

    month = Month(load_default=(None, None))
    page = fields.Integer(load_default=1, validate=validate.Range(1, _PAGES))


class OrderSearch(Schema):
    """The number of one order to look up in the books; nothing when absent."""

    class Meta:
        """Links from elsewhere may carry more."""

        unknown = EXCLUDE

    order = fields.String(load_default="", validate=validate.Length(max=_NUMBER))


class PayForm(Schema):
    """The sellers to pay out to; at least one."""

    party = fields.List(fields.String(validate=validate.Length(max=_NUMBER)), validate=validate.Length(1, _AT_ONCE))
