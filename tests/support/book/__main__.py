"""Takes the pictures of docs/screenshots again: `python -m tests.support.book [NAME …]`, all pages or these."""

import sys
import tempfile
import time
from pathlib import Path

from flask import Flask

from tests.support import browser as chromium
from tests.support import ground
from tests.support.book import camera, stage
from tests.support.book.contents import contents, picture_names
from tests.support.book.pages import LEAVES, Leaf, addresses, owner_of
from tests.support.browser import PICTURES


def main(names: list[str]) -> None:
    """Load the demo, take the pictures, write the contents."""
    unknown = set(names) - {leaf.name for leaf in LEAVES}
    if unknown:
        sys.exit(f"no such page in the book: {', '.join(sorted(unknown))}")
    ground.lay()
    try:
        with tempfile.TemporaryDirectory() as folder, stage.opened(Path(folder) / "demo") as app:
            _take(app, [leaf for leaf in LEAVES if not names or leaf.name in names])
    finally:
        ground.clear()
    _tidy()


def _take(app: Flask, leaves: list[Leaf]) -> None:
    """One line of progress for each page."""
    places = addresses()
    with stage.served(app) as url, chromium.launched() as browser:
        for number, leaf in enumerate(leaves, 1):
            began = time.monotonic()
            seat = camera.Seat(url, app.config["SESSION_COOKIE_NAME"], stage.cookie_of(app, owner_of(leaf)))
            size = 0
            visit = camera.Visit(places[leaf.name], leaf.variants, leaf.typed)
            for variant, picture in camera.taken(browser, seat, visit):
                camera.keep(PICTURES, f"{leaf.name}-{variant}", picture)
                size += len(picture)
            spent = time.monotonic() - began
            _say(f"{number:2}/{len(leaves)}  {leaf.name:18} {size // 1000:4} kB  {spent:4.1f} s")


def _tidy() -> None:
    """The contents written, and nothing beside it that the book does not name."""
    known = {*picture_names(), "README.md"}
    for file in PICTURES.iterdir():
        if file.name not in known:
            file.unlink()
    (PICTURES / "README.md").write_text(contents(), encoding="utf-8")
    whole = sum(file.stat().st_size for file in PICTURES.iterdir())
    _say(f"{len(known)} files, {whole / 1e6:.1f} MB in {PICTURES}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
