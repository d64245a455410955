"""Never below cost: the rule, whatever the prices, the rates and the quantity."""

from hypothesis import example, given
from hypothesis import strategies as some

from commission.payments.rules import PROCESSING_BP
from commission.rates.rules import FIRST_RATES
from kernel.money import allocate, share
from onboarding.listings.pricing import drop_ship_price, with_markup
from onboarding.listings.rules import MARKUP_CAP_BP, PRICE_CAP_FEN
from onboarding.offers.pricing import Bargain, Standing, earns, least_price, retail_price

FEES = FIRST_RATES["merchant"] + PROCESSING_BP
PRICES = some.integers(1, PRICE_CAP_FEN)
RATES = some.tuples(some.integers(0, 3_000), some.integers(0, 3_000))
PIECES = some.integers(1, 100_000)


def net(price: int, supply: int, pieces: int, commission_bp: int, processing_bp: int) -> int:
    """What a merchant is left with, both fees rounded as they are on her statement."""
    paid = price * pieces
    return paid - supply * pieces - share(paid, commission_bp) - share(paid, processing_bp)


@given(supply=PRICES, over=some.integers(0, 1_000), rates=RATES, pieces=PIECES)
def test_what_earns_never_loses_at_any_quantity(supply: int, over: int, rates: tuple[int, int], pieces: int) -> None:
    price = least_price(supply, sum(rates)) + over
    assert earns(price, supply, sum(rates))
    assert net(price, supply, pieces, *rates) >= 0


@given(
    supply=some.integers(1, 3_000), pieces=some.integers(1, 9), beside=some.lists(some.integers(1, 5_000), max_size=4)
)
@example(supply=49, pieces=1, beside=[50])
def test_what_earns_never_loses_beside_other_orders(supply: int, pieces: int, beside: list[int]) -> None:
    paid = least_price(supply, FEES) * pieces
    orders = [paid, *beside]
    processing = allocate(share(sum(orders), PROCESSING_BP), orders)[0]
    assert paid - supply * pieces - share(paid, FIRST_RATES["merchant"]) - processing >= 0


@given(supply=some.integers(1, 3_000), rates=RATES)
def test_the_least_price_is_what_a_search_finds(supply: int, rates: tuple[int, int]) -> None:
    searched = next(price for price in range(supply, 10 * supply + 10) if earns(price, supply, sum(rates)))
    assert least_price(supply, sum(rates)) == searched


@given(supply=PRICES, rates=RATES)
def test_one_fen_below_the_least_price_earns_nothing(supply: int, rates: tuple[int, int]) -> None:
    assert not earns(least_price(supply, sum(rates)) - 1, supply, sum(rates))


def test_a_price_that_earns_just_nothing_loses_by_rounding() -> None:
    price, supply = 125, 123
    assert price * (10_000 - FEES) == supply * 10_000
    assert net(price, supply, 2, 100, 60) == -1
    assert not earns(price, supply, FEES)


@given(supply=PRICES, markup_bp=some.integers(0, MARKUP_CAP_BP))
def test_a_retail_price_never_passes_the_cap(supply: int, markup_bp: int) -> None:
    price = retail_price(supply, markup_bp)
    assert 1 <= price <= PRICE_CAP_FEN
    if supply * (10_000 + markup_bp) <= PRICE_CAP_FEN * 10_000:
        assert price == with_markup(supply, markup_bp)


def test_the_price_of_a_single_piece_is_the_nearest_one_told() -> None:
    assert drop_ship_price(900, 800, 700) == 900
    assert drop_ship_price(None, 800, 700) == 800
    assert drop_ship_price(None, None, 700) == 700
    assert drop_ship_price(None, None, None) is None


def test_where_an_offer_stands() -> None:
    before = Standing(6_500, 5_000)
    admitted, sent_away = (Bargain(admitted=yes, markup_bp=3_000, fees_bp=FEES) for yes in (True, False))
    assert admitted.standing(6_000, before, by_hand=False) == Standing(7_800, 6_000)
    assert admitted.standing(6_400, before, by_hand=True) == Standing(6_500, 6_400, "held", "below_cost")
    assert admitted.standing(None, before, by_hand=False) == before.held("not_supplied")
    assert sent_away.standing(6_000, before, by_hand=False) == before.held("not_admitted")
    assert sent_away.standing(6_000, None, by_hand=False) is None
