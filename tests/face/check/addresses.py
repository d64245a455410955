"""Which routes there are, and addresses to fill those with a variable: from links first, then from the database."""

import html
import re
from collections import defaultdict
from itertools import islice, product
from urllib.parse import quote, unquote, urlsplit

from flask import Flask
from sqlalchemy import Table, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from kernel.db import metadata, session

LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
MOST_GUESSES = 40  # addresses of one route that are tried from the database
NAMES = ("public_id", "slug")
UNNAMED = {"field": "name", "part": "1", "place": "1", "size": "320.webp"}
"""What is in no table: a field of a licence by its name, a picture of a visit by number, one by size, a map."""


class Routes:
    """Every route for reading, found in the running application's own map."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.rules = {one.rule: one for one in app.url_map.iter_rules() if "GET" in (one.methods or ())}
        self._adapter = app.url_map.bind("127.0.0.1")

    def of(self, path: str) -> str:
        """The route an address belongs to, empty when it belongs to none."""
        try:
            rule, _values = self._adapter.match(unquote(urlsplit(path).path), return_rule=True)
        except (HTTPException, RequestRedirect):
            return ""
        return rule.rule

    def plain(self) -> list[str]:
        """Addresses of the routes without a variable."""
        return [quote(name) for name, rule in self.rules.items() if not rule.arguments]

    def guesses(self, name: str) -> list[str]:
        """Addresses of a route with variables, filled with what the tables hold under that name, the newest first."""
        variables = sorted(self.rules[name].arguments)
        with self.app.app_context():
            values = [_values(variable) for variable in variables]
        bare = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", name)
        chosen = islice(product(*values), MOST_GUESSES)
        return [quote(bare.format(**dict(zip(variables, one, strict=True)))) for one in chosen]


def links(body: str) -> list[str]:
    """Addresses of this site in a page, each once."""
    return list(dict.fromkeys(html.unescape(one) for one in LINK.findall(body)))


def _values(variable: str) -> list[str]:
    """What a variable may be: the names in tables called like it, else all names there are."""
    if variable in UNNAMED:
        return [UNNAMED[variable]]
    named: dict[bool, list[str]] = defaultdict(list)
    for table in metadata.sorted_tables:
        named[variable in table.name].extend(_names(table))
    return named[True] or named[False]


def _names(table: Table) -> list[str]:
    columns = [table.c[name] for name in NAMES if name in table.c]
    newest = [select(one).order_by(table.c.id.desc()).limit(MOST_GUESSES) for one in columns if "id" in table.c]
    return [str(value) for query in newest for value in session().scalars(query)]
