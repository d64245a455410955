"""What the forms of admission may hold."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from onboarding.admissions.rules import TABS


class MerchantsFilter(Schema):
    """Which merchants a list shows, from after which admission on."""

    class Meta:
        """Links from elsewhere may carry more."""

        unknown = EXCLUDE

    state = fields.String(load_default="", validate=validate.OneOf(["", *TABS]))
    after = fields.String(load_default="", validate=validate.Length(max=40))


class ReasonForm(Schema):
    """Why a merchant is turned down or supplied no longer; judged by the operation."""

    reason = fields.String(required=True)
