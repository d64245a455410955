"""Tables of goods, of their stock, of the price sheets they come from, and of what operators say of them."""

from onboarding.listings.models.goods import Listing, Sku, SupplyTier, WayOfSelling
from onboarding.listings.models.reviews import ListingEdit, Measure, Mending, Takedown
from onboarding.listings.models.sheets import ColumnChoice, SheetImport, SheetProgress
from onboarding.listings.models.stock import StockMovement, StockReservation

__all__ = [
    "ColumnChoice",
    "Listing",
    "ListingEdit",
    "Measure",
    "Mending",
    "SheetImport",
    "SheetProgress",
    "Sku",
    "StockMovement",
    "StockReservation",
    "SupplyTier",
    "Takedown",
    "WayOfSelling",
]
