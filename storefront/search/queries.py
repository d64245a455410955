"""From what offers say to what the index keeps and a results page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.db import session
from kernel.i18n import gettext as _
from kernel.i18n import locale, ngettext
from kernel.text import slugify
from onboarding.accounts.models import Organisation
from onboarding.listings.models import Listing
from onboarding.offers import queries as offers
from storefront.search.rules import MOST_PER_PAGE, ListingDocument, Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onboarding.offers.queries import Card, ListingFacts
    from storefront.search.index import Index
    from storefront.search.rules import Match

_FEW_LEFT = 10
_WALKED_PAGES = 10
_NATIONAL = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")


def documents(listings: Sequence[str]) -> list[ListingDocument]:
    """What the index keeps of those listings (public ids) that can be bought now."""
    return [_document(facts) for facts in offers.documents(listings)]


def all_documents() -> Iterator[ListingDocument]:
    """Everything that can be bought now, a few hundred at a time."""
    last = 0
    while batch := offers.published_after(last):
        last = batch[-1][0]
        yield from documents([listing for _id, listing in batch])


def listings_of_factory(organisation: str) -> list[str]:
    """Every listing of a factory (public id), on sale or not."""
    query = select(Listing.public_id).join(Organisation, Organisation.id == Listing.organisation_id)
    return list(session().scalars(query.where(Organisation.public_id == organisation)))


def all_hits(index: Index, words: str) -> tuple[list[str], Match]:
    """The first thousand listings (public ids) that the words find, best first, and how they match.

    For pages that show only some of what the index holds; who finds more had better narrow the words.
    """
    found: list[str] = []
    for number in range(1, _WALKED_PAGES + 1):
        result = index.search(Query(q=words, page=number, per_page=MOST_PER_PAGE))
        found += result.hits
        if len(found) >= result.total or not result.hits:
            break
    return found, result.match


def card_shown(card: Card) -> dict[str, Any]:
    """A card as the macro `product_card` takes it."""
    return {
        "url": f"/goods/{card.listing}-{slugify(card.title)}".rstrip("-"),
        "image_url": card.image,
        "title": card.title,
        "price_fen": card.price_fen,
        "price_to_fen": card.price_to_fen,
        "factory_name": card.factory_name,
        "factory_url": f"/f/{card.factory_slug}",
        "verified": True,
        "belt_label": belt_label(card.province, card.belt_zh, card.belt_en),
        "sold": _stock(card),
    }


def belt_label(province: str, name_zh: str, name_en: str) -> str:
    """A belt as people of the page's language call it: 河北·清河羊绒, Qinghe cashmere."""
    if locale() != "zh":
        return name_en
    for ending in _NATIONAL:
        province = province.removesuffix(ending)
    return f"{province}·{name_zh}"


def _document(facts: ListingFacts) -> ListingDocument:
    return ListingDocument(
        id=facts.listing_id,
        public_id=facts.listing,
        title=facts.title,
        factory=facts.factory_name,
        belt=facts.belt,
        belt_name=facts.belt_zh,
        province=facts.province,
        category=facts.category,
        price_fen=facts.price_fen,
        created_at=facts.published_at,
        in_stock=facts.left > 0,
        moq=facts.moq,
        image_url=facts.image,
        attributes=facts.words,
    )


def _stock(card: Card) -> str:
    if card.left <= 0:
        return _("暂时缺货")
    if card.left < _FEW_LEFT:
        return ngettext("只剩 %(num)s 件", "只剩 %(num)s 件", card.left)
    return ngettext("%(num)s 个规格", "%(num)s 个规格", card.skus) if card.skus > 1 else ""
