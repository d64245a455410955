"""Pages of a seller's way in, by her own hand or a helper's, all on one blueprint."""

from onboarding.joining.views import way, word
from onboarding.joining.views.door import blueprint

__all__ = ["blueprint", "way", "word"]
