"""What of the goods a shopper sees and the index keeps: one card a listing, whoever sells it. Money is fen."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, select, true
from sqlalchemy.orm import aliased

from kernel.db import session, settled
from kernel.i18n import gettext as _
from kernel.i18n import locale, ngettext
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.closings.models import Closing
from onboarding.closings.queries import closing_of_maker
from onboarding.listings.categories import paths_in, top_of
from onboarding.listings.models import Listing, Sku, WayOfSelling
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.queries import pieces_left, told_title
from onboarding.verification.models import Application, Profile
from onboarding.verification.queries import may_trade, seller_trades
from storefront.search.documents import documents_of, keys_of
from storefront.search.models import SoldDay
from storefront.search.rules import NEW_DAYS, Card

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery

    from storefront.search.rules import ListingDocument

FEW_LEFT = 10
MAKER_NAMES = (Organisation.name, Belt.city, Belt.county)  # what `blind` keeps off a merchant's pages
_MAKER = aliased(Organisation)
_NATIONAL = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")


class Place(NamedTuple):
    """A belt as a search page names it."""

    slug: str
    name_zh: str
    name_en: str
    province: str


_PLACES = select(Belt.slug, Belt.name_zh, Belt.name_en, Belt.province)


def cards(listings: Iterable[str]) -> dict[str, Card]:
    """Cards by public id of those listings that can be bought now; a listing taken down is missing at once."""
    rows = session().connection().execute(_cards_statement(), {"listings": list(listings)})
    return {row[0]: Card(*row) for row in rows}


def codes(listings: Iterable[str]) -> dict[str, str]:
    """The factories' own codes of listings, by public id."""
    query = select(Listing.public_id, Listing.code).where(Listing.public_id.in_(list(listings)))
    return {row.public_id: row.code for row in session().execute(query)}


def places() -> dict[str, Place]:
    """Every belt by its slug, as a search page names it."""
    return {row[0]: Place(*row) for row in session().connection().execute(_PLACES)}


def newest_cards(*, limit: int) -> list[Card]:
    """The newest goods of all."""
    return _newest(_offered_now(), limit)


def newest_of_makers(*, limit: int, within: str = "") -> list[Card]:
    """The newest goods that factories sell themselves, of the category `within` if it has any.

    Beside words that found nothing no merchant's may stand.
    """
    alike = Listing.category.in_(paths_in(within))
    near = _newest(alike & _offered_now(Offer.kind == "own"), limit) if within else []
    return near or _newest(_offered_now(Offer.kind == "own"), limit)


def cards_of_belt(belt: str, *, limit: int) -> list[Card]:
    """The newest goods that factories of a belt (slug) sell themselves: a merchant's page names no belt."""
    of_belt = select(Application.organisation_id).join(Belt, Belt.id == Application.belt_id).where(Belt.slug == belt)
    return _newest(Listing.organisation_id.in_(of_belt) & _offered_now(Offer.kind == "own"), limit)


def cards_of_factory(factory: str, *, limit: int) -> list[Card]:
    """The newest goods that a factory (public id) sells itself."""
    made_by = select(Organisation.id).where(Organisation.public_id == factory).scalar_subquery()
    return _newest((Listing.organisation_id == made_by) & _offered_now(Offer.kind == "own"), limit)


def cards_beside(factory: int, belt: int, category: str, *, limit: int) -> list[Card]:
    """The newest goods that other factories sell themselves, made in the same belt or of the same category (ids)."""
    of_belt = select(Application.organisation_id).where(Application.belt_id == belt)
    alike = Listing.organisation_id.in_(of_belt) | Listing.category.in_(paths_in(top_of(category)))
    return _newest(alike & (Listing.organisation_id != factory) & _offered_now(Offer.kind == "own"), limit)


def cards_of_merchant(merchant: int, *, limit: int, offset: int = 0) -> list[Card]:
    """What a merchant (organisation id) has to sell, the last picked up first; nothing that is sold out."""
    hers = (Offer.organisation_id == merchant) & (Offer.kind == "resale") & (pieces_left() >= Offer.min_quantity)
    query = _card_query(_best(hers, everywhere=True)).order_by(PickUp.picked_at.desc(), PickUp.id.desc())
    return _cards(query.limit(limit).offset(offset))


