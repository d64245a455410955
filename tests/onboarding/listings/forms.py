"""The form of a listing as a page sends it."""

from onboarding.listings.models import Listing


def listing_form(listing: Listing, **changes: str) -> dict[str, str]:
    sku = listing.skus[0]
    form = {"title": listing.title, "category": listing.category, "description": "", "image": listing.image}
    form |= {f"price_{sku.public_id}": "128.00", f"stock_{sku.public_id}": "10", f"was_{sku.public_id}": "10"}
    return form | {name.replace("SKU", sku.public_id): value for name, value in changes.items()}
