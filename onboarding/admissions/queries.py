"""What can be asked about admissions: who is supplied by whom, who asks, whom to tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, func, select, true, tuple_
from sqlalchemy.orm import aliased

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import ROLE_PERMISSIONS, Actor, Permission
from onboarding.accounts.models import MembershipRow, Organisation
from onboarding.admissions.models import Admission, GroupPrice, PriceGroup
from onboarding.admissions.rules import ADMISSION, Deal
from onboarding.listings.models import Listing
from onboarding.listings.queries import supply_terms
from onboarding.verification.models import Application

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from onboarding.listings.queries import SupplyTerms

PAGE = 50


@dataclass(frozen=True, slots=True)
class MerchantLine:
    """A merchant as a factory sees her: who she is, what she asked, how they stand."""

    public_id: str
    factory_id: int
    name: str
    slug: str
    uscc: str
    joined_at: datetime
    application: str
    state: str
    words: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None

    @property
    def is_checked(self) -> bool:
        """Whether the channel knows that she is who she says."""
        return self.application == "approved"


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of an admission, by key, public id and name, and the merchant's words."""

    factory_id: int
    factory: str
    factory_name: str
    merchant_id: int
    merchant: str
    merchant_name: str
    words: str


def is_admitted(factory_id: int, merchant_id: int) -> bool:
    """Whether a factory supplies a merchant now."""
    pair = (Admission.factory_id == factory_id) & (Admission.merchant_id == merchant_id)
    return session().scalar(select(Admission.id).where(pair, Admission.state == "admitted")) is not None


def standing(merchant_id: int, factory_ids: Sequence[int]) -> dict[int, str]:
    """How a merchant stands with factories, by their keys; one she never asked is left out."""
    mine = (Admission.merchant_id == merchant_id) & Admission.factory_id.in_(factory_ids)
    return dict(session().execute(select(Admission.factory_id, Admission.state).where(mine)).all())


def admission_between(factory_id: int, merchant_id: int) -> Admission | None:
    """All there is between a factory and a merchant, for the page on which she asks."""
    pair = (Admission.factory_id == factory_id) & (Admission.merchant_id == merchant_id)
    return session().scalar(select(Admission).where(pair))


def merchants_of(
    factory_id: int, *, states: Sequence[str] = (), after: str = "", limit: int = PAGE + 1
) -> list[MerchantLine]:
    """A factory's merchants, from after one of them on (public id of the admission): the newest step first.

    Those that wait for an answer come the oldest first, as they are worked off.
    """
    moment = func.coalesce(Admission.decided_at, Admission.asked_at)
    query = _lines().where(Admission.factory_id == factory_id, Admission.state.in_(states) if states else true())
    oldest_first = tuple(states) == (ADMISSION.start,)
    if after:
        here, last = tuple_(moment, Admission.id), select(moment, Admission.id).where(Admission.public_id == after)
        query = query.where(here > last.scalar_subquery() if oldest_first else here < last.scalar_subquery())
    query = query.order_by(*((moment, Admission.id) if oldest_first else (moment.desc(), Admission.id.desc())))
    return [MerchantLine(*row) for row in session().execute(query.limit(limit))]


def merchant_line(actor: Actor, admission: str) -> MerchantLine:
    """One merchant of the actor's factory by the admission's public id; NotFoundError for everybody else."""
    mine = of_factories(actor, Permission.FACTORY_MERCHANTS_VIEW)
    row = session().execute(_lines().where(Admission.public_id == admission, mine)).one_or_none()
    if row is None:
        raise NotFoundError
    return MerchantLine(*row)


def counts_of(factory_id: int) -> dict[str, int]:
    """How many merchants stand with a factory in each state."""
    query = select(Admission.state, func.count()).where(Admission.factory_id == factory_id)
    return dict(session().execute(query.group_by(Admission.state)).all())


def asked_by(merchant_id: int) -> dict[str, int]:
    """How many factories stand with a merchant in each state."""
    query = select(Admission.state, func.count()).where(Admission.merchant_id == merchant_id)
    return dict(session().execute(query.group_by(Admission.state)).all())


def pair_of(admission: str) -> Pair:
    """Both sides of an admission by its public id."""
    factory, merchant = aliased(Organisation), aliased(Organisation)
    sides = (factory.id, factory.public_id, factory.name, merchant.id, merchant.public_id, merchant.name)
    query: Select[*tuple[Any, ...]] = select(*sides, Admission.words).select_from(Admission)
    query = query.join(factory, factory.id == Admission.factory_id).join(merchant, merchant.id == Admission.merchant_id)
    return Pair(*session().execute(query.where(Admission.public_id == admission)).one())


def are_one_house(factory_id: int, merchant_id: int) -> bool:
    """Whether a factory and a merchant carry the same credit code or share a person."""
    ours, theirs = aliased(MembershipRow), aliased(MembershipRow)
    shared = select(ours.id).join(theirs, theirs.user_id == ours.user_id)
    shared = shared.where(ours.organisation_id == factory_id, theirs.organisation_id == merchant_id)
    maker, reseller = aliased(Application), aliased(Application)
    same = select(maker.id).join(reseller, (reseller.uscc == maker.uscc) & (maker.uscc != ""))
    same = same.where(maker.organisation_id == factory_id, reseller.organisation_id == merchant_id)
    return bool(session().scalar(select(exists(shared) | exists(same))))


def terms_for(merchant_id: int, listings: Collection[int]) -> dict[int, SupplyTerms]:
    """At which prices listings (ids) are open to one merchant, those of her price group; three statements.

    Who asks knows that their factories admitted her.
    """
    terms = supply_terms(listings)
    own = (GroupPrice.price_group_id == PriceGroup.id) & (GroupPrice.listing_id == Listing.id)
    query = (
        select(Listing.id, PriceGroup.share_bp, GroupPrice.price_fen)
        .join(Admission, (Admission.factory_id == Listing.organisation_id) & (Admission.merchant_id == merchant_id))
        .join(PriceGroup, PriceGroup.id == Admission.price_group_id)
        .outerjoin(GroupPrice, own)
        .where(Listing.id.in_(list(terms)), Admission.state == "admitted")
    )
    for listing, share_bp, own_fen in session().execute(query):
        deal, known = Deal(share_bp, own_fen), terms[listing]
        prices = {sku: deal.price(fen) for sku, fen in known.prices.items()}
        terms[listing] = replace(known, prices=prices, tiers=deal.tiers(known.tiers))
    return terms


def of_factories(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """The admissions of the factories in which an actor has a permission."""
    if any(permission in ROLE_PERMISSIONS[role] for role in actor.roles):
        return true()
    mine = [one.organisation_id for one in actor.memberships if permission in one.permissions]
    return Admission.factory_id.in_(mine)


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Admission.public_id,
            Admission.factory_id,
            Organisation.name,
            Organisation.slug,
            Application.uscc,
            Application.begun_at,
            Application.state,
            Admission.state,
            Admission.words,
            Admission.reason,
            Admission.asked_at,
            Admission.decided_at,
        )
        .join(Organisation, Organisation.id == Admission.merchant_id)
        .join(Application, Application.organisation_id == Admission.merchant_id)
    )
