"""What can be done with price groups: make one, change it, give it a price for a listing, put a merchant in.

Every change reaches the offers of the merchants in the same transaction; nobody but they and their factory see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clean
from onboarding.admissions.facts import PriceGroupChanged
from onboarding.admissions.models import Admission, GroupPrice, PriceGroup
from onboarding.admissions.queries import of_factories
from onboarding.admissions.rules import GROUP_NAME_MOST, GROUPS_MOST, LEAST_SHARE_BP, WHOLE_BP
from onboarding.listings.pricing import check_price
from onboarding.listings.queries import own_listing

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor

_ADMIT = Permission.FACTORY_MERCHANTS_ADMIT


@operation("price_group.make")
def make_group(*, actor: Actor, name: str, share_bp: int, now: datetime) -> PriceGroup:
    """Make a group that owes a share of the supply price. Raises `group.too_many`, and what is wrong by field."""
    factory = actor.membership(_ADMIT)
    mine = PriceGroup.organisation_id == factory.organisation_id
    if (session().scalar(select(func.count()).where(mine)) or 0) >= GROUPS_MOST:
        raise DomainError("group.too_many", limit=GROUPS_MOST)
    group = PriceGroup(public_id=public_id("pgr"), organisation_id=factory.organisation_id, made_at=now)
    _say(group, name, share_bp)
    session().add(group)
    session().flush()
    note(f"price_group:{group.public_id}", after={"name": group.name, "share_bp": share_bp})
    return group


@operation("price_group.change")
def change_group(*, actor: Actor, group: str, name: str, share_bp: int, now: datetime) -> None:
    """Give a group another name or share; what its merchants sell from now on costs them that."""
    found = _own(actor, group)
    before = {"name": found.name, "share_bp": found.share_bp}
    _say(found, name, share_bp)
    session().flush()
    note(f"price_group:{group}", before=before, after={"name": found.name, "share_bp": share_bp})
    _tell(actor, now)


@operation("price_group.set_price")
def set_group_price(*, actor: Actor, group: str, listing: str, price_fen: int | None, now: datetime) -> None:
    """Say what a group owes for a piece of one listing whatever its share; nothing takes that back.

    Goods that were never on sale have none: they may be thrown away.
    """
    found = _own(actor, group)
    goods = own_listing(actor, listing)
    if goods.organisation_id != found.organisation_id or goods.published_at is None:
        raise NotFoundError
    this = (GroupPrice.price_group_id == found.id) & (GroupPrice.listing_id == goods.id)
    before = session().scalar(select(GroupPrice.price_fen).where(this))
    if price_fen is None:
        session().execute(delete(GroupPrice).where(this))
    else:
        check_price(price_fen)
        dialect = sqlite if is_sqlite() else postgresql
        new = dialect.insert(GroupPrice).values(price_group_id=found.id, listing_id=goods.id, price_fen=price_fen)
        said = {"price_fen": price_fen}
        session().execute(new.on_conflict_do_update(index_elements=["price_group_id", "listing_id"], set_=said))
    note(f"price_group:{group}", before={listing: before}, after={listing: price_fen})
    _tell(actor, now)


@operation("price_group.put_in")
def put_in_group(*, actor: Actor, admission: str, group: str, now: datetime) -> None:
    """Put a merchant into a group of the factory, or out of any with an empty one."""
    mine = of_factories(actor, _ADMIT) & (Admission.public_id == admission)
    query = select(Admission).where(mine).with_for_update().execution_options(populate_existing=True)
    found = session().scalar(query)
    if found is None:
        raise NotFoundError
    if found.state != "admitted":
        raise DomainError("group.not_admitted")
    chosen = _own(actor, group) if group else None
    if chosen is not None and chosen.organisation_id != found.factory_id:
        raise NotFoundError
    before, found.price_group_id = found.price_group_id, chosen.id if chosen else None
    session().flush()
    note(f"admission:{admission}", before={"in_group": before is not None}, after={"group": group})
    _tell(actor, now)


def _say(group: PriceGroup, name: str, share_bp: int) -> None:
    name = clean(name)
    if not 1 <= len(name) <= GROUP_NAME_MOST:
        raise InvalidInputError({"name": ("field.group_name", {"most": GROUP_NAME_MOST})})
    if not LEAST_SHARE_BP <= share_bp <= WHOLE_BP:
        raise InvalidInputError({"share": ("field.group_share", {})})
    alike = (PriceGroup.organisation_id == group.organisation_id) & (PriceGroup.name == name)
    with session().no_autoflush:
        known = session().scalar(select(PriceGroup.public_id).where(alike))
    if known not in {None, group.public_id}:
        raise InvalidInputError({"name": ("field.group_known", {})})
    group.name, group.share_bp = name, share_bp


def _own(actor: Actor, group: str) -> PriceGroup:
    """A group of the actor's factory, held until the transaction ends."""
    mine = [one.organisation_id for one in actor.memberships if _ADMIT in one.permissions]
    query = select(PriceGroup).where(PriceGroup.public_id == group, PriceGroup.organisation_id.in_(mine))
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def _tell(actor: Actor, now: datetime) -> None:
    publish(PriceGroupChanged(actor.membership(_ADMIT).organisation), actor=actor, now=now)
