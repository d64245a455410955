"""Lighthouse's marks, as a phone is given them, for the search and the product page full of photographs of real size.

python -m benchmarks.lighthouse [FOLDER]

A real deployment whose goods all have photographs, handed in as factories do and made smaller by the worker: 40 on the
search page, an album with its shelves on the product page. A FOLDER is kept and used again.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from io import BytesIO
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import numpy as np
from PIL import Image
from sqlalchemy import func, select

from benchmarks.town import town
from kernel.clock import Clock
from kernel.db import db, session
from kernel.files import Files, key_of
from kernel.jobs import waiting
from kernel.permissions import SYSTEM
from kernel.pictures import KINDS, WIDTHS
from kernel.text import slugify
from onboarding.listings.models import Listing
from onboarding.listings.rules import PICTURES_CAP
from onboarding.pictures.intake import take_in
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.operations import show_waiting
from storefront.app import create_app
from storefront.config import Config
from storefront.search.schemas import PER_PAGE
from tests.face.check.lighthouse import CATEGORIES, LEAST, Subject, marked
from tests.face.check.tools import LIGHTHOUSE, MISSING
from tests.support.photo_art import photograph
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask

THING: Final = "毛巾"
GOODS: Final = 48
STREET: Final = 60_000
"""Lines of the town among which as many goods of the thing are looked for."""
SIZES: Final = ((2400, 1800), (1800, 2400), (2000, 2000), (3000, 2000))
GRAIN: Final = 6
"""How far, of 255, the sensor of a phone strays indoors; told as a standard deviation."""


def main() -> int:
    """Print the marks of both pages and what travelled; 1 when a mark is below what is promised."""
    if not LIGHTHOUSE.exists():
        sys.exit(MISSING)
    with tempfile.TemporaryDirectory() as scratch:
        server = Server(Path((sys.argv[1:] or [scratch])[0]), LIMITS_SCALE="100000")
        app = prepared(server)
        server.start()
        try:
            with app.app_context():
                hang(app)
                product = tell(app.extensions["ports"].get(Files))
            return report(server.url, product)
        finally:
            server.stop()


def prepared(server: Server) -> Flask:
    """The application on the server's data, in which there are goods of one thing."""
    server.command("migrate")
    lines = server.data_dir / "goods.jsonl"
    if not lines.exists():
        lines.write_text("".join(goods()), encoding="utf-8")
        server.command("listings", "load", str(lines), "--json")
        server.command("reindex")
    return create_app(Config(data_dir=server.data_dir))


def goods() -> Iterator[str]:
    """Lines of goods that one search finds, all of the first's factory, so that its shelves are full too."""
    whole = (json.loads(line) for lines in town(STREET) for line in lines.splitlines())
    chosen = list(islice((one for one in whole if THING in one["title"] and one.get("stock")), GOODS))
    assert len(chosen) == GOODS
    for one in chosen:
        yield json.dumps(one | {"factory": chosen[0]["factory"], "belt": chosen[0]["belt"]}, ensure_ascii=False) + "\n"


def hang(app: Flask) -> None:
    """Hand in a photograph for all goods and an album for the first, let the worker make its sizes, show them."""
    ports = app.extensions["ports"]
    files, now = ports.get(Files), ports.get(Clock).now
    listings = session().scalars(select(Listing.public_id).order_by(Listing.id)).all()
    held = session().scalar(select(func.count(ListingPicture.id))) or 0
    session().rollback()
    wanted = [*listings, *[listings[0]] * (PICTURES_CAP - 1)]
    for seed, listing in enumerate(wanted[held:], held):
        take_in(taken(seed), actor=SYSTEM, listing=listing, filename="", by_ai=False, files=files, now=now())
        db.session.remove()
    settle(("heavy", "light", "index"))
    for listing in listings:
        show_waiting(actor=SYSTEM, listing=listing, now=now())
        db.session.remove()
    settle(("heavy", "light", "index"))


def taken(seed: int) -> bytes:
    """A photograph as a phone hands it in: some megapixels, with grain, as JPEG."""
    size = SIZES[seed % len(SIZES)]
    dice = np.random.default_rng(seed)
    large = np.asarray(photograph(seed).resize(size, Image.Resampling.LANCZOS), np.int16)
    grain = dice.normal(0, GRAIN, (size[1], size[0], 1)).astype(np.int16)
    file = BytesIO()
    Image.fromarray((large + grain).clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


def settle(queues: Iterable[str]) -> None:
    """Wait until the worker has done what waits in these."""
    while any(waiting()[queue] for queue in queues):
        session().rollback()
        time.sleep(0.5)
    session().rollback()


def tell(files: Files) -> str:
    """Print how heavy the photographs became; the path of the goods with the album."""
    shown = [one.look for one in session().scalars(select(ListingPicture).where(ListingPicture.state == "shown"))]
    first = session().scalars(select(Listing).order_by(Listing.id)).first()
    assert first is not None
    product = f"/goods/{first.public_id}-{slugify(first.title)}"
    session().rollback()
    print(f"{len(shown)} photographs, handed in {min(min(SIZES))} to {max(max(SIZES))} px wide or high; in the middle")
    for size, kind in itertools.product(WIDTHS, KINDS):
        heavy = median(len(files.get(key_of(f"{one.name}/{size}.{kind}"))) for one in shown)
        print(f"  {size:4}.{kind} {heavy / 1e3:6.1f} kB")
    return product


def report(url: str, product: str) -> int:
    """Print the marks of both pages; 1 when one is too low."""
    search = f"/factory-goods?q={quote(THING)}"
    short: list[Any] = []
    for one in marked(url, [Subject(f"search, {PER_PAGE} photos", search), Subject("product, an album", product)]):
        said = "  ".join(f"{name} {one.marks[name]}" for name in CATEGORIES)
        print(f"{one.subject.name:20} {said}", flush=True)
        short += one.short
    print(f"below {LEAST}: {', '.join(short)}" if short else f"every mark is {LEAST} or better")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
