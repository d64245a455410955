"""What tests of a team say and read again and again."""

from kernel import notify
from kernel.permissions import Actor, Role
from onboarding.accounts import team
from tests.cast import MEI
from tests.onboarding.people import noon, proved

SITE = "https://yuantou.example"


def house(actor: Actor) -> str:
    return actor.memberships[0].organisation


def invite(actor: Actor, recipient: str = MEI.phone, role: Role = Role.CLERK) -> str:
    asked = {"recipient": recipient, "role": role, "site": SITE}
    return team.invite(actor=actor, sid=proved(actor), organisation=house(actor), **asked, now=noon())


def change_role(actor: Actor, member: Actor, role: Role) -> None:
    doing = {"actor": actor, "sid": proved(actor), "organisation": house(actor), "now": noon()}
    team.change_role(member=member.user, role=role, **doing)


def texts_to(phone: str) -> list[str]:
    return [one.text for one in notify.latest() if one.recipient == f"+86{phone}"]