def documents(listings: Sequence[str]) -> list[ListingDocument]:
    """What the index keeps of those listings (public ids) that can be bought now: each as its card shows it."""
    keys = list(keys_of(listings).values())
    return documents_of(lambda key: key.in_(keys), {}, session())


def rising(today: date, *, limit: int) -> list[str]:
    """The listings (public ids) of which more pieces were paid in the last week than in the one before, most first."""
    week, before = today - timedelta(days=NEW_DAYS - 1), today - timedelta(days=2 * NEW_DAYS - 1)
    more = func.sum(case((SoldDay.day >= week, SoldDay.pieces), else_=-SoldDay.pieces))
    query = (
        select(Listing.public_id)
        .join(SoldDay, SoldDay.listing_id == Listing.id)
        .where(SoldDay.day.between(before, today), Listing.state == "published")
        .group_by(Listing.id, Listing.public_id)
        .having(more > 0)
        .order_by(more.desc(), Listing.id.desc())
    )
    return list(session().scalars(query.limit(limit)))


def listings_of_factory(organisation: str) -> list[str]:
    """Every listing of a factory (public id), on sale or not; of a merchant those that she picked up."""
    home = select(Organisation.id).where(Organisation.public_id == organisation).scalar_subquery()
    picked = select(PickUp.id).where(PickUp.listing_id == Listing.id, PickUp.organisation_id == home)
    return list(session().scalars(select(Listing.public_id).where((Listing.organisation_id == home) | picked.exists())))


def listings_of_merchant(organisation: str) -> list[str]:
    """Every listing that a merchant (public id) resells."""
    query = select(Listing.public_id).join(PickUp, PickUp.listing_id == Listing.id)
    query = query.join(Organisation, Organisation.id == PickUp.organisation_id)
    return list(session().scalars(query.where(Organisation.public_id == organisation, PickUp.state == "on")))


def card_shown(card: Card, *, named: bool = True) -> dict[str, Any]:
    """A card as the macro `product_card` takes it; in the seller's own shop she and her belt need not be `named`."""
    return {
        "url": card.page,
        "image_url": card.image,
        "title": card.title,
        "price_fen": card.price_fen,
        "price_to_fen": card.price_to_fen,
        "factory_name": card.seller_name if named else "",
        "factory_url": card.seller_page,
        "verified": card.pick_up is None,
        "belt_label": belt_label(card.province, card.belt_zh or "", card.belt_en or "")
        if card.province and named
        else "",
        "founded": card.founded if named else None,
        "reopens_at": card.reopens_at,
        "sold": _stock(card),
        "shops": ngettext("另有 %(num)s 家店在卖", "另有 %(num)s 家店在卖", card.shops)
        if card.shops and not card.pick_up
        else "",
    }


def belt_label(province: str, name_zh: str, name_en: str) -> str:
    """A belt as people of the page's language call it: 河北·清河羊绒, Qinghe cashmere."""
    if locale() != "zh":
        return name_en
    for ending in _NATIONAL:
        province = province.removesuffix(ending)
    return f"{province}·{name_zh}"


@cache
def _cards_statement() -> Select[Any]:
    """Built once: putting it together took longer than asking it."""
    chosen = select(Listing.id).where(Listing.public_id.in_(bindparam("listings", expanding=True)))
    return settled(_card_query(_best(Offer.listing_id.in_(chosen))))


def _cards(query: Select[Any]) -> list[Card]:
    return [Card(*row) for row in session().connection().execute(query)]


def _newest(where: ColumnElement[bool], limit: int) -> list[Card]:
    approved = select(Application.organisation_id).where(may_trade())
    newest = (Listing.published_at.desc(), Listing.id.desc())
    chosen = (
        select(Listing.id)
        .where(Listing.state == "published", Listing.organisation_id.in_(approved), where)
        .order_by(*newest)
        .limit(limit)
    )
    best = _best(Offer.listing_id.in_(select(chosen.subquery().c.id)))
    return _cards(_card_query(best).order_by(*newest))


