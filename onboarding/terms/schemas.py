"""What the form of promises may hold."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from onboarding.terms.rules import Terms


class TermsForm(Schema):
    """Days and returns; their bounds are judged by the operation."""

    lead_days = fields.String(required=True, validate=validate.Regexp(r"[0-9]{1,3}\Z", error="field.whole_number"))
    returns = fields.String(required=True)

    @post_load
    def read(self, data: dict[str, Any], **_more: object) -> dict[str, Any]:
        """Gathered as the rules take it."""
        return {"terms": Terms(int(data["lead_days"]), data["returns"])}
