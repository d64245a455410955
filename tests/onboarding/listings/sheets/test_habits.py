"""Sheets after real habits, read with no value wrong: what is not certain is left out and told."""

import pytest

from onboarding.listings.sheets.reader import read_sheet
from onboarding.listings.sheets.reading import SheetListing, SheetSku
from tests.onboarding.listings.sheets.doubts import DOUBTS
from tests.onboarding.listings.sheets.habits import LAYOUTS, Habit
from tests.onboarding.listings.sheets.trades import TRADES

HABITS = (*LAYOUTS, *DOUBTS, *TRADES)


@pytest.mark.parametrize("habit", HABITS, ids=[habit.shows for habit in HABITS])
def test_a_habit_is_read_without_a_wrong_value(habit: Habit) -> None:
    reading = read_sheet(habit.file, "报价单")
    truth = [" ".join(line.split()) for line in habit.truth.splitlines()]
    assert [" ".join(said(listing).split()) for listing in reading.listings] == truth
    assert {problem.code for problem in reading.problems} == set(habit.told.split())


def said(listing: SheetListing) -> str:
    """A listing as the truth is written."""
    ladder = " ".join(f"{tier.min_qty}:{yuan(tier.price_fen)}" for tier in listing.tiers)
    skus = " ".join(variant(sku) for sku in listing.skus)
    facts = (listing.code or "", listing.title, ladder, yuan(listing.retail_price_fen), listing.moq or "?", skus)
    return " | ".join(str(fact) for fact in facts)


def variant(sku: SheetSku) -> str:
    """`黑 M:10@55`."""
    stock = "?" if sku.stock is None else sku.stock
    return f"{' '.join(sku.options.values())}:{stock}" + (f"@{yuan(sku.price_fen)}" if sku.price_fen else "")


def yuan(fen: int | None) -> str:
    """1250 → 12.5."""
    return "?" if fen is None else f"{fen / 100:g}"
