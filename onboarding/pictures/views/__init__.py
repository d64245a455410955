"""Pages of pictures of goods."""

from onboarding.pictures.views import album, listing, sentences
from onboarding.pictures.views.door import blueprint

__all__ = ["album", "blueprint", "listing", "sentences"]
