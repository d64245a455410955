"""What can be asked of a seller's way in: what was said so far, what the licence says, what is left to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from commission.payees.queries import has_account
from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation
from onboarding.admissions.queries import asked_by
from onboarding.belts.models import Belt
from onboarding.belts.proposals import propose
from onboarding.belts.queries import all_belts
from onboarding.joining.rules import Opening, Step, reaches, steps
from onboarding.licences.queries import newest_licence
from onboarding.listings.queries import sheet_to_look_through
from onboarding.standing.queries import claim_of
from onboarding.standing.rules import CLAIM
from onboarding.terms.models import ShopTerms
from onboarding.terms.rules import usual
from onboarding.verification.findings import PLAIN
from onboarding.verification.models import Profile
from onboarding.verification.queries import application_of, begun_by, told_in
from onboarding.verification.rules import Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kernel.permissions import Actor
    from onboarding.belts.proposals import Proposal
    from onboarding.licences.queries import FieldLine, LicenceLine
    from onboarding.verification.models import Application
    from onboarding.verification.queries import Begun

_READ_AS: Final = {"type": "sort", "business_scope": "scope"}
_SAID: Final = ("uscc", "ways", "legal_representative", "address", "sort", "established_on", "expires_on", "scope")


@dataclass(frozen=True, slots=True)
class Standing:
    """A factory or merchant on its way in, and its newest licence photo."""

    begun: Begun
    licence: LicenceLine | None

    @property
    def application(self) -> Application:
        """What it said so far."""
        return self.begun.application

    @property
    def is_new(self) -> bool:
        """Whether the photo came after what was said."""
        return self.licence is not None and self.licence.id != self.application.licence_id

    @property
    def is_being_read(self) -> bool:
        """Whether a new photo waits for the worker."""
        return self.licence is not None and self.is_new and self.licence.state == "waiting"

    @property
    def read(self) -> dict[str, FieldLine]:
        """What was read of the photo, by the names of the form."""
        fields = self.licence.fields if self.licence else {}
        return {_READ_AS.get(name, name): field for name, field in fields.items()}

    @property
    def unsure(self) -> set[str]:
        """The fields that were read with doubt."""
        return {name for name, field in self.read.items() if field.confidence < PLAIN}


def standing(actor: Actor, kind: str) -> Standing | None:
    """The factory (or merchant) that this person owns, once it is begun."""
    begun = begun_by(actor, kind)
    return Standing(begun, newest_licence(begun.application.organisation_id)) if begun else None


def organisation_of(actor: Actor, kind: str) -> str:
    """The public id of the factory (or merchant) that this person owns; NotFoundError before it is begun."""
    begun = begun_by(actor, kind)
    if begun is None:
        raise NotFoundError
    return begun.organisation


def values_of(found: Standing, belts: Sequence[Belt]) -> dict[str, Any]:
    """What the form shows: of a new photo what it says, else what was said before."""
    said = said_of(found, belts)
    read = {name: field.value for name, field in found.read.items()}
    first, second = (read, said) if found.is_new else (said, read)
    return {**second, **{name: value for name, value in first.items() if value}}


def said_of(found: Standing, belts: Sequence[Belt]) -> dict[str, Any]:
    """What was said before and kept, by the names of the form."""
    application = found.application
    said = {field: getattr(application, field) for field in _SAID}
    said["name"] = found.begun.name if found.begun.is_named else ""
    said["belt"] = next((belt.slug for belt in belts if belt.id == application.belt_id), "")
    return said


def proposals(values: Mapping[str, Any], belts: Sequence[Belt]) -> list[Proposal]:
    """The belts that fit what the form shows, the best first."""
    words = {"address": values.get("address"), "name": values.get("name"), "scope": values.get("scope")}
    told = {name: word or "" for name, word in words.items()}
    return propose(**told, uscc=values.get("uscc") or "", belts=belts)


def belts_for(actor: Actor) -> Sequence[Belt]:
    """Every belt, by province; for a helper those that she is sent to."""
    return [belt for belt in all_belts() if reaches(actor, region=belt.province, belt=belt.slug)]


def steps_of(organisation_id: int, goods: Mapping[str, int]) -> list[Step]:
    """What is left to do for a factory with so many goods of each state; nothing for what is no factory."""
    opening = _opening(organisation_id)
    sheet, count = ("", 0) if any(goods.values()) else sheet_to_look_through(organisation_id)
    return steps(replace(opening, goods=goods, sheet=sheet, sheet_goods=count)) if opening else []


def shop_steps(organisation_id: int, *, picked: int, looked_at: str = "") -> list[Step]:
    """What is left to do for a merchant who sells so many goods, and is `looked_at` for this."""
    opening = _opening(organisation_id)
    if opening is None:
        return []
    told = asked_by(organisation_id)
    asked, admitted = told.get("asked", 0), told.get("admitted", 0)
    return steps(replace(opening, picked=picked, looked_at=looked_at, asked=asked, admitted=admitted))


def _opening(organisation_id: int) -> Opening | None:
    application = application_of(organisation_id)
    if application is None:
        return None
    licence, (told, promised, belt, is_paid) = newest_licence(organisation_id), _said(application)
    claim, asked = claim_of(organisation_id), tuple(application.asked.split())
    return Opening(
        kind=application.kind,
        state=application.state,
        handed_in=application.submitted_at,
        licence=licence.state if licence else "read" if application.state != "draft" else "",
        sent_back=asked,
        retake="licence" in asked and (licence is None or licence.id == application.licence_id),
        claims=claim is not None and claim.state == CLAIM.start,
        described=told != Told(),
        has_account=is_paid,
        promised=promised,
        usual=usual(belt) if belt else None,
    )


def _said(application: Application) -> tuple[Told, bool, str | None, bool]:
    """What it tells of itself, whether it promised anything, its belt's slug, whether it can be paid; one statement."""
    query = (
        select(Profile, ShopTerms.id, Belt.slug, has_account(Organisation.public_id))
        .select_from(Organisation)
        .outerjoin(Profile, Profile.organisation_id == Organisation.id)
        .outerjoin(ShopTerms, ShopTerms.organisation_id == Organisation.id)
        .outerjoin(Belt, Belt.id == application.belt_id)
        .where(Organisation.id == application.organisation_id)
    )
    told, promised, belt, is_paid = session().execute(query).one()
    return told_in(told) if told else Told(), promised is not None, belt, bool(is_paid)
