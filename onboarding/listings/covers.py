"""The picture that stands for goods in lists: one of their own, or drawn for want of any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.audit import note, operation
from kernel.pictures import look
from onboarding.listings.pictures import picture_for
from onboarding.listings.queries import own_listing

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor


@operation("listing.cover")
def set_cover(*, actor: Actor, listing: str, address: str, now: datetime) -> None:  # noqa: ARG001  as every operation
    """Show this picture; without one the drawn one that was chosen, or another where a picture of hers stood."""
    found = own_listing(actor, listing, lock=True)
    drawn = picture_for(found.title, found.category) if look(found.image) else found.image
    if (shown := address or drawn) != found.image:
        note(f"listing:{listing}", before={"image": found.image}, after={"image": shown})
        found.image = shown
