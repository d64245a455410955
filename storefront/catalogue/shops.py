"""The shops that sell goods besides their own factory, for its page alone: a merchant's leads nowhere back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, bindparam, func, select

from kernel.db import session, settled
from kernel.text import slugify
from onboarding.accounts.models import Organisation
from onboarding.offers.models import Offer, PickUp
from onboarding.verification.queries import seller_trades
from storefront.search.queries import in_channel

if TYPE_CHECKING:
    from storefront.catalogue.goods import Goods

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant who sells the goods, from which price (fen), and the address of her page of them."""

    name: str
    price_fen: int
    url: str


def shops_beside(goods: Goods) -> tuple[Shop, ...]:
    """Where else they can be bought now, the cheapest first; nobody is asked where no merchant sells them.

    A factory that keeps what merchants resell out of the channel has none here.
    """
    rows = session().connection().execute(_shops(), {"listing": goods.id}) if goods.shops else ()
    ending = slugify(goods.title.replace(goods.maker.name, "").strip() or goods.category)  # her own title of them
    return tuple(Shop(row.name, row.price_fen, f"/m/{row.slug}/{row.pick_up}-{ending}".rstrip("-")) for row in rows)


@cache
def _shops() -> Select[*tuple[Any, ...]]:
    low = func.min(Offer.price_fen)
    on = (Offer.listing_id == bindparam("listing")) & (Offer.kind == "resale") & (Offer.state == "on")
    return settled(
        select(Organisation.name, Organisation.slug, PickUp.public_id.label("pick_up"), low.label("price_fen"))
        .select_from(Offer)
        .join(PickUp, PickUp.id == Offer.pick_up_id)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(on, in_channel(), seller_trades(Offer.organisation_id))
        .group_by(Organisation.id, PickUp.id)
        .order_by(low, PickUp.id)
        .limit(MOST)
    )
