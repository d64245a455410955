"""How factories come in: they apply, an operator decides, they upload a price sheet, an operator looks at the goods."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from kernel.clock import business_date
from kernel.files import Files
from kernel.permissions import SYSTEM, Role
from kernel.tables import ask
from onboarding.accounts import operations as accounts
from onboarding.certificates import operations as certificates
from onboarding.certificates.queries import certificates_of
from onboarding.certificates.rules import Told
from onboarding.compliance.queries import current
from onboarding.licences.operations import record_reading, upload_licence
from onboarding.listings import operations as listings
from onboarding.listings import submissions
from onboarding.listings.queries import known_codes, listing_rows, recent_sheets
from onboarding.moderation import operations as moderation
from onboarding.moderation.bulk import approve_cases
from onboarding.moderation.queries import cases
from onboarding.moderation.rules import SELLERS
from onboarding.moderation.tables import CASES
from onboarding.verification import operations as verification
from onboarding.verification.queries import factory_of, told_by
from onboarding.verification.rules import Said
from storefront.demo.days import Calendar, Event, Stage
from storefront.demo.factories import CERTIFICATES, DESCRIBED, FACTORIES, LATE_SHEETS, TOLD, Factory, LateSheet
from storefront.demo.papers import certificate_picture, papers_of, picture_of, reading_of
from storefront.demo.people import MEI, TAN, WEI, Person, acting

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.queries import ListingRow
    from onboarding.moderation.queries import CaseLine

SHEETS: Final = Path(__file__).parents[1] / "data" / "price-sheets"
MARKUP_BP: Final = 8_000  # where a sheet suggests no retail price
_MOST: Final = 200  # more goods than any factory here has


def joining(calendar: Calendar, stage: Stage) -> list[Event]:
    """Every application, decision, sheet and look at goods; each does nothing when it was done before."""
    events = []
    for place, factory in enumerate(FACTORIES):
        applied = calendar.began if place == 0 else calendar.at(factory.joined, 9.2 + place / 10)
        events.append(Event(applied, partial(_hand_in, factory, stage)))
        if factory.refusal:
            events.append(Event(calendar.at(factory.joined, 15), partial(_refuse, factory)))
        if factory.sheet:
            opened = max(applied, calendar.at(factory.joined, 11 + place / 10))
            events.append(Event(opened, partial(_open, factory, stage)))
    late_ones = [Event(calendar.at(late.day, 16), partial(_list_late, late, stage)) for late in LATE_SHEETS]
    return [*events, *late_ones]


def _hand_in(factory: Factory, stage: Stage, *, now: datetime) -> None:
    """Show the licence, confirm what it says, hand the application in; a load that was interrupted goes on."""
    if factory_of(acting(factory.owner)) is not None:
        return
    verification.begin(actor=acting(factory.owner), now=now)
    owner, papers = acting(factory.owner), papers_of(factory)
    key = stage.ports.get(Files).put(picture_of(factory.uscc))
    licence = upload_licence(actor=owner, organisation=_factory(factory.owner), photo_key=key, now=now)
    record_reading(actor=SYSTEM, licence=licence.public_id, reading=reading_of(factory.uscc), now=now)
    said = Said(
        name=factory.name,
        uscc=factory.uscc,
        belt=factory.belt,
        ways="both",
        agreement=current("factory", on=business_date(now)).version,
        papers=papers,
    )
    verification.hand_in(actor=owner, said=said, now=now)


def _refuse(factory: Factory, *, now: datetime) -> None:
    for case in _cases("factory", {_factory(factory.owner)}, now=now):
        moderation.refuse_case(actor=acting(TAN), case=case.public_id, reason=factory.refusal, now=now)


def _open(factory: Factory, stage: Stage, *, now: datetime) -> None:
    """Approve the factory, list the goods of its sheet and approve them."""
    _approve(_cases("factory", {_factory(factory.owner)}, now=now), now=now)
    owner = acting(factory.owner)
    told = TOLD.get(factory.sheet)
    if told and told_by(owner.memberships[0].organisation_id) != told:
        verification.describe(actor=owner, told=told, now=now)
    if not _goods(owner):
        _import(owner, factory.sheet, stage, stock=factory.stock, now=now)
    _describe(owner, now=now)
    _certify(factory, stage, now=now)
    while submissions.submit_all(actor=owner, now=now).more:
        pass
    _approve(_cases("listing", {row.listing for row in _goods(owner)}, now=now), now=now)
    if factory.owner is WEI and not acting(MEI).memberships:
        shop = owner.memberships[0].organisation
        accounts.add_member(actor=owner, organisation=shop, phone=MEI.phone, role=Role.CLERK, now=now)
    stage.work_at(now)


def _describe(owner: Actor, *, now: datetime) -> None:
    """Say more of some goods than their sheet does, before an operator looks at them."""
    for row in _goods(owner):
        if row.state == "draft" and row.code in DESCRIBED:
            words = {"description": DESCRIBED[row.code]}
            listings.edit_listing(actor=owner, listing=row.listing, words=words, prices={}, stock={}, now=now)


def _certify(factory: Factory, stage: Stage, *, now: datetime) -> None:
    """Hand in what the goods of a sheet may not be sold without, and confirm it."""
    owner, paper = acting(factory.owner), CERTIFICATES.get(factory.sheet)
    held = certificates_of(owner.memberships[0].organisation_id)
    if paper and not held:
        kind, number, scope = paper
        until = date(now.year + 3, 12, 31)
        told = Told(kind, number, factory.name, factory.name, scope, None, until)
        key = stage.ports.get(Files).put(certificate_picture(number))
        held = [certificates.hand_in(actor=owner, told=told, goods=None, photo_key=key, now=now)]
    _approve(_cases("certificate", {one.public_id for one in held}, now=now), now=now)


def _list_late(late: LateSheet, stage: Stage, *, now: datetime) -> None:
    """List new goods of which some wait for a decision, some were sent back, some are not handed in yet."""
    owner = acting(late.owner)
    if not known_codes(owner.memberships[0].organisation_id, late.submitted):
        _import(owner, late.sheet, stage, stock="total", now=now)
    rows = {row.code: row for row in _goods(owner)}
    for code in sorted(late.submitted):
        if rows[code].state == "draft":
            listings.submit_listing(actor=owner, listing=rows[code].listing, now=now)
    for code, reason in late.refused.items():
        for case in _cases("listing", {rows[code].listing}, now=now):
            moderation.refuse_case(actor=acting(TAN), case=case.public_id, reason=reason, now=now)


def _import(owner: Actor, sheet: str, stage: Stage, *, stock: Literal["per_sku", "total"], now: datetime) -> None:
    """Upload a sheet and import it; one that an interrupted load uploaded is found again."""
    waiting = [row for row in recent_sheets(owner.memberships[0].organisation_id) if row.filename == sheet]
    if not waiting:
        key = stage.ports.get(Files).put((SHEETS / sheet).read_bytes())
        listings.upload_sheet(actor=owner, filename=sheet, file_key=key, now=now)
        waiting = recent_sheets(owner.memberships[0].organisation_id, limit=1)
    stage.work_at(now)
    listings.import_listings(
        actor=owner, sheet_import=waiting[0].sheet, stock_meaning=stock, markup_bp=MARKUP_BP, now=now
    )
    stage.work_at(now)


def _approve(cases: list[CaseLine], *, now: datetime) -> None:
    """Whoever joins is let in one by one, goods are approved together."""
    tan = acting(TAN)
    for case in cases:
        if case.subject_type in SELLERS:
            moderation.approve_case(actor=tan, case=case.public_id, now=now)
    goods = [case.public_id for case in cases if case.subject_type not in SELLERS]
    approve_cases(actor=tan, cases=goods, now=now)


def _cases(kind: str, subjects: set[str], *, now: datetime) -> list[CaseLine]:
    """The open cases of these subjects, the oldest first."""
    waiting = cases(acting(TAN), ask(CASES, {"type": kind}).values, now=now).batches(by=None, down=False)
    return [case for batch in waiting for case in batch if case.subject in subjects]


def _goods(owner: Actor) -> list[ListingRow]:
    return listing_rows(owner.memberships[0].organisation_id, limit=_MOST)


def _factory(owner: Person) -> str:
    return acting(owner).memberships[0].organisation
