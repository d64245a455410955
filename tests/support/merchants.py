"""Merchants and who supplies them, made straight in the tables: the ground of tests about resale."""

from itertools import count

from sqlalchemy import update

from kernel.db import session, transaction
from kernel.ids import public_id
from kernel.permissions import Actor, Membership, Role
from onboarding.accounts.models import MembershipRow, Organisation, User
from onboarding.admissions.models import Admission
from tests.cast import BO, NOW, Person

_numbers = count(1)


def make_merchant(owner: Person = BO) -> Actor:
    """A merchant of a person; returns the person as its owner."""
    with transaction():
        number = next(_numbers)
        user = User(public_id=public_id("usr"), phone=owner.phone, name=owner.name, created_at=NOW)
        user.phone_fingerprint = f"merchant-{number}"
        name = f"{owner.name}好物"
        shop = Organisation(public_id=public_id("mer"), kind="merchant", name=name, created_at=NOW)
        shop.slug = f"merchant-{number}"
        session().add_all([user, shop])
        session().flush()
        session().add(MembershipRow(user_id=user.id, organisation_id=shop.id, role="owner", created_at=NOW))
    membership = Membership(shop.id, shop.public_id, shop.name, "merchant", Role.OWNER)
    return Actor(user_id=user.id, user=user.public_id, name=user.name, memberships=(membership,))


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
