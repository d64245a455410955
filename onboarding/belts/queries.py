"""What can be asked about belts."""

from __future__ import annotations

import tomllib
from functools import cache
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.belts.models import Belt
from onboarding.belts.rules import by_province

STORIES = Path(__file__).parent / "data" / "stories.toml"


def all_belts() -> list[Belt]:
    """Every belt, by province in the order of GB/T 2260, then by slug."""
    belts = session().scalars(select(Belt).order_by(Belt.slug))
    return sorted(belts, key=lambda belt: by_province(belt.province))


def belt_by_slug(slug: str) -> Belt:
    """One belt; NotFoundError."""
    found = session().scalar(select(Belt).where(Belt.slug == slug))
    if found is None:
        raise NotFoundError
    return found


def provinces() -> dict[str, list[Belt]]:
    """The belts of each province that has any, in the order of GB/T 2260."""
    return {name: list(belts) for name, belts in groupby(all_belts(), key=lambda belt: belt.province)}


def story_of(slug: str, language: str) -> str:
    """What a belt is known for, one paragraph in `zh` or `en`; empty for a belt that has none yet."""
    return stories().get(slug, {}).get(language, "")


@cache
def stories() -> dict[str, dict[str, str]]:
    """The packaged stories by belt and language."""
    return tomllib.loads(STORIES.read_text(encoding="utf-8"))
