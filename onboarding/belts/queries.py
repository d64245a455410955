"""What can be asked about belts."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.belts.models import Belt
from onboarding.belts.rules import by_province


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
