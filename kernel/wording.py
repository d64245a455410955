"""What is said in a named language: the catalogues, and texts that wait until their reader is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from kernel.text import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kernel.errors import Param

LOCALES = ("zh", "en")
TAGS = {"zh": "zh-CN", "en": "en"}
"""How HTML and HTTP name the languages (BCP 47)."""
BABEL = {"zh": "zh_Hans_CN", "en": "en_GB"}
"""Whose ways of writing dates and numbers they follow (CLDR)."""
_CATALOGUES = Path(__file__).parent / "translations"


@dataclass(frozen=True, slots=True)
class Words:
    """A text to somebody, said in her language when it is sent: `Words("订单 %(number)s", {"number": "Y1"})`.

    With a `count` the text has a form for one and a form for many, and `%(num)s` is the count.
    """

    message: str
    params: Mapping[str, Param] = field(default_factory=dict)
    count: int | None = None

    def said_in(self, language: str) -> str:
        """The text with everything filled in."""
        texts = catalogue(language)
        if self.count is None:
            said = texts.ugettext(self.message)
        else:
            said = texts.ungettext(self.message, self.message, self.count)
        filled = (
            self.params
            if self.count is None
            else {"num": format_decimal(self.count, locale=BABEL[language]), **self.params}
        )
        return said % translated(filled, language) if filled else said


def translated(params: Mapping[str, Param], language: str) -> dict[str, Param]:
    """Params of a text; those that are interface texts themselves in the same language, what people typed as it is."""
    texts = catalogue(language)
    return {name: texts.ugettext(value) if isinstance(value, Message) else value for name, value in params.items()}


@cache
def catalogue(language: str) -> Translations:
    """All texts of a language."""
    with (_CATALOGUES / f"{language}.po").open("rb") as source:
        read = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(fp=compiled)
