"""What the advertising law says of a listing's words: remarks beside the form, refusals when it is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.errors import InvalidInputError
from onboarding.compliance.lint import lint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kernel.errors import Param
    from onboarding.compliance.lint import Found
    from onboarding.listings.models import Listing

_SPOKEN: Final = ("title", "description")


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding in one of the fields of a listing."""

    field: str
    found: Found

    @property
    def forbids(self) -> bool:
        """Whether the words have to change; otherwise they have to be proven."""
        return self.found.verdict == "block"


def words_of(listing: Listing) -> dict[str, str]:
    """The words that buyers will read."""
    return {name: getattr(listing, name) for name in _SPOKEN}


def remarks(words: Mapping[str, str]) -> list[Remark]:
    """What is to be said of the words of a listing, those that have to change first."""
    said = [Remark(name, found) for name in _SPOKEN for found in lint(words.get(name, "")).findings]
    return sorted(said, key=lambda one: not one.forbids)


def is_forbidden(words: Mapping[str, str]) -> bool:
    """Whether words have to change before an operator sees them."""
    return any(one.forbids for one in remarks(words))


def refuse_forbidden(words: Mapping[str, str]) -> None:
    """Raise `listing.advertising` at each field that has to change, with its first finding."""
    wrong = {one.field: one.found for one in reversed(remarks(words)) if one.forbids}
    if wrong:
        raise InvalidInputError({name: ("listing.advertising", _told(found)) for name, found in wrong.items()})


def _told(found: Found) -> dict[str, Param]:
    return {"term": found.term, "why": found.why, "fix": found.fix}
