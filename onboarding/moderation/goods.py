"""Goods as operators look after them: a list of their desk, one with all that was decided about it, what it shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.tables import Selected
from onboarding.accounts.consents import barred
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing, Takedown
from onboarding.listings.rules import SHARED
from onboarding.listings.sharing import sharing
from onboarding.listings.steps import may_decide
from onboarding.moderation.models import Case
from onboarding.moderation.queries import EARLIER, CaseLine, lines_of, on_desk
from onboarding.pictures.queries import goods_alike
from onboarding.verification.models import Application
from onboarding.verification.queries import Seller, desk_region, seller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from kernel.permissions import Actor

GOODS_SORTS: Final = {"title": Listing.title, "factory": Organisation.name, "published": Listing.published_at}


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One kind of goods in a list."""

    listing: str
    title: str
    code: str
    state: str
    reason: str
    category: str
    organisation: str
    factory: str
    belt: str
    belt_en: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class GoodsFile:
    """Goods of this operator's desk with their cases, the newest first; `barred` says why she may not decide.

    `appeal` is the case in which a standing take-down is appealed.
    """

    listing: Listing
    seller: Seller
    earlier: list[CaseLine]
    appeal: str
    barred: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a take-down by a shared cause would take along: goods of this desk, and how many of others it leaves."""

    by: str
    goods: Sequence[Listing]
    away: int


def goods(actor: Actor, asked: Mapping[str, str]) -> Selected[GoodsLine]:
    """The goods of this operator's desk that an address asks for, the newest first; drafts are their owners' alone."""
    query = _on_desk(
        actor,
        Listing.public_id,
        Listing.title,
        Listing.code,
        Listing.state,
        Listing.reason,
        Listing.category,
        Organisation.public_id,
        Organisation.name,
        func.coalesce(Belt.name_zh, ""),
        func.coalesce(Belt.name_en, ""),
        Listing.published_at,
    )
    wanted = {"state": Listing.state, "region": desk_region(), "belt": Belt.slug}
    query = query.where(*(column == asked[name] for name, column in wanted.items() if asked[name]))
    if said := asked["q"]:
        named = Listing.title.icontains(said, autoescape=True) | Organisation.name.icontains(said, autoescape=True)
        query = query.where(named | (Listing.public_id == said) | (Listing.code == said))
    return Selected(query, (Listing.id.desc(),), lambda rows: [GoodsLine(*row) for row in rows])


def goods_file(actor: Actor, listing: str) -> GoodsFile:
    """Everything about goods (public id) of this operator's desk; NotFoundError."""
    row = (
        session().execute(_on_desk(actor, Listing, Organisation.public_id).where(Listing.public_id == listing)).first()
    )
    found = seller(row[1]) if row else None
    if row is None or found is None:
        raise NotFoundError
    appeal = _standing_appeal(row[0].id)
    return GoodsFile(row[0], found, _cases(actor, row[0]), appeal, barred(actor, row[0].organisation_id))


def reaches(actor: Actor, listing: Listing) -> list[Reach]:
    """What goods share with others on sale, by each cause that they share with any."""
    alike = goods_alike(listing.id)
    found = [(by, sharing(listing, by=by, alike=alike)) for by in SHARED]
    split = [(by, goods, [one for one in goods if may_decide(actor, one)]) for by, goods in found if goods]
    return [Reach(by, near, len(goods) - len(near)) for by, goods, near in split]


def _on_desk(actor: Actor, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401  whatever is asked for
    return (
        select(*columns)
        .select_from(Listing)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .join(Application, Application.organisation_id == Organisation.id)
        .outerjoin(Belt, Belt.id == Application.belt_id)
        .where(Listing.state != "draft", on_desk(actor, region=desk_region(), belt=Belt.slug))
    )


def _cases(actor: Actor, listing: Listing) -> list[CaseLine]:
    """The cases of these goods, their appeals among them."""
    appeals = select(Takedown.public_id).where(Takedown.listing_id == listing.id)
    about = Case.subject_type.in_(("listing", "pictures")) & (Case.subject == listing.public_id)
    query = lines_of(actor).where(about | ((Case.subject_type == "takedown") & Case.subject.in_(appeals)))
    return [CaseLine(*row) for row in session().execute(query.order_by(Case.id.desc()).limit(EARLIER))]


def _standing_appeal(listing_id: int) -> str:
    waits = (Takedown.listing_id == listing_id) & (Takedown.appeal == "open") & Takedown.ended_at.is_(None)
    query = select(Case.public_id).join(Takedown, Takedown.public_id == Case.subject).where(waits)
    return session().scalar(query.order_by(Case.id.desc()).limit(1)) or ""
