"""What the forms of sign-in, account and team may hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from onboarding.accounts.passwords import MOST
from onboarding.accounts.rules import RECIPIENT_LENGTH

_RECIPIENT = validate.Length(max=RECIPIENT_LENGTH, error="field.recipient")
_PASSWORD = validate.Length(max=MOST * 4)  # in code points before they are composed
_CODE = validate.Length(max=20, error="field.code")
_ROLE = validate.OneOf(["owner", "clerk"])


class NextForm(Schema):
    """The page to go on to."""

    next = fields.String(load_default="", validate=validate.Length(max=500))


class RecipientForm(NextForm):
    """A phone or an e-mail."""

    recipient = fields.String(required=True, validate=_RECIPIENT)


class PasswordForm(RecipientForm):
    """A phone or an e-mail, with its password."""

    password = fields.String(required=True, validate=_PASSWORD)


class CodeForm(Schema):
    """A one-time code."""

    code = fields.String(required=True, validate=_CODE)


class NumberForm(Schema):
    """The number on another device's screen."""

    number = fields.String(required=True, validate=_CODE)


class ProofForm(NextForm):
    """A one-time code or a password."""

    code = fields.String(load_default="", validate=_CODE)
    password = fields.String(load_default="", validate=_PASSWORD)


class NewPasswordForm(Schema):
    """A password to be."""

    password = fields.String(required=True, validate=_PASSWORD)


class NameForm(Schema):
    """A person's name."""

    name = fields.String(required=True)


class RoleForm(Schema):
    """What a member is."""

    role = fields.String(required=True, validate=_ROLE)


class InvitationForm(RoleForm):
    """Whom to invite, and as what."""

    recipient = fields.String(required=True, validate=_RECIPIENT)
