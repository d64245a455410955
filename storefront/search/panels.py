"""What stands beside a result: groups of choices with their counts, what is chosen, and the ways out of nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kernel.i18n import gettext as _
from kernel.i18n import locale, yuan
from kernel.text import lazy
from onboarding.belts.rules import TILES
from onboarding.listings.categories import category_name
from storefront.search.queries import belt_label
from storefront.search.rules import LEAST_BANDS, VERIFIED, WAYS, category_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storefront.search.limits import Limits
    from storefront.search.queries import Place
    from storefront.search.rules import Facets, Result
    from storefront.search.schemas import Choice

    Groups = list[tuple[str, str, list["Link"]]]

_OPEN_WITH: Final = 12  # belts that need no province to be looked into first
_LABELS: Final = {
    "1": lazy("一件起购"),
    "2-9": lazy("2–9 件起"),
    "10-49": lazy("10–49 件起"),
    "50-": lazy("50 件以上起"),
    "direct": lazy("工厂直卖"),
    "supply": lazy("支持一件代发"),
    "licence": lazy("执照已核验"),
    "inspected": lazy("平台去看过厂"),
}
_SORTS: Final = {
    "relevance": lazy("综合"),
    "sales": lazy("销量"),
    "price": lazy("价格从低到高"),
    "-price": lazy("价格从高到低"),
    "newest": lazy("最新"),
}


@dataclass(slots=True)
class Link:
    """One choice; `below` says how deep it lies within the one above it."""

    label: str
    url: str
    on: bool = False
    count: int | None = None
    below: int = 0


def groups(choice: Choice, facets: Facets, belts: Mapping[str, Place]) -> Groups:
    """Every facet (key, title, choices); what nothing has, or everything, is offered only while it is chosen."""
    whole = min(sum(band.count for band in facets.prices), sum(facets.least.values()))  # each has one price, one least
    kept = {"belt"} if len(facets.belts) > _OPEN_WITH else set()  # a province is the only way to its belts
    kept |= {"category"} if len([path for path in facets.categories if "/" in path]) > 1 else set()
    return [
        (key, title, [link for link in links if key in kept or link.on or link.count != whole])
        for key, title, links in _all_groups(choice, facets, belts)
    ]


def chosen_chips(choice: Choice, said: Limits, belts: Mapping[str, Place]) -> list[Link]:
    """What is chosen or said in words, each leading to the page without it, and to the page without all of it."""
    chips = [link for _facet, link in [*_chosen(choice, belts), *_said(choice, said)]]
    if len(chips) > 1:
        chips.append(Link(_("去掉全部条件"), replace(choice, q=said.words).bare()))
    return chips


def ways_out(choice: Choice, result: Result, belts: Mapping[str, Place]) -> list[Link]:
    """Where nothing was found: each facet chosen, without which something would be, the most first."""
    labels: dict[str, list[str]] = {}
    said = result.limits
    for facet, link in [*_chosen(choice, belts), *_said(choice, said)]:
        labels.setdefault(facet, []).append(link.label)
    bare = {facet: choice.url(**without) for facet, without in _WITHOUT.items()}
    bare |= {"price": choice.url(price="", q=said.without(said.of_price))} if said.of_price else {}
    ways = [
        Link(_("不限%(choice)s", choice="、".join(labels[facet])), bare[facet], count=count)
        for facet, count in result.without.items()
        if count and facet in labels and facet != "unwanted"
    ]
    if count := result.without.get("unwanted"):
        ways.append(
            Link(
                _("也看%(things)s", things=_("、").join(said.unwanted)),
                choice.url(q=said.without(said.of_things)),
                count=count,
            )
        )
    return sorted(ways, key=lambda way: -(way.count or 0))


def sorts(choice: Choice) -> list[Link]:
    """The orders that a result can stand in."""
    return [Link(_(label), choice.url(sort=sort), on=sort == choice.sort) for sort, label in _SORTS.items()]


def said_in_words(choice: Choice, said: Limits) -> str:
    """What the words said and the result keeps to; nothing where a price chosen beside took its place."""
    return " · ".join(link.label for _facet, link in _said(choice, said))


def belt_name(belt: Place) -> str:
    """A belt in the language of the page."""
    return belt_label(belt.province, belt.name_zh, belt.name_en)


def price_label(value: str) -> str:
    """A price band in words; `5000-9999` is 50–100 yuan to people."""
    low, _dash, high = value.partition("-")
    if not high:
        return _("%(low)s 元以上", low=yuan(int(low), short=True))
    top = int(high) + (int(high) % 100 == 99)  # noqa: PLR2004  a band ends one fen below the next
    if not int(low or 0):
        return _("%(high)s 元以下", high=yuan(top, short=True))
    return _("%(low)s–%(high)s 元", low=yuan(int(low), short=True), high=yuan(top, short=True))


_WITHOUT: Final[dict[str, dict[str, object]]] = {
    "belt": {"belts": (), "provinces": ()},
    "category": {"categories": ()},
    "price": {"price": ""},
    "least": {"least": ()},
    "ships": {"ships_from": ()},
    "way": {"ways": ()},
    "verified": {"verified": ()},
    "order": {"made_to_order": False},
    "stock": {"in_stock": False},
    "new": {"new": False},
}


def _all_groups(choice: Choice, facets: Facets, belts: Mapping[str, Place]) -> Groups:
    return [
        ("belt", _("产业带"), _places(choice, facets, belts)),
        ("category", _("类目"), _categories(choice, facets)),
        ("price", _("价格"), _prices(choice, facets)),
        ("marks", _("上新和备货"), _marks(choice, facets)),
        ("least", _("起购量"), _several(choice, "least", LEAST_BANDS, facets.least)),
        ("ships", _("发货地"), _ships(choice, facets)),
        ("way", _("卖法"), _several(choice, "ways", WAYS, facets.ways)),
        ("verified", _("核验"), _several(choice, "verified", VERIFIED, facets.verified)),
    ]


def _places(choice: Choice, facets: Facets, belts: Mapping[str, Place]) -> list[Link]:
    """Provinces, the fullest first, and in those that are looked into their belts."""
    counts = {slug: facets.belts.get(slug, 0) for slug in {*facets.belts, *choice.belts} if slug in belts}
    home = {slug: facets.belts_in.get(slug) or belts[slug].province for slug in counts}
    provinces = dict.fromkeys([*home.values(), *choice.provinces], 0) | dict(facets.provinces)
    opened = {*choice.provinces, *(home[slug] for slug in choice.belts if slug in home)}
    links: list[Link] = []
    for province in _fullest(provinces):
        within = [slug for slug in _fullest(counts) if home[slug] == province]
        elsewhere = tuple(slug for slug in choice.belts if home.get(slug) != province)
        on = province in choice.provinces
        others = tuple(each for each in choice.provinces if each != province)
        link = choice.url(belts=elsewhere, provinces=others if on else (*others, province))
        links.append(Link(_province(province), link, on=on, count=provinces[province]))
        if province in opened or len(counts) <= _OPEN_WITH:
            links += [_belt(choice, belts[slug], counts[slug], others) for slug in within]
    return links


def _belt(choice: Choice, belt: Place, count: int, provinces: tuple[str, ...]) -> Link:
    """A belt stands for its province where both were chosen: somebody narrows."""
    on = belt.slug in choice.belts
    now = tuple(slug for slug in choice.belts if slug != belt.slug)
    link = choice.url(belts=now if on else (*now, belt.slug), provinces=provinces)
    label = belt.name_zh if locale() == "zh" else belt.name_en
    return Link(label, link, on=on, count=count, below=1)


def _categories(choice: Choice, facets: Facets) -> list[Link]:
    counts = dict.fromkeys(choice.categories, 0) | dict(facets.categories)
    offered = [name for name in counts if choice.opens(name) or name in choice.categories]
    links: list[Link] = []
    for name in sorted(offered, key=lambda name: [(-counts.get(path, 0), path) for path in category_paths(name)]):
        depth = len(category_paths(name)) - 1
        label = category_name(name, locale()).rpartition(" / ")[2]
        on = name in choice.categories
        links.append(Link(label, choice.toggled("categories", name), on=on, count=counts[name], below=depth))
    return links


def _prices(choice: Choice, facets: Facets) -> list[Link]:
    links = []
    for band in facets.prices:
        value = f"{band.min_fen}-{band.max_fen if band.max_fen is not None else ''}"
        on = value == choice.price
        if band.count or on:
            links.append(Link(price_label(value), choice.url(price="" if on else value), on=on, count=band.count))
    return links


def _marks(choice: Choice, facets: Facets) -> list[Link]:
    marks = (
        ("new", _("近 7 天上新"), choice.new, facets.new),
        ("in_stock", _("有现货"), choice.in_stock, facets.in_stock),
        ("made_to_order", _("接单后生产"), choice.made_to_order, facets.made_to_order),
    )
    return [Link(label, choice.url(**{name: not on}), on=on, count=n) for name, label, on, n in marks if n or on]


def _ships(choice: Choice, facets: Facets) -> list[Link]:
    counts = dict.fromkeys(choice.ships_from, 0) | dict(facets.ships_from)
    return [
        Link(_province(name), choice.toggled("ships_from", name), on=name in choice.ships_from, count=counts[name])
        for name in _fullest(counts)
    ]


def _several(choice: Choice, facet: str, names: Iterable[str], counts: Mapping[str, int]) -> list[Link]:
    now: tuple[str, ...] = getattr(choice, facet)
    return [
        Link(_(_LABELS[name]), choice.toggled(facet, name), on=name in now, count=counts.get(name, 0))
        for name in names
        if counts.get(name) or name in now
    ]


def _chosen(choice: Choice, belts: Mapping[str, Place]) -> list[tuple[str, Link]]:
    def out(facet: str, field: str, labels: Mapping[str, str]) -> list[tuple[str, Link]]:
        return [(facet, Link(label, choice.toggled(field, value), on=True)) for value, label in labels.items()]

    chips = out("belt", "provinces", {name: _province(name) for name in choice.provinces})
    chips += out("belt", "belts", {slug: belt_name(belts[slug]) if slug in belts else slug for slug in choice.belts})
    chips += out("category", "categories", {name: category_name(name, locale()) for name in choice.categories})
    if choice.price:
        chips.append(("price", Link(price_label(choice.price), choice.url(price=""), on=True)))
    for facet, field in (("least", "least"), ("way", "ways"), ("verified", "verified")):
        chips += out(facet, field, {value: _(_LABELS[value]) for value in getattr(choice, field)})
    chips += out("ships", "ships_from", {name: _("%(place)s发货", place=_province(name)) for name in choice.ships_from})
    marks = (
        ("new", "new", _("近 7 天上新")),
        ("stock", "in_stock", _("有现货")),
        ("order", "made_to_order", _("接单后生产")),
    )
    return chips + [
        (facet, Link(label, choice.url(**{name: False}), on=True))
        for facet, name, label in marks
        if getattr(choice, name)
    ]


def _said(choice: Choice, said: Limits) -> list[tuple[str, Link]]:
    """What the words say of price and of what is unwanted, each leading to the words without it."""
    price = [("price", said.of_price, price_label(said.price))] if said.price and not choice.price else []
    things = [("unwanted", (one,), _("不含%(things)s", things=_("、").join(one.unwanted))) for one in said.of_things]
    return [(facet, Link(label, choice.url(q=said.without(some)), on=True)) for facet, some, label in [*price, *things]]


def _province(name: str) -> str:
    tile = TILES.get(name)
    return name if tile is None else tile.short if locale() == "zh" else tile.english


def _fullest(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))
