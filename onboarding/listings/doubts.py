"""The facts behind the findings of goods: what their factory may call them, what others like them cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.certificates.queries import papers_of
from onboarding.certificates.rules import NAMES
from onboarding.listings.brands import brands_in, names_brand
from onboarding.listings.categories import guess_category, is_vague, required_kinds
from onboarding.listings.changes import PRICE, of_variants
from onboarding.listings.claims import words_of
from onboarding.listings.findings import Facts, findings
from onboarding.listings.models import Listing, Sku
from onboarding.listings.queries import own_supply

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from onboarding.certificates.queries import Paper
    from onboarding.listings.findings import Finding

LICENCE: Final = "brand"
"""The kind of certificate by which a factory may use a brand."""
_SAMPLE: Final = 400
_NAMED: Final = 3


def own_doubts(
    listing: Listing, *, today: date, typed: Mapping[str, str] | None = None, prices: Mapping[str, int] | None = None
) -> list[Finding]:
    """What its owner is told of her words and prices while she types (`prices` by SKU public id); nothing of others."""
    meant = _Meant(listing, words_of(listing) | dict(typed or {}), prices or {})
    return findings(_own_facts(meant, _papers([meant], today)))


def doubts(listing: Listing, *, today: date, asked: Mapping[str, Any] | None = None) -> list[Finding]:
    """What an operator looks at besides: the prices of the same leaf, and who sells goods of the same title.

    `asked` is what waits, as `changes.as_asked` tells it: the goods as they are to be.
    """
    return doubts_of([(listing, asked or {})], today=today)[0]


def doubts_of(goods: Sequence[tuple[Listing, Mapping[str, Any]]], *, today: date) -> list[list[Finding]]:
    """The same of many at once, each with what waits of it: in as many statements as of one."""
    meant = [_as_meant(listing, asked) for listing, asked in goods]
    papers = _papers(meant, today)
    beside = _beside({one.listing.category for one in meant})
    namesakes = _namesakes({one.listing.title for one in meant})
    return [
        findings(
            replace(
                _own_facts(one, papers),
                beside=[fen for goods, fen in beside.get(one.listing.category, ()) if goods != one.listing.id],
                namesakes=_others(namesakes.get(one.listing.title, ()), one.listing.organisation_id),
            )
        )
        for one in meant
    ]


@dataclass(frozen=True, slots=True)
class _Meant:
    """Goods with the words and prices (by SKU public id) that are looked at."""

    listing: Listing
    words: Mapping[str, str]
    prices: Mapping[str, int]

    @property
    def brands(self) -> set[str]:
        """What the words name."""
        return {one.brand for text in self.words.values() for one in brands_in(text)}

    @property
    def evaded(self) -> list[str]:
        """The kinds of certificates that the title speaks of and the category does not ask for."""
        own, told = self.listing.attributes, self.words.get("category", self.listing.category)
        asked_for = required_kinds(told, own)
        return [
            kind for kind in required_kinds(guess_category(self.words["title"]) or "", own) if kind not in asked_for
        ]


def _as_meant(listing: Listing, asked: Mapping[str, Any]) -> _Meant:
    words = {name: asked[name] for name in ("title", "description", "category") if name in asked}
    return _Meant(listing, words_of(listing) | words, of_variants(asked, PRICE))


def _own_facts(meant: _Meant, papers: Sequence[Paper]) -> Facts:
    listing = meant.listing
    mine = [one for one in papers if one.covers(listing.organisation_id, listing.id)]
    held = {one.kind for one in mine}
    scopes = [one.scope for one in mine if one.kind == LICENCE and one.state == "confirmed"]
    return Facts(
        words=meant.words,
        prices=_prices(listing, meant.prices),
        licensed=[brand for brand in meant.brands if any(names_brand(scope, brand) for scope in scopes)],
        lacking=[NAMES[kind] for kind in meant.evaded if kind not in held],
        vague=is_vague(meant.words.get("category", listing.category)),
    )


def _prices(listing: Listing, typed: Mapping[str, int]) -> list[tuple[int, int | None]]:
    """Retail beside what a single piece costs a merchant; where variants differ, the dearest of them."""
    supply = max(own_supply(listing).prices, default=None)
    own = [(typed.get(sku.public_id, sku.retail_price_fen), sku.supply_price_fen) for sku in listing.skus]
    return [(retail, trade if trade is not None else supply) for retail, trade in own]


def _papers(meant: Sequence[_Meant], today: date) -> Sequence[Paper]:
    """The certificates of the factories whose goods name a brand or evade one; mostly there are none to ask for."""
    factories = {one.listing.organisation_id for one in meant if one.brands or one.evaded}
    return papers_of(factories, today=today) if factories else ()


def _beside(categories: Collection[str]) -> dict[str, list[tuple[int, int]]]:
    """By leaf the lowest retail price of each of the newest goods (ids) on sale there, of whatever factory."""
    newest = func.row_number().over(partition_by=Listing.category, order_by=Listing.id.desc()).label("place")
    on_sale = Listing.category.in_(categories) & (Listing.state == "published")
    goods = select(Listing.id, Listing.category, newest).where(on_sale).subquery()
    query = select(goods.c.category, goods.c.id, func.min(Sku.retail_price_fen)).join(Sku, Sku.listing_id == goods.c.id)
    query = query.where(goods.c.place <= _SAMPLE).group_by(goods.c.category, goods.c.id)
    found: dict[str, list[tuple[int, int]]] = {}
    for category, listing, fen in session().execute(query):
        found.setdefault(category, []).append((listing, fen))
    return found


def _namesakes(titles: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    """By title the factories (id and name) that sell goods of this very one."""
    query = select(Listing.title, Organisation.id, Organisation.name).distinct()
    query = query.join(Organisation, Organisation.id == Listing.organisation_id)
    query = query.where(Listing.state == "published", Listing.title.in_(titles)).order_by(Organisation.name)
    found: dict[str, list[tuple[int, str]]] = {}
    for title, factory, name in session().execute(query):
        found.setdefault(title, []).append((factory, name))
    return found


def _others(factories: Sequence[tuple[int, str]], own: int) -> list[str]:
    return list(dict.fromkeys(name for factory, name in factories if factory != own))[:_NAMED]
