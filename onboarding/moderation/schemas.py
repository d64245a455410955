"""What the forms of an operator may hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from onboarding.moderation.rules import BULK

_QUEUE = 1000


class RefusalForm(Schema):
    """Why something is refused, judged by the operation; `queue` is the list she works off."""

    reason = fields.String(required=True)
    queue = fields.String(load_default="", validate=validate.Length(max=_QUEUE))


class BulkForm(Schema):
    """The cases to decide together, and why they are sent back."""

    case = fields.List(fields.String(validate=validate.Length(max=40)), validate=validate.Length(min=1, max=BULK))
    reason = fields.String(load_default="")
    queue = fields.String(load_default="", validate=validate.Length(max=_QUEUE))


class RetryForm(Schema):
    """Which failed jobs to run again."""

    job = fields.List(fields.Integer(validate=validate.Range(1, 2**62)), validate=validate.Length(min=1, max=BULK))
