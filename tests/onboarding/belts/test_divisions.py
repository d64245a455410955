"""Where an address lies: as licences write it, shortened, renamed, misread; and what is left open."""

import csv
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.belts.divisions import DATA, Place, counties, place_in, place_of

ADDRESSES = (Path(__file__).parent / "addresses.txt").read_text(encoding="utf-8").splitlines()
CASES = [tuple(line.split(" | ")) for line in ADDRESSES if line and not line.startswith("#")]


@pytest.mark.parametrize(("address", "expected"), CASES)
def test_an_address_lies_where_it_says(address: str, expected: str) -> None:
    address, _at, region = address.partition(" @")
    found = place_in(address, region=region)
    said = f"{found.province} {found.city} {found.county}".strip() if found else "-"
    assert said == expected


def test_there_are_enough_addresses() -> None:
    assert len(CASES) >= 60


@given(
    st.sampled_from(sorted(counties(), key=lambda place: place.code)),
    st.sampled_from(["", "人民路8号", "工业园区A3幢"]),
)
def test_every_county_is_found_by_its_full_address(place: Place, street: str) -> None:
    levels = dict.fromkeys((place.province, place.city, place.county))
    assert place_in("".join(levels) + street) == place


def test_each_of_all_counties_is_found_once() -> None:
    places = list(counties())
    lost = [
        place
        for place in places
        if place_in("".join(dict.fromkeys((place.province, place.city, place.county)))) != place
    ]
    assert (len(places), lost) == (2978, [])


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    place_in(text)


@pytest.mark.parametrize(
    ("region", "county"),
    [("321181", "丹阳市"), ("441900", "东莞市"), ("321199", ""), ("329999", ""), ("500102", "涪陵区")],
)
def test_region_digits_name_a_place(region: str, county: str) -> None:
    found = place_of(region)
    assert found
    assert found.county == county


def test_the_state_itself_is_no_place() -> None:
    assert place_of("100000") is None


def test_old_names_lead_to_divisions_in_use() -> None:
    with (DATA / "former.csv").open(encoding="utf-8", newline="") as file:
        former = [row for row in csv.DictReader(file) if row["former"] != "东山区"]  # 鹤岗 has one to this day
    found = {row["former"]: place_in(row["former"], region=row["code"]) for row in former}
    assert [row for row in former if (place := found[row["former"]]) is None or place.code != row["code"]] == []


@pytest.mark.parametrize("slip", ["another", "none"])
def test_one_misread_character_hardly_ever_leads_elsewhere(slip: str) -> None:
    chance = Random(2260)  # noqa: S311  a sweep, not a secret
    places = list(counties())[::3]
    said = [_slipped("".join(dict.fromkeys((at.province, at.city, at.county))), slip, chance) for at in places]
    found = [place_in(text) for text in said]
    right = sum(one == place for one, place in zip(found, places, strict=True))
    elsewhere = [text for text, one, place in zip(said, found, places, strict=True) if one and not _over(one, place)]
    assert (len(places), right > 900, len(elsewhere) <= 5) == (993, True, True), (right, elsewhere)


def _slipped(text: str, slip: str, chance: Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + (chance.choice("大小中山水金木火土王东西南北路街") if slip == "another" else "") + text[at + 1 :]


def _over(found: Place, place: Place) -> bool:
    """Whether what was found is the place or a division over it."""
    pairs = ((found.province, place.province), (found.city, place.city), (found.county, place.county))
    return all(one in {"", other} for one, other in pairs)
