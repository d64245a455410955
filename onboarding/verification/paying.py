"""Whom commission may pay: it is told each time that what is known of a licence changes, as it asks nobody above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commission.payees.operations import know_payee
from commission.payees.queries import is_paid_in_person
from commission.payees.rules import Registered
from kernel.errors import DomainError
from onboarding.verification.names import is_individual_code
from onboarding.verification.queries import house_named

if TYPE_CHECKING:
    from datetime import datetime

    from onboarding.licences.credit_code import Fault
    from onboarding.verification.models import Application

CARD_OF_FIRM: Final[Fault] = ("field.personal_account", {})


def tell_payee(application: Application, *, now: datetime) -> bool:
    """Tell commission, in the open transaction, whom an application names; whether its money could go there now.

    It could not where it goes to a person's card and the code is none of an individual business.
    """
    house, name = house_named(application)
    alone = is_individual_code(application.uscc)
    is_firm = bool(application.uscc) and not alone
    known = Registered(name, application.legal_representative, is_individual=alone, is_firm=is_firm)
    know_payee(party=house, known=known, now=now)
    return alone or not is_paid_in_person(house, now=now)


def refuse_card_of_firm(application: Application, *, now: datetime) -> None:
    """Tell commission the same; `factory.personal_account` for a firm that is paid to a person's card, or would be.

    `factory.code_gone` for who has no code any more: nobody knows what it is.
    """
    if not application.uscc:
        raise DomainError("factory.code_gone")
    if not tell_payee(application, now=now):
        raise DomainError("factory.personal_account")
