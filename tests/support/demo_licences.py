"""Draw the licences of the demo's factories and keep what is read of them: `python -m tests.support.demo_licences`."""

import csv
import json
import random

from PIL import Image

from onboarding.belts.models import Belt
from onboarding.belts.operations import FILE
from onboarding.belts.rules import COLUMNS
from onboarding.licences.ocr.reader import read_licence
from onboarding.licences.operations import stored
from storefront.demo.factories import FACTORIES, Factory
from storefront.demo.papers import PICTURES, READINGS, papers_of
from tests.support.camera import blurred, noisy, seen_aslant, shot
from tests.support.licence_art import LAYOUTS, Facts, draw

HASTY = (seen_aslant(0.03), blurred(2.0), noisy(6))
LONGEST = 1280
QUALITY = 55


def main() -> None:
    """Every factory of the demo, every other one upright."""
    with FILE.open(encoding="utf-8", newline="") as source:
        rows = {row["slug"]: row for row in csv.DictReader(source)}
    PICTURES.mkdir(parents=True, exist_ok=True)
    read = {}
    for number, factory in enumerate(FACTORIES):
        belt = Belt(**{column: rows[factory.belt][name] for name, column in COLUMNS.items()})
        page = draw(_facts(factory, belt), LAYOUTS[number % 2], random.Random(factory.uscc))  # noqa: S311  a drawing
        page.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        place = PICTURES / f"{factory.uscc}.jpg"
        if factory.sheet:
            page.save(place, quality=QUALITY, optimize=True)
        else:  # nobody has decided yet: a hasty photo, so that there is something to compare
            place.write_bytes(shot(page, HASTY, random.Random(factory.uscc), quality=QUALITY))  # noqa: S311  a drawing
        read[factory.uscc] = stored(read_licence(place.read_bytes()))
    text = json.dumps(read, ensure_ascii=False, indent=1)
    READINGS.write_text(f"{text}\n", encoding="utf-8")


def _facts(factory: Factory, belt: Belt) -> Facts:
    papers = papers_of(factory, belt)
    return Facts(
        uscc=factory.uscc,
        name=factory.name,
        type=papers.sort,
        legal_representative=papers.legal_representative,
        address=papers.address,
        established_on=str(papers.established_on),
        business_scope=papers.scope,
        expires_on="",
    )


if __name__ == "__main__":
    main()
