"""Pages of sign-in, account, what proves a person, and teams, all on one blueprint."""

from onboarding.accounts.views import account, entrance, handoff, proof, team
from onboarding.accounts.views.door import blueprint

__all__ = ["account", "blueprint", "entrance", "handoff", "proof", "team"]
