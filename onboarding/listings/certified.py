"""What goods lack before they are handed in and before they are published: fit words, a leaf, answers, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from kernel.db import session
from kernel.errors import DomainError, InvalidInputError
from onboarding.certificates.queries import first_days, held_for, kinds_held, last_end
from onboarding.certificates.rules import KINDS, NAMES
from onboarding.listings.asked import asked_of
from onboarding.listings.categories import is_too_wide, required_kinds, unanswered
from onboarding.listings.claims import forbidden, forbidden_beside, words_of
from onboarding.listings.models import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kernel.text import Message
    from onboarding.certificates.rules import Kind

_HANDED_IN: Final = ("waiting", "confirmed")
_CONFIRMED: Final = ("confirmed",)


@dataclass(frozen=True, slots=True)
class Needed:
    """A kind of certificate that goods need, and how far it is: `missing`, `waiting`, `later` or `confirmed`.

    `since` is the day on which one that is confirmed begins to be valid, where that is `later`.
    """

    kind: Kind
    state: str
    since: date | None = None


def needed(listing: Listing, *, today: date) -> list[Needed]:
    """Every kind that a listing as it is now needs."""
    kinds = required_kinds(listing.category, listing.attributes)
    handed_in, confirmed = _held(listing, kinds, _HANDED_IN, today), _held(listing, kinds, _CONFIRMED, today)
    states = {kind: "confirmed" if kind in confirmed else "waiting" for kind in handed_in}
    begin = _begin(listing, today) if set(kinds) - confirmed else {}
    states |= {kind: "later" for kind in begin if kind not in confirmed}
    return [Needed(KINDS[kind], states.get(kind, "missing"), begin.get(kind)) for kind in kinds]


def shown(listing: Listing, *, today: date) -> list[tuple[Message, str]]:
    """The certificates of goods on sale, as everybody may read them: kind and number. Most goods need none."""
    kinds = listing.needs.split()
    held = held_for(listing.organisation_id, listing.id, kinds, today=today) if kinds else []
    return [(NAMES[one.kind], one.number) for one in held]


def why_lapsed(listing: Listing) -> str:
    """What became last of a certificate that goods off sale needed: `expired` or `revoked`."""
    kinds = listing.needs.split()
    return last_end(listing.organisation_id, listing.id, kinds) if kinds else ""


def goods_in_need(organisation_id: int) -> list[Listing]:
    """The goods of a factory that need any certificate, the newest first."""
    mine = (Listing.organisation_id == organisation_id) & (Listing.state != "archived")
    goods = session().scalars(select(Listing).where(mine).order_by(Listing.id.desc()))
    return [one for one in goods if required_kinds(one.category, one.attributes)]


def make_ready(listing: Listing, *, today: date) -> None:
    """Note what a listing needs that is handed in now; raises what `fault` finds."""
    if refusal := fault(listing, today=today):
        raise refusal
    listing.needs = " ".join(required_kinds(listing.category, listing.attributes))


def refuse_unfit(listing: Listing, fresh: Mapping[str, Any], *, today: date) -> None:
    """Raise what `fault` finds of words, if any are new, that goods on sale shall have."""
    if fresh and listing.state == "published" and (refusal := fault(listing, today=today, fresh=fresh)):
        raise refusal


def fault(listing: Listing, *, today: date, fresh: Mapping[str, Any] | None = None) -> DomainError | None:
    """Why a listing, with `fresh` words if any, cannot be handed in.

    What was asked is not done, forbidden words, no leaf where leaves differ, something unanswered, no certificate.
    """
    if still := [one.field for one in asked_of(listing) if not one.is_changed]:
        return InvalidInputError({name: ("listing.still_asked", {}) for name in still})
    words = {"category": listing.category, "attributes": listing.attributes, **words_of(listing), **(fresh or {})}
    category, attributes = words["category"], words["attributes"]
    options = [sku.options for sku in listing.skus if not sku.off]
    if refusal := forbidden(words) or forbidden_beside(attributes, options):
        return refusal
    if is_too_wide(category):
        return InvalidInputError({"category": ("listing.category_wide", {})})
    if missing := unanswered(category, attributes):
        return InvalidInputError({f"attribute_{one.key}": ("field.required", {}) for one in missing})
    kinds = required_kinds(category, attributes)
    held = _held(listing, kinds, _HANDED_IN, today)
    lacking = [kind for kind in kinds if kind not in held]
    return DomainError("listing.certificate_missing", kind=NAMES[lacking[0]]) if lacking else None


def check_certified(listing: Listing, *, today: date) -> None:
    """Refuse goods of which a certificate is not confirmed, or has run out, or is not valid yet.

    `listing.certificate_unconfirmed`, or `listing.certificate_later` with the day from which on it is.
    """
    kinds = listing.needs.split()
    held = _held(listing, kinds, _CONFIRMED, today, lock=True)
    if lacking := [kind for kind in kinds if kind not in held]:
        name = NAMES[lacking[0]]
        if since := _begin(listing, today).get(lacking[0]):
            raise DomainError("listing.certificate_later", kind=name, since=since.isoformat())
        raise DomainError("listing.certificate_unconfirmed", kind=name)


def _held(listing: Listing, kinds: list[str], states: tuple[str, ...], today: date, *, lock: bool = False) -> set[str]:
    """Most goods need none: then nobody is asked. One to be valid later may be handed in, and helps nobody before."""
    if not kinds:
        return set()
    later = states == _HANDED_IN
    return kinds_held(listing.organisation_id, listing.id, states, today=today, later=later, lock=lock)


def _begin(listing: Listing, today: date) -> dict[str, date]:
    return first_days(listing.organisation_id, listing.id, today=today)
