"""What the advertising law says of a listing's words: remarks beside the form, refusals when it is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.errors import DomainError, InvalidInputError
from onboarding.compliance.lint import lint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    """What is to be said of the words of a listing, those that have to change first; `names` are its variants'."""
    said = [Remark(name, found) for name in (*_SPOKEN, "names") for found in lint(words.get(name, "")).findings]
    return sorted(said, key=lambda one: not one.forbids)


def forbidden(words: Mapping[str, str]) -> InvalidInputError | None:
    """The refusal `listing.advertising` at each field that has to change, with its first finding."""
    wrong = {one.field: one.found for one in reversed(remarks(words)) if one.forbids}
    told = {name: ("listing.advertising", _told(found)) for name, found in wrong.items()}
    return InvalidInputError(told) if told else None


def forbidden_beside(attributes: Mapping[str, str], options: Iterable[Mapping[str, str]]) -> DomainError | None:
    """The refusal `listing.advertising` of what buyers read beside the title: answers, names of variants."""
    said = dict.fromkeys([*attributes.values(), *(word for one in options for pair in one.items() for word in pair)])
    found = (one for words in said for one in lint(words).findings if one.verdict == "block")
    first = next(found, None)
    return DomainError("listing.advertising", **_told(first)) if first else None


def _told(found: Found) -> dict[str, Param]:
    return {"term": found.term, "why": found.why, "fix": found.fix}
