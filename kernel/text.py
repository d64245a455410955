"""Text as it may enter and leave: NFC without control or bidi marks, pinyin slugs, formula-safe cells."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin

_BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0"}  # Hangul fillers: letters that show nothing
_FORMULA_HEADS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def clean(text: str, *, keep_lines: bool = False) -> str:
    """NFC, control, zero-width and bidi marks stripped, spaces collapsed; `keep_lines` keeps line breaks."""
    composed = unicodedata.normalize("NFC", text)
    if keep_lines:
        return "\n".join(clean(line) for line in composed.splitlines()).strip()
    if composed.isprintable() and _BLANK.isdisjoint(composed):  # nothing to strip: most texts, and many at once
        return re.sub(r" +", " ", composed).strip()
    kept = (char for char in composed if unicodedata.category(char) != "Cf" and char not in _BLANK)
    spaced = (" " if unicodedata.category(char) in {"Cc", "Zl", "Zp", "Zs"} else char for char in kept)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in {"Cs", "Cn", "Co"})
    return re.sub(r" +", " ", visible).strip()


def clause(text: str) -> str:
    """A person's words to stand inside a sentence: without the stop they end in, which the sentence sets itself."""
    return text.rstrip("。．.；;，,、 \n")


@lru_cache(maxsize=20_000)
@lru_cache(maxsize=8_192)
def slugify(text: str) -> str:
    """A lower-case ASCII slug with Chinese read as pinyin; may be empty for signs only, so URLs add the public id."""
    read = "-".join(lazy_pinyin(unicodedata.normalize("NFKC", text)))
    folded = unicodedata.normalize("NFKD", read).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60].strip("-")


class Message(str):
    """An interface text that is translated where it is shown, not where it is written."""

    __slots__ = ()


def lazy(text: str) -> Message:
    """Mark a text of a table (tabs, carriers, kinds) as an interface text."""
    return Message(text)


def export_cell(value: str) -> str:
    """A cell that no spreadsheet runs as a formula (CSV and Excel injection)."""
    return f"'{value}" if value.startswith(_FORMULA_HEADS) else value


def masked_phone(phone: str) -> str:
    """`138****1234`: enough to recognise one's own number, too little to call it."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else "****"  # noqa: PLR2004  a mainland number


def masked_mail(email: str) -> str:
    """`w***@example.com`: the same of an e-mail."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}"


def masked_recipient(address: str) -> str:
    """A phone or an e-mail, masked."""
    return masked_mail(address) if "@" in address else masked_phone(address)
