"""What the factory goods page costs beside an empty page: every search another one, and searches by Zipf's law.

python -m benchmarks.search_page [FOLDER] [--profile]: on what a data folder holds, else on the demo.

A search is words of some title, filters and an order; each of the distinct ones is made once. By Zipf's law the same
searches come again: the second most frequent one half as often as the most frequent.
"""

from __future__ import annotations

import random
import sys
import time
from itertools import accumulate
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from benchmarks.beside import compare, deployment, profile
from storefront.search.slices import everything
from storefront.search.text import analyse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.testing import FlaskClient

ROUNDS: Final = 300
WARM: Final = 100
SEARCHES: Final = 1_000  # that people choose from by Zipf's law
FILTERS: Final = ("", "&stock=1", "&way=direct", "&least=1", "&price=5000-19999", "&way=supply&stock=1")
SORTS: Final = ("", "&sort=price", "&sort=sales", "&sort=newest")


def main() -> None:
    """Distinct searches first; before each of the two there is a time to get warm."""
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    with deployment(*folders[:1]) as app:
        with app.app_context():
            titles = [analyse(title).cuts for title in _titles()]
        _compare(app.test_client(), titles, random.Random(1))  # noqa: S311  the same searches every time


def _compare(client: FlaskClient, titles: Sequence[Sequence[str]], dice: random.Random) -> None:
    asked: dict[str, None] = {}
    while len(asked) < WARM + ROUNDS + SEARCHES:
        asked[_address(dice.choice(titles), dice)] = None
    distinct, known = list(asked)[: WARM + ROUNDS], list(asked)[WARM + ROUNDS :]
    weights = list(accumulate(1 / place for place in range(1, SEARCHES + 1)))
    drawn = dice.choices(known, cum_weights=weights, k=3 * ROUNDS)
    for what, paths, warm in (("distinct searches", distinct, WARM), ("searches by Zipf's law", drawn, 2 * ROUNDS)):
        for path in paths[:warm]:
            client.get(path)
        compare(what, client, paths[warm:])
    if "--profile" in sys.argv:
        profile(client, [f"{path}&new=1" for path in distinct])


def _address(words: Sequence[str], dice: random.Random) -> str:
    said = "".join(dice.sample(words, min(len(words), dice.choice((1, 1, 2)))))
    return f"/factory-goods?q={quote(said)}{dice.choice(FILTERS)}{dice.choice(SORTS)}"


def _titles() -> list[str]:
    """The titles of all goods; how long it takes to read them is told by the way."""
    started = time.process_time()
    titles = [each.title for each in everything()]
    took = time.process_time() - started
    print(f"documents read: {len(titles)} in {took * 1_000:.0f} ms CPU, {took / len(titles) * 1e6:.0f} µs each")
    return titles


if __name__ == "__main__":
    main()
