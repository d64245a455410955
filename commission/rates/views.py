"""The public page of rates: shown prominently and always, every version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from commission.rates.queries import cards
from commission.rates.rules import FrozenRate
from kernel.clock import business_date
from kernel.money import Money
from kernel.web import now, page, public

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("rates", __name__, template_folder="templates")
# Where half-up shows: under a fen, exactly one fen, and an everyday order.
_EXAMPLES = (99, 100, 59_900)
_HUNDRED = Money(10_000)


@blueprint.get("/rates")
@public
def rates_page() -> Response:
    """All cards, the one in force first among equals, with worked examples."""
    published = cards()
    current = next((card for card in published if card.effective_from <= now()), None)
    if current is None:
        return page("rates/card.html", current=None, cards=published)
    rates = {way: FrozenRate(current.version, points) for way, points in current.rates.items()}
    direct = rates["direct"]
    return page(
        "rates/card.html",
        current=current,
        cards=published,
        since=business_date(current.effective_from),
        hundred={way: rate.commission(_HUNDRED).amount for way, rate in rates.items()},
        examples=[(fen, direct.basis_points, direct.commission(Money(fen)).amount) for fen in _EXAMPLES],
    )
