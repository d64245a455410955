"""The licences of the invented sellers: what each says, and the picture of it (no firm of such a name is meant)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw, ImageFont

from onboarding.belts.divisions import place_of
from onboarding.belts.queries import belt_by_slug
from onboarding.licences.credit_code import region
from onboarding.licences.ocr.reading import LicenceField, LicenceReading
from onboarding.verification.rules import Papers

if TYPE_CHECKING:
    from onboarding.belts.models import Belt
    from storefront.demo.factories import Factory
    from storefront.demo.merchants import Merchant

PICTURES: Final = Path(__file__).parents[1] / "data" / "licences"
READINGS: Final = PICTURES / "readings.json"
_ROADS: Final = ("泰山路", "人民东路", "工业大道", "滨河北街", "创业二路", "迎宾大道", "学府路")
_FIRST_YEAR, _YEARS = 2004, 16


def papers_of(factory: Factory, belt: Belt | None = None) -> Papers:
    """What the licence of a factory says besides its name and its code; the same every time."""
    belt = belt or belt_by_slug(factory.belt)
    number = sum(map(ord, factory.uscc))
    road, house = _ROADS[number % len(_ROADS)], number % 198 + 1
    return Papers(
        legal_representative=factory.owner.name,
        address=f"{belt.province}{belt.city}{belt.county}工业园区{road}{house}号",
        sort="有限责任公司(自然人投资或控股)" if factory.name.endswith("公司") else "个人独资企业",
        established_on=date(_FIRST_YEAR + number % _YEARS, number % 12 + 1, number % 28 + 1),
        scope=f"{belt.trade}的生产、加工、销售；货物进出口",
    )


def shop_papers_of(merchant: Merchant) -> Papers:
    """What the licence of a merchant says besides its name and its code, where her code was given out."""
    place = place_of(region(merchant.uscc))
    where = f"{place.province}{place.city}{place.county}" if place else ""
    number = sum(map(ord, merchant.uscc))
    road, house = _ROADS[number % len(_ROADS)], number % 198 + 1
    return Papers(
        legal_representative=merchant.owner.name,
        address=f"{where}{road}{house}号",
        sort="个人独资企业",
        established_on=date(_FIRST_YEAR + number % _YEARS, number % 12 + 1, number % 28 + 1),
        scope="日用百货、服装鞋帽的零售；互联网销售",
    )


def reading_of(uscc: str) -> LicenceReading:
    """What the reader makes of the picture of a licence, kept so that a demo need not read twenty of them."""
    kept = _readings()[uscc]
    fields = {name: LicenceField(**one) for name, one in kept["fields"].items()}
    warnings = tuple(kept["warnings"])
    return LicenceReading(is_licence=kept["is_licence"], fields=fields, warnings=warnings, turned=kept["turned"])


def picture_of(uscc: str) -> bytes:
    """The photo of a licence."""
    return (PICTURES / f"{uscc}.jpg").read_bytes()


def certificate_picture(number: str) -> bytes:
    """A sheet of paper that says a number and that it is of the demo: nobody may take it for a certificate."""
    paper = Image.new("RGB", (800, 600), "white")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((24, 24, 776, 576), outline="black", width=4)
    pen.text((80, 240), f"DEMO  {number}", fill="black", font=ImageFont.load_default(40))
    kept = BytesIO()
    paper.save(kept, "JPEG", quality=80)
    return kept.getvalue()


@cache
def _readings() -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = json.loads(READINGS.read_text(encoding="utf-8"))
    return kept
