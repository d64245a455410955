"""Pages of right holders, of sellers whose goods they name, and of everybody, all on one blueprint."""

from onboarding.notices.views import holder, seller
from onboarding.notices.views.door import blueprint

__all__ = ["blueprint", "holder", "seller"]
