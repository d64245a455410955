"""What the forms and filters of an operator may hold."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from onboarding.moderation.rules import BULK, CASE, SUBJECTS


class QueueFilter(Schema):
    """What the queue shows; `after` is the number of the last case seen."""

    class Meta:
        """Links from elsewhere may carry more."""

        unknown = EXCLUDE

    type = fields.String(load_default="", validate=validate.OneOf(["", *SUBJECTS]))
    state = fields.String(load_default=CASE.start, validate=validate.OneOf(CASE.states))
    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**62))


class AuditFilter(Schema):
    """Which audit rows: operations that start so, before a row."""

    class Meta:
        """Links from elsewhere may carry more."""

        unknown = EXCLUDE

    operation = fields.String(load_default="", validate=validate.Length(max=60))
    before = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**62))


class RefusalForm(Schema):
    """Why something is refused; judged by the operation."""

    reason = fields.String(required=True)


class BulkForm(Schema):
    """The cases to approve together."""

    cases = fields.List(fields.String(validate=validate.Length(max=40)), validate=validate.Length(min=1, max=BULK))
