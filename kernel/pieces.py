"""Pieces of pages drawn once for the values they show: a card, a gallery, all that was found.

Drawing one costs more than finding its values. A piece is kept under everything it depends on, the language and the day
included, so a price that changes is another piece; nothing personal, no token and no nonce may stand in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from flask.templating import Environment
from markupsafe import Markup

from kernel.clock import business_date
from kernel.i18n import locale
from kernel.web import now

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, MutableMapping

    from flask import Flask

_MOST: Final = 12_000_000
"""Characters; Chinese ones take two bytes each."""
_KEY: Final = 1_000
"""What the values of a piece take beside it."""


class Templates(Environment):
    """Templates that share the globals of the application.

    Jinja lays an empty layer over them for each template, which makes every page look twice for every name; a tenth of
    a page went there.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals themselves, unless a template has some of its own."""
        return super().make_globals(d) if d else self.globals


class Pieces:
    """The newer half of what was drawn and the older one, which goes when the newer is full.

    What is asked for again moves to the newer half. Threads share it without a lock: at worst one draws again.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._half = most // 2
        self._newer: dict[Hashable, Markup] = {}
        self._older: dict[Hashable, Markup] = {}
        self._size = 0

    def kept(self, key: Hashable, draw: Callable[[], Markup]) -> Markup:
        """The piece of this key, drawn now if it is not there."""
        found = self._newer.get(key)
        if found is None:
            found = self._older.get(key)
            self._newer[key] = found = draw() if found is None else found
            self._size += len(found) + _KEY
            if self._size > self._half:
                self._older, self._newer, self._size = self._newer, {}, 0
        return found


def init_pieces(app: Flask) -> None:
    """Keep pieces with an application; templates get `piece(template, macro, …)`."""
    app.extensions["pieces"] = Pieces()
    app.jinja_env.globals["piece"] = piece


def piece(template: str, macro: str, *values: Any) -> Markup:  # noqa: ANN401  a macro takes any value that hashes
    """A macro of a template, called without the page around it and kept under its values."""
    return kept((template, macro, values), lambda: drawn(template, macro, *values))


def kept(values: Hashable, draw: Callable[[], Markup]) -> Markup:
    """What was drawn of these values for a page like this one, or is drawn now."""
    return keeper()(values, draw)


def keeper() -> Callable[[Hashable, Callable[[], Markup]], Markup]:
    """`kept` for a page that has many pieces: whom it is for is asked once."""
    pieces: Pieces = current_app.extensions["pieces"]
    reader = locale(), business_date(now())
    return lambda values, draw: pieces.kept((reader, values), draw)


def drawn(template: str, macro: str, *values: Any) -> Markup:  # noqa: ANN401
    """The same without keeping it."""
    module = current_app.jinja_env.get_template(template).module
    return Markup(getattr(module, macro)(*values))  # noqa: S704  a macro of ours escapes what it shows
