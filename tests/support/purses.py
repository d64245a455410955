"""Where money goes in tests: an account for a party, given as its owner gives it."""

from datetime import datetime

from commission.payees.operations import give_account, know_payee
from commission.payees.rules import Details, Registered
from kernel.db import transaction
from kernel.permissions import Actor, Membership, Role
from tests.cast import NOW

NUMBER = "3200 0188 0091 7264 531"
DIGITS = NUMBER.replace(" ", "")


def details(*, number: str = NUMBER, holder: str = "丹阳市视界眼镜厂", personal: bool = False) -> Details:
    """A firm's account."""
    return Details(personal=personal, holder=holder, bank="icbc", number=number)


def owner_of(party: str, user: str = "usr_owner") -> Actor:
    """An owner of this party and no more."""
    return Actor(None, user, "老板", (Membership(0, party, party, "factory", Role.OWNER),))


FACTORY = Registered("丹阳市视界眼镜厂")


def know(party: str, known: Registered, now: datetime = NOW) -> None:
    """A licence says this of a party from now on."""
    with transaction():
        know_payee(party=party, known=known, now=now)


def give(party: str, *, number: str = NUMBER, user: str = "usr_owner", now: datetime = NOW) -> str:
    """An account for a party of the name of its holder; a second one is a change."""
    know(party, FACTORY, now)
    return give_account(party=party, details=details(number=number), consent=True, actor=owner_of(party, user), now=now)
