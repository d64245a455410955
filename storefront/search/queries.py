"""What of the goods a shopper sees and the index keeps: one card a listing, whoever sells it. Money is fen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import aliased

from kernel.db import session
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
from storefront.search.rules import Card, ListingDocument, blind, untraded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Subquery

FEW_LEFT = 10
MAKER_NAMES = (Organisation.name, Belt.city, Belt.county)  # what `blind` keeps off a merchant's pages
_MAKER = aliased(Organisation)
_NATIONAL = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")


def cards(listings: Iterable[str]) -> dict[str, Card]:
    """Cards by public id of those listings that can be bought now; a listing taken down is missing at once."""
    chosen = select(Listing.id).where(Listing.public_id.in_(list(listings)))
    return {card.listing: card for card in _cards(_card_query(_best(Offer.listing_id.in_(chosen))))}


def newest_cards(*, limit: int) -> list[Card]:
    """The newest goods of all."""
    return _newest(_offered_now(), limit)


def newest_of_makers(*, limit: int) -> list[Card]:
    """The newest goods that factories sell themselves: beside words that found nothing no merchant's may stand."""
    return _newest(_offered_now(Offer.kind == "own"), limit)


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
    query = _card_query(_best(hers)).order_by(PickUp.picked_at.desc(), PickUp.id.desc())
    return _cards(query.limit(limit).offset(offset))


def documents(listings: Sequence[str]) -> list[ListingDocument]:
    """What the index keeps of those listings (public ids) that can be bought now: each as its card shows it."""
    shown = cards(listings)
    query = (
        select(Listing, *MAKER_NAMES)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Belt, Belt.id == Application.belt_id)
        .where(Listing.public_id.in_(list(shown)))
        .order_by(Listing.id)
    )
    rows = session().execute(query).all()
    ids = [listing.id for listing, *_names in rows]
    options, moqs = _option_words(ids), _moqs(ids)
    return [
        _document(card := shown[listing.public_id], listing, _words(card, listing, names, options), moqs)
        for listing, *names in rows
    ]


def all_documents() -> Iterator[ListingDocument]:
    """Everything that can be bought now, a few hundred at a time."""
    last = 0
    query = select(Listing.id, Listing.public_id).where(Listing.state == "published").order_by(Listing.id).limit(500)
    while batch := session().execute(query.where(Listing.id > last)).all():
        last = batch[-1].id
        yield from documents([row.public_id for row in batch])


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
        "shops": ngettext("%(num)s 家店也在卖", "%(num)s 家店也在卖", card.shops)
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


def _cards(query: Select[Any]) -> list[Card]:
    return [Card(**{str(name): value for name, value in row.items()}) for row in session().execute(query).mappings()]


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
    on = on.where(seller_trades(Offer.organisation_id))
    return on.where(true() if what is None else what).exists()


def _card_query(best: Subquery) -> Select[Any]:
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


def _best(where: ColumnElement[bool]) -> Subquery:
    """Each seller's offers of a listing that are on, as one row; `place` 1 is the factory's, else the cheapest."""
    low = func.min(Offer.price_fen)
    first = (Offer.pick_up_id.is_not(None), low, Offer.pick_up_id)
    return (
        select(
            Offer.listing_id,
            Offer.organisation_id,
            Offer.pick_up_id,
            low.label("price_fen"),
            func.max(Offer.price_fen).label("price_to_fen"),
            func.min(Offer.currency).label("currency"),
            func.min(Offer.min_quantity).label("min_quantity"),
            func.count().label("skus"),
            func.sum(pieces_left()).label("left"),
            func.count(Offer.pick_up_id).over(partition_by=Offer.listing_id).label("shops"),
            func.row_number().over(partition_by=Offer.listing_id, order_by=first).label("place"),
        )
        .join(Sku, Sku.id == Offer.sku_id)
        .where(where, Offer.state == "on", seller_trades(Offer.organisation_id))
        .group_by(Offer.listing_id, Offer.organisation_id, Offer.pick_up_id)
        .subquery("best")
    )


def _option_words(ids: Sequence[int]) -> dict[int, str]:
    words: dict[int, dict[str, None]] = {}
    for row in session().execute(select(Sku.listing_id, Sku.options).where(Sku.listing_id.in_(ids))):
        words.setdefault(row[0], {}).update(dict.fromkeys(row[1].values()))
    return {listing: " ".join(values) for listing, values in words.items()}


def _moqs(ids: Sequence[int]) -> dict[int, int]:
    query = select(WayOfSelling.listing_id, WayOfSelling.min_quantity)
    supply = query.where(WayOfSelling.listing_id.in_(ids), WayOfSelling.way == "supply")
    return {row[0]: row[1] for row in session().execute(supply)}


def _words(card: Card, listing: Listing, names: Iterable[str], options: Mapping[int, str]) -> str:
    """Free text that is searched: nothing between traders; a merchant's copy is never found by its factory's names."""
    told = blind(listing.attributes, names) if card.pick_up else untraded(listing.attributes)
    code = "" if card.pick_up else listing.code
    return " ".join(text for text in (*told.values(), options.get(listing.id, ""), code) if text)


def _document(card: Card, listing: Listing, words: str, moqs: Mapping[int, int]) -> ListingDocument:
    return ListingDocument(
        id=listing.id,
        public_id=card.listing,
        title=card.title,
        factory=card.seller_name,
        belt=card.belt or "",
        belt_name=card.belt_zh or "",
        province=card.province or "",
        category=card.category,
        price_fen=card.price_fen,
        created_at=listing.published_at or listing.created_at,
        in_stock=card.left > 0,
        moq=moqs.get(listing.id, 1),
        image_url=card.image,
        attributes=words,
    )


def _stock(card: Card) -> str:
    if card.left <= 0:
        return _("暂时缺货")
    if card.left < FEW_LEFT:
        return ngettext("只剩 %(num)s 件", "只剩 %(num)s 件", card.left)
    return ngettext("%(num)s 个规格", "%(num)s 个规格", card.skus) if card.skus > 1 else ""
