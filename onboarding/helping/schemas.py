"""What the forms of the helpers' desk may hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from onboarding.accounts.rules import RECIPIENT_LENGTH


class OwnerForm(Schema):
    """Where an owner is reached."""

    recipient = fields.String(required=True, validate=validate.Length(max=RECIPIENT_LENGTH, error="field.recipient"))


class ConsentForm(Schema):
    """The code that an owner told."""

    code = fields.String(required=True, validate=validate.Length(max=20, error="field.code"))
