"""Words that a factory may not tell shoppers: what leads them past the channel, and what the law forbids."""

from __future__ import annotations

import re
import unicodedata

# Numbers to call, addresses, accounts. "3,000,000 件" is none of them.
_CONTACT = re.compile(r"\d[\d -]{6,}\d|微信|weixin|wechat|qq|https?:|www\.|@|\.c(om|n)(?![a-z])", re.IGNORECASE)
# Advertising Law, article 9 (3), and the word that the reply of 1997 adds.
_SUPERLATIVE = re.compile("国家级|最高级|最佳|极品")


def has_contact(words: str) -> bool:
    """Whether somebody could be reached by these words."""
    return _CONTACT.search(unicodedata.normalize("NFKC", words)) is not None


def superlative_in(words: str) -> str:
    """The first word that advertising may not use; empty where there is none."""
    found = _SUPERLATIVE.search(words)
    return found[0] if found else ""
