"""Draw the licences of the demo's sellers and keep what is read of them: `python -m tests.support.demo_licences`."""

import csv
import json
import random
from collections.abc import Iterator

from PIL import Image

from onboarding.belts.models import Belt
from onboarding.belts.operations import FILE
from onboarding.belts.rules import COLUMNS
from onboarding.licences.ocr.reader import read_licence
from onboarding.licences.operations import stored
from onboarding.verification.rules import Papers
from storefront.demo.factories import FACTORIES
from storefront.demo.merchants import MERCHANTS, NEWCOMER
from storefront.demo.papers import PICTURES, READINGS, papers_of, shop_papers_of
from tests.support.camera import blurred, noisy, seen_aslant, shot
from tests.support.licence_art import LAYOUTS, Facts, draw

HASTY = (seen_aslant(0.03), blurred(2.0), noisy(6))
LONGEST = 1280
QUALITY = 55


def main() -> None:
    """Every factory and merchant of the demo, every other one upright."""
    with FILE.open(encoding="utf-8", newline="") as source:
        rows = {row["slug"]: row for row in csv.DictReader(source)}
    PICTURES.mkdir(parents=True, exist_ok=True)
    read = {}
    for number, (facts, waits) in enumerate([*_factories(rows), *_merchants()]):
        page = draw(facts, LAYOUTS[number % 2], random.Random(facts.uscc))  # noqa: S311  a drawing
        page.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        place = PICTURES / f"{facts.uscc}.jpg"
        if waits:  # nobody has decided yet: a hasty photo, so that there is something to compare
            place.write_bytes(shot(page, HASTY, random.Random(facts.uscc), quality=QUALITY))  # noqa: S311  a drawing
        else:
            page.save(place, quality=QUALITY, optimize=True)
        read[facts.uscc] = stored(read_licence(place.read_bytes()))
    text = json.dumps(read, ensure_ascii=False, indent=1)
    READINGS.write_text(f"{text}\n", encoding="utf-8")


def _factories(rows: dict[str, dict[str, str]]) -> Iterator[tuple[Facts, bool]]:
    for factory in FACTORIES:
        belt = Belt(**{column: rows[factory.belt][name] for name, column in COLUMNS.items()})
        yield _facts(factory.uscc, factory.name, papers_of(factory, belt)), not factory.sheet


def _merchants() -> Iterator[tuple[Facts, bool]]:
    for merchant in (*MERCHANTS, NEWCOMER):
        papers = shop_papers_of(merchant)
        yield _facts(merchant.uscc, merchant.licensed or merchant.name, papers), bool(merchant.licensed)


def _facts(uscc: str, name: str, papers: Papers) -> Facts:
    return Facts(
        uscc=uscc,
        name=name,
        type=papers.sort,
        legal_representative=papers.legal_representative,
        address=papers.address,
        established_on=str(papers.established_on),
        business_scope=papers.scope,
        expires_on="",
    )


if __name__ == "__main__":
    main()
