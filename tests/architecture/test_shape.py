"""Contexts have one shape, names say something, one place commits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.laws import shape
from tests.support.laws.places import ROOT

Law = Callable[[Path], list[str]]
CONTRACT = f"[{shape.CONTRACT}]\ncontainers =\n"
SAMPLES: dict[Law, dict[str, str]] = {
    shape.attics: {"kernel/utils.py": ""},
    shape.loud_layouts: {"kernel/templates/layouts/shop.html": '{% set here = "" %}{% set _places = [] %}\n'},
    shape.second_commits: {"kernel/db.py": "s.commit()\n", "storefront/orders/views.py": "session.commit()\n"},
    shape.busy_inits: {"onboarding/belts/__init__.py": '"""Belts."""\nfrom onboarding.belts import views\n'},
    shape.unplaced: {"onboarding/belts/__init__.py": '"""Belts."""\n', "setup.cfg": CONTRACT},
    shape.unwanted_words: {"docs/setup.md": "See " + "/home" + "/me/notes.\n"},
}


@pytest.mark.parametrize("law", SAMPLES, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law) -> None:
    complaints = law(ROOT)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("law", SAMPLES, ids=lambda law: law.__name__)
def test_the_law_catches_who_breaks_it(tmp_path: Path, law: Law) -> None:
    for name, text in SAMPLES[law].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert len(law(tmp_path)) == 1