def _offered_now(what: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """That a listing has an offer that is on, of a seller who trades, of this kind if one is given."""
    on = select(Offer.id).where(Offer.listing_id == Listing.id, Offer.state == "on")
    on = on.where(seller_trades(Offer.organisation_id), in_channel())
    return on.where(true() if what is None else what).exists()


def _card_query(best: Subquery) -> Select[Any]:
    """The columns of a `Card`, in its order."""
    columns = (
        Listing.public_id.label("listing"),
        told_title(best.c.pick_up_id, _MAKER.name).label("title"),
        Listing.image,
        Listing.category,
        best.c.price_fen,
        best.c.price_to_fen,
        best.c.currency,
        best.c.min_quantity,
        best.c.skus,
        best.c.left,
        Organisation.public_id.label("seller"),
        Organisation.name.label("seller_name"),
        Organisation.slug.label("seller_slug"),
        PickUp.public_id.label("pick_up"),
        best.c.shops,
        Belt.slug.label("belt"),
        Belt.name_zh.label("belt_zh"),
        Belt.name_en.label("belt_en"),
        Belt.province,
        Profile.founded,
        Closing.reopens_at,
    )
    maker = (Application.organisation_id == Listing.organisation_id) & may_trade()
    return (
        select(*columns)
        .select_from(Listing)
        .join(best, (best.c.listing_id == Listing.id) & (best.c.place == 1))
        .join(Organisation, Organisation.id == best.c.organisation_id)
        .join(Application, maker)
        .join(_MAKER, _MAKER.id == Listing.organisation_id)
        .outerjoin(PickUp, PickUp.id == best.c.pick_up_id)
        .outerjoin(Belt, (Belt.id == Application.belt_id) & best.c.pick_up_id.is_(None))
        .outerjoin(Profile, (Profile.organisation_id == Listing.organisation_id) & best.c.pick_up_id.is_(None))
        .outerjoin(Closing, closing_of_maker(Listing.organisation_id))
        .where(Listing.state == "published")
    )


def in_channel(
    listing: SQLColumnExpression[int] = Offer.listing_id, pick_up: SQLColumnExpression[int | None] = Offer.pick_up_id
) -> ColumnElement[bool]:
    """That an offer may stand in the channel: a factory may keep what merchants resell to their own shops."""
    kept = select(WayOfSelling.id).where(WayOfSelling.listing_id == listing, WayOfSelling.way == "supply")
    return pick_up.is_(None) | ~kept.where(WayOfSelling.resold_shown.is_(False)).exists()


def _best(where: ColumnElement[bool], *, everywhere: bool = False) -> Subquery:
    """Each seller's offers of a listing that are on, as one row; `place` 1 is the factory's, else the cheapest."""
    sold = (
        select(
            Offer.listing_id,
            Offer.organisation_id,
            Offer.pick_up_id,
            func.min(Offer.price_fen).label("price_fen"),
            func.max(Offer.price_fen).label("price_to_fen"),
            func.min(Offer.currency).label("currency"),
            func.min(Offer.min_quantity).label("min_quantity"),
            func.count().label("skus"),
            func.sum(pieces_left()).label("left"),
        )
        .join(Sku, Sku.id == Offer.sku_id)
        .where(where, Offer.state == "on")
        .group_by(Offer.listing_id, Offer.organisation_id, Offer.pick_up_id)
        .subquery("sold")
        .c
    )
    first = (sold.pick_up_id.is_not(None), sold.price_fen, sold.pick_up_id)
    shops = func.count(sold.pick_up_id).over(partition_by=sold.listing_id).label("shops")
    place = func.row_number().over(partition_by=sold.listing_id, order_by=first).label("place")
    stands = true() if everywhere else in_channel(sold.listing_id, sold.pick_up_id)
    return select(*sold, shops, place).where(stands, seller_trades(sold.organisation_id)).subquery("best")


def _stock(card: Card) -> str:
    if card.left <= 0:
        return _("暂时缺货")
    if card.left < FEW_LEFT:
        return ngettext("只剩 %(num)s 件", "只剩 %(num)s 件", card.left)
    return ngettext("%(num)s 个规格", "%(num)s 个规格", card.skus) if card.skus > 1 else ""
