"""The public page of rates: shown prominently and always, every version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from commission.rates.queries import cards
from commission.rates.rules import FrozenRate
from kernel.money import Money
from kernel.web import now, page, public

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("rates", __name__, template_folder="templates")
# Where half-up shows: under a fen, exactly one fen, and an everyday order.
_EXAMPLES = (99, 100, 59_900)


@blueprint.get("/rates")
@public
def rates_page() -> Response:
    """All cards, the one in force first among equals, with worked examples."""
    published = cards()
    current = next((card for card in published if card.effective_from <= now()), None)
    examples = []
    if current is not None:
        rate = FrozenRate(current.version, current.rates["direct"])
        examples = [(fen, rate.basis_points, rate.commission(Money(fen)).amount) for fen in _EXAMPLES]
    return page("rates/card.html", current=current, cards=published, examples=examples)
