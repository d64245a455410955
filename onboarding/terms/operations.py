"""What can be done about promises: make them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import InvalidInputError, NotFoundError
from kernel.permissions import Permission
from onboarding.accounts.operations import lock_person
from onboarding.terms.models import ShopTerms
from onboarding.terms.queries import terms_in

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.terms.rules import Terms


@operation("factory.promise")
def promise(*, actor: Actor, organisation: str, terms: Terms, now: datetime) -> None:
    """Say in how many days one's factory ships and what can be sent back; orders of before keep what they were told.

    InvalidInputError on `lead_days` and `returns`; NotFoundError for a factory that is not one's own.
    """
    home = next((one for one in actor.memberships if one.organisation == organisation), None)
    if home is None or home.kind != "factory" or Permission.SELLER_ORGANISATION_EDIT not in home.permissions:
        raise NotFoundError
    if wrong := terms.faults():
        raise InvalidInputError(wrong)
    lock_person(actor)
    row = session().scalar(select(ShopTerms).where(ShopTerms.organisation_id == home.organisation_id))
    before = terms_in(row)
    if row is None:
        row = ShopTerms(organisation_id=home.organisation_id, free_shipping=True)
        session().add(row)
    row.lead_days, row.returns, row.said_at = terms.lead_days, terms.returns, now
    note(f"factory:{organisation}", before=asdict(before) if before else {}, after=asdict(terms))
