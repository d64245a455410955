"""Figures as people type them: amounts in fen, whole pieces."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from onboarding.listings.rules import PRICE_CAP_FEN

_PRICE: Final = re.compile(r"(?P<yuan>[0-9]{1,9})(?:\.(?P<rest>[0-9]{1,2}))?")
_AROUND_PRICE: Final = re.compile(r"^¥ ?| ?[元块]$")
_GROUPED: Final = re.compile(r"(?<![0-9,.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
_PIECES: Final = re.compile(r" ?[件个条双只副盒箱套瓶包袋]$")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


def fen_of(typed: str) -> int | None:
    """An amount as people type it, in fen; none where it is not one, or no price."""
    found = _PRICE.fullmatch(_AROUND_PRICE.sub("", plain_figure(typed)))
    fen = int(found["yuan"]) * 100 + int((found["rest"] or "").ljust(2, "0")) if found else 0
    return fen if 1 <= fen <= PRICE_CAP_FEN else None


def plain_figure(typed: str) -> str:
    """A figure as a phone's keyboard gives it, `１，２００`, with plain digits and nothing between them."""
    return _GROUPED.sub(lambda found: found[0].replace(",", ""), unicodedata.normalize("NFKC", typed).strip())


def whole_of(typed: str) -> int | None:
    """Pieces as people type them, `300` or `2件`; none where it is no whole number that anybody keeps."""
    text = _PIECES.sub("", plain_figure(typed))
    return int(text) if _WHOLE.fullmatch(text) else None
