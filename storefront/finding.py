"""Commands of the search: find goods, say why they stand where they stand, build the index anew, check it."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from kernel.clock import Clock, business_date
from kernel.files import Files
from storefront.app import create_app
from storefront.photos import tasks as looking
from storefront.photos.index import PhotoIndex
from storefront.readings import as_json, json_text
from storefront.search import tasks as indexing
from storefront.search.differences import differences
from storefront.search.filling import HelperDiedError
from storefront.search.index import Index
from storefront.search.queries import cards, codes
from storefront.search.rules import MOST_PER_PAGE
from storefront.search.schemas import chosen

if TYPE_CHECKING:
    from datetime import date

    from storefront.search.limits import Limits
    from storefront.search.rules import Query, Result
    from storefront.search.slices import Tell


_TELL_SECONDS = 1.0
_DIED = (
    "A process that read goods for the new index died (what it said stands above; on a small machine memory may have "
    "run out). The index in use stays as it is: run the command again."
)


@click.command()
@click.argument("query")
@click.option("--filter", "filters", multiple=True, metavar="K=V", help="As in the page's address: belt=…, price=….")
@click.option("--limit", type=click.IntRange(1, MOST_PER_PAGE), default=10, show_default=True)
@click.option("--explain", is_flag=True, help="Say what each score is made of.")
@as_json
def search(query: str, filters: tuple[str, ...], limit: int, *, explain: bool, as_json: bool) -> None:
    """Search the factory goods page from the shell."""
    app = create_app()
    with app.app_context():
        index = app.extensions["ports"].get(Index)
        today = business_date(app.extensions["ports"].get(Clock).now())
        asked = _asked(query, filters, limit, today)
        began = time.perf_counter()
        result = index.search(asked)
        took = (time.perf_counter() - began) * 1_000
        found = _told(result, took)
        if explain:
            why = index.explain(asked)
            found["hits"] = [hit | {"why": why[hit["id"]]} for hit in found["hits"]]
    click.echo(json_text(found) if as_json else _as_text(found))


@click.command()
@click.option("--check", is_flag=True, help="Only count the index against the database; exit 1 when they differ.")
@as_json
def reindex(*, check: bool, as_json: bool) -> None:
    """Build the search index anew from the database, beside the one in use; nobody waits for it."""
    app = create_app()
    with app.app_context():
        index = app.extensions["ports"].get(Index)
        if check:
            report = differences(index=index)
            click.echo(json_text(report.as_json()) if as_json else report.as_text())
            sys.exit(0 if report.is_even else 1)
        try:
            count = indexing.rebuild(index=index, tell=_telling())
        except BlockingIOError:
            raise click.ClickException("The index is being built already: wait until that is done.") from None
        except HelperDiedError:
            raise click.ClickException(_DIED) from None
    click.echo(json_text({"listings": count}) if as_json else f"{count} listings indexed")


@click.group()
def photos() -> None:
    """Finding goods by a picture."""


@photos.command("learn")
@as_json
def photos_learn(*, as_json: bool) -> None:
    """Look at every picture of goods on sale that was not looked at yet; the worker brings the index up to date."""
    app = create_app()
    with app.app_context():
        ports = app.extensions["ports"]
        listings = looking.learn_all(files=ports.get(Files), now=ports.get(Clock).now())
    click.echo(json_text({"listings": listings}) if as_json else f"{listings} listings looked at")


@photos.command("reindex")
@as_json
def photos_reindex(*, as_json: bool) -> None:
    """Build the index of pictures anew; the worker must not be running."""
    app = create_app()
    with app.app_context():
        try:
            count = looking.rebuild(index=app.extensions["ports"].get(PhotoIndex))
        except ValueError:
            raise click.ClickException("The worker writes this index and keeps it fresh: stop it first.") from None
    click.echo(json_text({"pictures": count}) if as_json else f"{count} pictures indexed")


def _telling() -> Tell:
    """Says once a second how far the work is, to whoever looks on."""
    began = last = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > _TELL_SECONDS:
            last = now
            left = (now - began) / done * (of - done)
            click.echo(f"{done * 100 // of} % of the goods read, {left:.0f} s left for the others", err=True)

    return tell


def _asked(query: str, filters: tuple[str, ...], limit: int, today: date) -> Query:
    address: dict[str, list[str]] = {"q": [query]}
    for one in filters:
        name, sign, value = one.partition("=")
        if not sign:
            raise click.BadParameter(f"{one!r} is no K=V", param_hint="--filter")
        address.setdefault(name, []).append(value)
    return replace(chosen(address).query(today), per_page=limit)


def _told(result: Result, took: float) -> dict[str, Any]:
    known, coded = cards(result.hits), codes(result.hits)
    hits = [
        {"id": hit, "code": coded[hit], "title": known[hit].title, "score": round(score, 3)}
        for hit, score in zip(result.hits, result.scores, strict=True)
        if hit in known
    ]
    return {
        "total": result.total,
        "took_ms": round(took, 2),
        "hits": hits,
        "facets": asdict(result.facets),
        "match": result.match,
        "full": result.full,
        "suggestion": result.suggestion,
        "relaxed": list(result.relaxed),
        "limits": _limits(result.limits),
    }


def _limits(said: Limits) -> dict[str, Any]:
    """What was read from the words as filters; amounts are fen."""
    low, high = said.bounds
    return {"price_min_fen": low, "price_max_fen": high, "unwanted": list(said.unwanted), "words": said.words}


def _as_text(found: dict[str, Any]) -> str:
    lines = [f"{found['total']} in {found['took_ms']} ms"]
    if found["suggestion"]:
        lines.append(f"meant: {found['suggestion']}")
    lines += [
        f"{name}: {value}" for name, value in found["limits"].items() if name != "words" and value not in (None, [])
    ]
    for hit in found["hits"]:
        lines.append(f"{hit['score']:10.3f}  {hit['id']}  {hit['code']}  {hit['title']}")
        lines += [f"{value:16.2f}  {name}" for name, value in hit.get("why", {}).items()]
    return "\n".join(lines)
