"""Who supplies which merchant, made straight in the tables: the ground of tests about resale."""

from sqlalchemy import update

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


def end(admission: Admission) -> None:
    """The factory does not supply the merchant any more; what follows from it is not done here."""
    _set(admission, state="ended", reason="窜货")


def admit_again(admission: Admission) -> None:
    """The factory supplies her again."""
    _set(admission, state="admitted", reason="")


def _set(admission: Admission, **values: str) -> None:
    with transaction():
        session().execute(update(Admission).where(Admission.id == admission.id).values(**values))
