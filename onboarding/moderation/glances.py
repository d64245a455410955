"""What a list of cases shows of goods at a glance: a picture, their prices, how much was found and how grave it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from kernel.clock import business_date
from kernel.db import session
from kernel.i18n import amount, gettext
from onboarding.listings.changes import PRICE, as_asked, of_variants
from onboarding.listings.claims import remarks
from onboarding.listings.doubts import doubts_of
from onboarding.listings.models import Listing, ListingEdit, Takedown
from onboarding.moderation.models import Case
from onboarding.moderation.queries import CaseLine, Glance, lines_of
from onboarding.moderation.subjects import GOODS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.findings import Finding


def glanced(lines: Sequence[CaseLine], *, now: datetime) -> list[CaseLine]:
    """The lines with a glance at the goods that they are about: in as many statements for many as for one.

    Of an edit the goods are looked at as they are to be.
    """
    about = _about(lines)
    goods = [about[line.id] for line in lines if line.id in about]
    found = doubts_of(goods, today=business_date(now)) if goods else []
    looks = iter(_glance(*one, doubts) for one, doubts in zip(goods, found, strict=True))
    return [replace(line, glance=next(looks)) if line.id in about else line for line in lines]


def chosen_lines(actor: Actor, cases: Sequence[str], *, now: datetime) -> list[CaseLine]:
    """The open ones among cases (public ids) of this operator's desk, with their glances; what was found first."""
    query = lines_of(actor).where(Case.public_id.in_(cases), Case.state == "open").order_by(Case.id)
    lines = glanced([CaseLine(*row) for row in session().execute(query)], now=now)
    return sorted(lines, key=lambda one: (-one.glance.bad, -one.glance.warn) if one.glance else (0, 0))


def price_range(line: CaseLine) -> str:
    """The range of retail prices of goods."""
    if line.glance is None or not line.glance.highest_fen:
        return ""
    lowest, highest = (amount(fen, short=True) for fen in (line.glance.lowest_fen, line.glance.highest_fen))
    return lowest if lowest == highest else f"{lowest}–{highest}"


def said_of(line: CaseLine) -> str | None:
    """How much the checks found of goods, the gravest first; what is only good to know where that is all."""
    if line.glance is None:
        return None
    bad, warn, info = line.glance.bad, line.glance.warn, line.glance.info
    if bad and warn:
        return gettext("严重 %(bad)s，提醒 %(warn)s", bad=bad, warn=warn)
    if bad:
        return gettext("严重 %(bad)s", bad=bad)
    if warn:
        return gettext("提醒 %(warn)s", warn=warn)
    return gettext("供参考 %(info)s", info=info) if info else gettext("没有发现")


def gravity(line: CaseLine) -> str:
    """The colour of what was found."""
    if line.glance is None:
        return ""
    return "bad" if line.glance.bad else "warn" if line.glance.warn else ""


def _about(lines: Sequence[CaseLine]) -> dict[int, tuple[Listing, Mapping[str, Any]]]:
    """By case (id) the goods that it is about, with what they are to be."""
    named = {line.subject for line in lines if line.subject_type in GOODS}
    edits, downs = _rows(ListingEdit, lines, "edit"), _rows(Takedown, lines, "takedown")
    ids = {name: one.listing_id for name, one in (edits | downs).items()}
    if not named and not ids:
        return {}
    parts = (selectinload(Listing.skus), selectinload(Listing.ways), selectinload(Listing.tiers))
    query = select(Listing).where(or_(Listing.public_id.in_(named), Listing.id.in_(ids.values()))).options(*parts)
    goods = {key: one for one in session().scalars(query) for key in (one.public_id, one.id)}
    keys = {line.id: (ids.get(line.subject, line.subject), edits.get(line.subject)) for line in lines}
    return {case: (goods[key], as_asked(goods[key], edit)) for case, (key, edit) in keys.items() if key in goods}


def _rows(table: Any, lines: Sequence[CaseLine], kind: str) -> dict[str, Any]:  # noqa: ANN401  edits or take-downs
    names = {line.subject for line in lines if line.subject_type == kind}
    if not names:
        return {}
    return {one.public_id: one for one in session().scalars(select(table).where(table.public_id.in_(names)))}


def _glance(listing: Listing, asked: Mapping[str, Any], doubts: Sequence[Finding]) -> Glance:
    """The law on advertising forbids (grave) or wants a proof; of the rest each says itself how much it weighs."""
    prices = of_variants(asked, PRICE)
    sold = [prices[sku.public_id] for sku in listing.skus if not sku.off and sku.public_id in prices]
    weights = [one.severity for one in doubts] + ["bad" if one.forbids else "warn" for one in remarks(asked)]
    return Glance(
        image=asked.get("image") or listing.image,
        lowest_fen=min(sold, default=0),
        highest_fen=max(sold, default=0),
        bad=weights.count("bad"),
        warn=weights.count("warn"),
        info=weights.count("info"),
    )
