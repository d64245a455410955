"""A lifecycle is data: one table decides, authorises, names the fact and draws the buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kernel.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Step:
    """One edge: the state it leads to, who may take it, and the fact it publishes."""

    to: str
    permission: Permission
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All edges of one kind of thing: `(state, action) → Step`.

    `labels` holds the message id of each state, `tones` the colour of its badge (see components/badge.html) where it is
    not a calm one.
    """

    name: str
    start: str
    steps: Mapping[tuple[str, str], Step]
    labels: Mapping[str, str]
    tones: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A state that no edge knows, or that has no label, is a slip of the pen."""
        known = {self.start, *(state for state, _action in self.steps), *(step.to for step in self.steps.values())}
        if known != set(self.labels) or not set(self.tones) <= known:
            message = f"the states of {self.name!r} do not agree"
            raise ValueError(message)

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order of the labels."""
        return tuple(self.labels)

    def step(self, state: str, action: str) -> Step:
        """The edge for an action, or the refusal `<name>.state`."""
        found = self.steps.get((state, action))
        if found is None:
            raise DomainError(f"{self.name}.state", state=state, action=action)
        return found

    def actions(self, state: str) -> tuple[str, ...]:
        """What can be done from a state."""
        return tuple(action for source, action in self.steps if source == state)

    def sources(self, action: str) -> tuple[str, ...]:
        """The states from which an action can be taken, for conditional updates."""
        return tuple(source for source, name in self.steps if name == action)
