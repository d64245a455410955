"""What happens to payout accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class AccountChanged(Fact):
    """A party's account was `given`, is to be `changed`, was `confirmed` by a second owner, or `withdrawn`."""

    kind: ClassVar[str] = "payee.changed"
    account: str
    party: str
    deed: str
