"""What a page of goods costs beside an empty page.

python -m benchmarks.product_page [FOLDER] [--profile]: on what a data folder holds, else on the demo.
"""

from __future__ import annotations

import sys
from typing import Final

from benchmarks.beside import compare, deployment, profile
from storefront.catalogue.queries import last_goods, public_goods

ROUNDS: Final = 12
GOODS: Final = 40


def main() -> None:
    """As by somebody who came before: her cookie holds the token of a form."""
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    with deployment(*folders[:1]) as app:
        with app.app_context():
            goods = [path for path, _day in public_goods(first=1, last=last_goods())[-GOODS:]]
        client = app.test_client()
        for path in goods:
            client.get(path)
        compare("product page", client, goods * ROUNDS)
        if "--profile" in sys.argv:
            profile(client, goods)


if __name__ == "__main__":
    main()
