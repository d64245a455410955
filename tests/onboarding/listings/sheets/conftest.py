"""Readings of made and of real price sheets."""

import pytest

from onboarding.listings.sheets.reader import read_sheet
from tests.onboarding.listings.sheets.made import ReadRows, ReadSpecimen, specimen_bytes, workbook


@pytest.fixture
def read_rows() -> ReadRows:
    return lambda *sheets, merged=(): read_sheet(workbook(*sheets, merged=merged), "x.xlsx")


@pytest.fixture
def specimen() -> ReadSpecimen:
    return lambda name: read_sheet(specimen_bytes(name), name)
