"""Who supplies which merchant, made straight in the tables: the ground of tests about resale."""

from kernel.db import session, transaction
from kernel.ids import public_id
from kernel.permissions import Actor
from onboarding.admissions.models import Admission
from tests.cast import NOW


def admit(factory: Actor, merchant: Actor) -> Admission:
    """The factory supplies the merchant."""
    with transaction():
        admission = Admission(
            public_id=public_id("adm"),
            factory_id=factory.memberships[0].organisation_id,
            merchant_id=merchant.memberships[0].organisation_id,
            state="admitted",
            words="",
            reason="",
            asked_at=NOW,
            decided_at=NOW,
        )
        session().add(admission)
    return admission
