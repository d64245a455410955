"""The index counted against the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storefront.search.slices import everything

if TYPE_CHECKING:
    from storefront.search.index import Index


@dataclass(frozen=True, slots=True)
class Differences:
    """The index against the database: how many listings it holds, and the public ids of those that are not right."""

    held: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    left_over: tuple[str, ...]

    @property
    def is_even(self) -> bool:
        """Whether the index holds just what the database says."""
        return not (self.missing or self.changed or self.left_over)

    def as_json(self) -> dict[str, object]:
        """Counts, and the first few of each kind."""
        kinds = {"missing": self.missing, "changed": self.changed, "left_over": self.left_over}
        told = {kind: {"count": len(ids), "first": list(ids[:10])} for kind, ids in kinds.items()}
        return {"held": self.held, "even": self.is_even, **told}

    def as_text(self) -> str:
        """One line."""
        counts = (len(self.missing), len(self.changed), len(self.left_over))
        return "{} listings indexed; {} missing, {} changed, {} left over".format(self.held, *counts)


def differences(*, index: Index) -> Differences:
    """What of the index is not as the database has it now; what changes while it is read may be told wrongly."""
    held = dict(index.held())
    total = len(held)
    missing, changed = [], []
    for document in everything():
        stored = held.pop(document.public_id, None)
        if stored is None:
            missing.append(document.public_id)
        elif stored != document.to_json().encode():
            changed.append(document.public_id)
    return Differences(total, tuple(missing), tuple(changed), tuple(held))
