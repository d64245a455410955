"""Who visits: nobody, and one person of every standing among the printed logins of the demo."""

from dataclasses import dataclass

from flask import Flask

from kernel.permissions import ANONYMOUS, Actor, Permission, Role
from storefront.demo.load import LOGINS
from storefront.demo.people import acting
from tests.support.browser import Device

PHONE, DESK = Device(360, 780, touch=True), Device(1280, 900, touch=False)
NOBODY = "nobody"


@dataclass(frozen=True)
class Visitor:
    """Somebody before the pages, and what she holds or sits at; `phone` is empty for nobody."""

    role: str
    phone: str = ""
    device: Device = PHONE


def visitors(app: Flask) -> list[Visitor]:
    """Whoever may enter other routes than all before her; who decides or pays sits at a desk, the rest hold a phone."""
    with app.app_context():
        people = [("", NOBODY, ANONYMOUS), *((one.phone, one.what, acting(one)) for one in LOGINS)]
    found: dict[frozenset[Permission] | None, Visitor] = {}
    for phone, what, actor in people:
        device = DESK if any(one.role is not Role.HELPER for one in actor.staff) else PHONE
        found.setdefault(_standing(actor), Visitor(what.split()[-1], phone, device))
    return list(found.values())


def _standing(actor: Actor) -> frozenset[Permission] | None:
    return frozenset(filter(actor.holds, Permission)) if actor.is_signed_in else None
