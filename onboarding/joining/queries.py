"""What can be asked of a factory's way in: what was said so far, what the licence says, what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kernel.errors import NotFoundError
from onboarding.belts.proposals import propose
from onboarding.belts.queries import all_belts
from onboarding.joining.rules import Opening, Step, steps
from onboarding.licences.queries import newest_licence
from onboarding.verification.queries import application_of, begun_by, told_by
from onboarding.verification.rules import Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kernel.permissions import Actor
    from onboarding.belts.models import Belt
    from onboarding.belts.proposals import Proposal
    from onboarding.licences.queries import FieldLine, LicenceLine
    from onboarding.verification.models import Application
    from onboarding.verification.queries import Begun

SURE: Final = 0.9
"""From this confidence on a field that was read is not pointed out."""
_READ_AS: Final = {"type": "sort", "business_scope": "scope"}
_SAID: Final = ("uscc", "ways", "legal_representative", "address", "sort", "established_on", "expires_on", "scope")


@dataclass(frozen=True, slots=True)
class Standing:
    """A factory on its way in, and its newest licence photo."""

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
        return {name for name, field in self.read.items() if field.confidence < SURE}


def standing(actor: Actor) -> Standing | None:
    """The factory that this person owns, once it is begun."""
    begun = begun_by(actor)
    return Standing(begun, newest_licence(begun.application.organisation_id)) if begun else None


def organisation_of(actor: Actor) -> str:
    """The public id of the factory that this person owns; NotFoundError before it is begun."""
    begun = begun_by(actor)
    if begun is None:
        raise NotFoundError
    return begun.organisation


def values_of(found: Standing, belts: Sequence[Belt]) -> dict[str, Any]:
    """What the form shows: of a new photo what it says, else what was said before."""
    application = found.application
    said = {field: getattr(application, field) for field in _SAID}
    said["name"] = found.begun.name if found.begun.is_named else ""
    said["belt"] = next((belt.slug for belt in belts if belt.id == application.belt_id), "")
    read = {name: field.value for name, field in found.read.items()}
    first, second = (read, said) if found.is_new else (said, read)
    return {**second, **{name: value for name, value in first.items() if value}}


def proposals(values: Mapping[str, Any], belts: Sequence[Belt]) -> list[Proposal]:
    """The belts that fit what the form shows, the best first."""
    words = {"address": values.get("address"), "name": values.get("name"), "scope": values.get("scope")}
    told = {name: word or "" for name, word in words.items()}
    return propose(**told, uscc=values.get("uscc") or "", belts=belts)


def belts_by_province() -> Sequence[Belt]:
    """Every belt, by province."""
    return all_belts()


def steps_of(organisation_id: int, goods: Mapping[str, int]) -> list[Step]:
    """What is left to do for a factory with so many goods of each state; nothing for what is no factory."""
    application = application_of(organisation_id)
    if application is None:
        return []
    licence = newest_licence(organisation_id)
    return steps(
        Opening(
            state=application.state,
            handed_in=application.submitted_at,
            licence=licence.state if licence else "read" if application.state != "draft" else "",
            goods=goods,
            described=told_by(organisation_id) != Told(),
        )
    )
