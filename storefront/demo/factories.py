"""The invented factories: how each joins, is approved, and gets the goods of its price sheet on sale."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kernel.errors import DomainError
from kernel.files import Files
from kernel.permissions import Role
from kernel.work import drain
from onboarding.accounts import operations as accounts
from onboarding.listings import operations as listings
from onboarding.listings.queries import listing_rows
from onboarding.moderation import operations as moderation
from onboarding.moderation.queries import queue
from onboarding.verification import operations as verification
from storefront.demo.people import DAN, HAI, MEI, TAN, WEI, Person, acting
from storefront.jobs import PLAN

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports

SHEETS = Path(__file__).parents[1] / "data" / "price-sheets"


@dataclass(frozen=True)
class Factory:
    """An invented factory and the sheet it keeps."""

    owner: Person
    name: str
    uscc: str
    belt: str
    sheet: str
    stock_meaning: Literal["per_sku", "total"]


FACTORIES = (
    Factory(WEI, "清河样绒羊绒制品厂", "91130534MA0DEM013U", "qinghe-cashmere", "qinghe-cashmere.xlsx", "total"),
    Factory(HAI, "石狮市海样服装有限公司", "91350581MA0DEM021E", "shishi-garments", "shishi-garments.xlsx", "per_sku"),
    Factory(DAN, "丹阳样镜眼镜厂", "91321181MA0DEM03XH", "danyang-glasses", "danyang-glasses.xlsx", "per_sku"),
)


def open_factory(factory: Factory, *, ports: Ports, now: datetime) -> bool:
    """Apply, be approved, list the sheet's goods, have them approved; whether anything was still to do."""
    try:
        verification.apply(
            actor=acting(factory.owner),
            name=factory.name,
            uscc=factory.uscc,
            belt=factory.belt,
            now=now,
        )
    except DomainError as refusal:
        if refusal.code != "factory.already_applied":
            raise
    _approve_all(now=now)
    owner = acting(factory.owner)
    if listing_rows(owner.memberships[0].organisation_id):
        return False
    key = ports.get(Files).put((SHEETS / factory.sheet).read_bytes())
    sheet = listings.upload_sheet(actor=owner, filename=factory.sheet, file_key=key, now=now).public_id
    drain(PLAN, ports=ports)
    listings.import_listings(
        actor=owner,
        sheet_import=sheet,
        stock_meaning=factory.stock_meaning,
        markup_bp=8000,
        now=now,
    )
    listings.submit_all(actor=owner, now=now)
    _approve_all(now=now)
    if factory.owner is WEI:
        organisation = owner.memberships[0].organisation
        accounts.add_member(actor=owner, organisation=organisation, phone=MEI.phone, role=Role.CLERK, now=now)
    return True


def _approve_all(*, now: datetime) -> None:
    operator = acting(TAN)
    while lines := queue(operator, subject_type="", state="open", after=0):
        moderation.approve_cases(actor=operator, cases=[line.public_id for line in lines], now=now)
