"""What the factory goods page costs beside an empty page: every search another one, and as people search, by Zipf's law.

python -m benchmarks.search_page [FOLDER] [--profile]: on what a data folder holds, else on the demo.

A word or two, filters and an order, and a least price that nobody else asked for make a search that was never made
before. By Zipf's law the same searches come again: the second most frequent half as often as the most frequent one.
"""

from __future__ import annotations

import random
import sys
import time
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from benchmarks.beside import compare, deployment, profile
from storefront.search.queries import all_documents

if TYPE_CHECKING:
    from flask import Flask

ROUNDS: Final = 300
WARM: Final = 100
SEARCHES: Final = 1_000  # that people choose from by Zipf's law
WORDS: Final = ("羊绒", "围巾", "女", "夹克", "眼镜", "纯钛", "T恤", "毛衣", "儿童", "新款", "家用", "礼盒")
FILTERS: Final = ("", "&stock=1", "&way=direct", "&least=1", "&price=5000-19999", "&way=supply&stock=1")
SORTS: Final = ("", "&sort=price", "&sort=sales", "&sort=newest")


def main() -> None:
    """Distinct searches first; before each of the two there is a time to get warm."""
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    with deployment(*folders[:1]) as app:
        with app.app_context():
            _time_reading()
        _compare(app)


def _compare(app: Flask) -> None:
    client, dice = app.test_client(), random.Random(1)  # noqa: S311  the same searches every time
    asked = [_address(dice, place / 100) for place in range(WARM + ROUNDS + SEARCHES)]
    distinct, known = asked[: WARM + ROUNDS], asked[WARM + ROUNDS :]
    weights = list(accumulate(1 / place for place in range(1, SEARCHES + 1)))
    drawn = dice.choices(known, cum_weights=weights, k=2 * ROUNDS + ROUNDS)
    for what, paths, warm in (("distinct searches", distinct, WARM), ("searches by Zipf's law", drawn, 2 * ROUNDS)):
        for path in paths[:warm]:
            client.get(path)
        compare(what, client, paths[warm:])
    if "--profile" in sys.argv:
        profile(client, [f"{path}&sort=newest" for path in distinct])


def _address(dice: random.Random, low: float) -> str:
    words = "".join(dice.sample(WORDS, dice.choice((1, 1, 2))))
    return f"/factory-goods?q={words}{dice.choice(FILTERS)}{dice.choice(SORTS)}&low={low:.2f}"


def _time_reading() -> None:
    started = time.process_time()
    number = sum(1 for _each in all_documents())
    took = time.process_time() - started
    print(f"documents read: {number} in {took * 1_000:.0f} ms CPU, {took / max(number, 1) * 1e6:.0f} µs each")


if __name__ == "__main__":
    main()
