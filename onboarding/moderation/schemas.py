"""What the forms of an operator may hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from onboarding.listings.rules import SHARED
from onboarding.moderation.rules import BULK

_QUEUE, _SEEN = 1000, 80


class RefusalForm(Schema):
    """Why something is refused, judged by the operation: her own words, else a `usual` reason she chose."""

    reason = fields.String(required=True)
    internal = fields.String(load_default="")
    usual = fields.String(load_default="")
    seen = fields.String(load_default="", validate=validate.Length(max=_SEEN))
    queue = fields.String(load_default="", validate=validate.Length(max=_QUEUE))


class AskForm(Schema):
    """Which fields an owner is to correct, and what is wrong with them; judged by the operation."""

    fields_ = fields.List(fields.String(validate=validate.Length(max=40)), data_key="fields", attribute="fields")
    words = fields.String(load_default="")
    seen = fields.String(load_default="", validate=validate.Length(max=_SEEN))
    internal = fields.String(load_default="")
    queue = fields.String(load_default="", validate=validate.Length(max=_QUEUE))


class QueueForm(Schema):
    """A deed without words; `queue` is the list she works off."""

    queue = fields.String(load_default="", validate=validate.Length(max=_QUEUE))


class ApprovalForm(QueueForm):
    """On what basis something is approved that needs one, and of what photo; judged by the operation."""

    basis = fields.String(load_default="")
    internal = fields.String(load_default="")
    seen = fields.String(load_default="", validate=validate.Length(max=_SEEN))
    goods = fields.List(fields.String(validate=validate.Length(max=40)), load_default=())


class BulkForm(Schema):
    """The cases to decide together, why they are sent back, and whether she was asked once more and is `sure`."""

    case = fields.List(fields.String(validate=validate.Length(max=40)), validate=validate.Length(min=1, max=BULK))
    reason = fields.String(load_default="")
    queue = fields.String(load_default="", validate=validate.Length(max=_QUEUE))
    sure = fields.Boolean(load_default=False)


class RetryForm(Schema):
    """Which failed jobs to run again."""

    job = fields.List(fields.Integer(validate=validate.Range(1, 2**62)), validate=validate.Length(min=1, max=BULK))


class ReasonForm(Schema):
    """Why a factory is stopped, judged by the operation."""

    reason = fields.String(load_default="")


class TakedownForm(Schema):
    """Why goods are taken off sale, and what else by a shared cause; judged by the operation."""

    by = fields.String(load_default="", validate=validate.OneOf(("", *SHARED)))
    reason_code = fields.String(load_default="")
    told = fields.String(load_default="")
    internal = fields.String(load_default="")


class RestoreForm(Schema):
    """Why goods are put back, for colleagues alone."""

    note = fields.String(load_default="")
