"""Sentences as owners write them; what each says was written down by hand, from the sentence."""

from decimal import Decimal
from pathlib import Path

import pytest

from onboarding.listings.sentences.reader import SentenceReading, read_sentence

OFFERS = [
    tuple(offer.split("\n")[:2])
    for offer in Path(__file__).with_name("offers.txt").read_text("utf-8").removeprefix("> ").split("\n> ")
]
TOLD_LATER = {"deal_noted"}
"""What these sentences were written down without; `later.txt` has it."""


@pytest.mark.parametrize(("sentence", "wanted"), OFFERS, ids=[sentence for sentence, _ in OFFERS])
def test_a_sentence_says_what_a_person_reads_in_it(sentence: str, wanted: str) -> None:
    expected = dict.fromkeys(
        [
            "title",
            "tiers",
            "moq",
            "retail",
            "drop",
            "code",
            "options",
            "stock",
            "shared",
            "made",
            "unit",
            "attr",
            "own",
            "ask",
        ],
        "",
    )
    for part in wanted.split("; "):
        name, _equals, value = part.partition("=")
        expected[name] = value or ("yes" if name == "made" else "")
    expected["ask"] = " ".join(sorted(expected["ask"].split()))
    assert told(read_sentence(sentence)) == expected


def test_there_are_enough_of_them() -> None:
    assert len({sentence for sentence, _ in OFFERS}) >= 120


def told(reading: SentenceReading) -> dict[str, str]:
    listing = reading.listing
    attributes = {name: value for name, value in listing.attributes.items() if name not in {"计价单位", "说明"}}
    return {
        "title": listing.title,
        "tiers": " ".join(f"{tier.min_qty}:{yuan(tier.price_fen)}" for tier in listing.tiers),
        "moq": plain(listing.moq),
        "retail": yuan(listing.retail_price_fen),
        "drop": yuan(listing.drop_ship_price_fen),
        "code": listing.code or "",
        "unit": listing.attributes.get("计价单位", ""),
        "attr": ",".join(f"{name}:{value}" for name, value in attributes.items()),
        "ask": " ".join(sorted(problem.code for problem in reading.problems if problem.code not in TOLD_LATER)),
        **told_of_variants(reading),
    }


def told_of_variants(reading: SentenceReading) -> dict[str, str]:
    listing = reading.listing
    options: dict[str, dict[str, None]] = {}
    for sku in listing.skus:
        for name, value in sku.options.items():
            options.setdefault(name, {})[value] = None
    own = [f"{value}:{yuan(sku.price_fen)}" for sku in listing.skus if sku.price_fen for value in sku.options.values()]
    return {
        "options": " ".join(f"{name}:{','.join(values)}" for name, values in options.items()),
        "own": ",".join(own),
        "stock": ",".join(dict.fromkeys(plain(sku.stock) for sku in listing.skus)),
        "shared": ",".join(plain(shared.quantity) for shared in listing.shared_stock),
        "made": "yes" if any(sku.made_to_order for sku in listing.skus) else "",
    }


def yuan(fen: int | None) -> str:
    return "" if fen is None else f"{Decimal(fen).scaleb(-2).normalize():f}"


def plain(count: int | None) -> str:
    return "" if count is None else str(count)
