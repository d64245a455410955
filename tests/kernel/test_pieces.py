"""Pieces of pages are drawn once for what they show, for whom they are for, and never fill the memory."""

from datetime import timedelta

from flask import Flask, g
from markupsafe import Markup

from kernel.i18n import speaking
from kernel.pieces import Pieces, kept
from kernel.web import now


class Pen:
    """Draws, and counts how often."""

    def __init__(self, letters: int = 1) -> None:
        self._piece, self.drawn = Markup("x") * letters, 0

    def __call__(self) -> Markup:
        self.drawn += 1
        return self._piece


def test_a_piece_is_drawn_once_for_its_values(app: Flask) -> None:
    pen = Pen()
    with app.test_request_context():
        for price in (1, 1, 2):
            kept(("price", price), pen)
    assert pen.drawn == 2


def test_another_language_and_another_day_are_other_pieces(app: Flask) -> None:
    pen = Pen()
    with app.test_request_context():
        kept("card", pen)
        with speaking("en"):
            kept("card", pen)
        g.now = now() + timedelta(days=1)
        kept("card", pen)
    assert pen.drawn == 3


def test_what_is_not_asked_for_again_goes_first() -> None:
    pieces, asked, once = Pieces(10_000), Pen(1_000), Pen(1_000)
    for other in range(50):
        pieces.kept("asked", asked)
        pieces.kept(other, Pen(1_000))
        if other == 0:
            pieces.kept("once", once)
    pieces.kept("once", once)
    assert (asked.drawn, once.drawn) == (1, 2)
