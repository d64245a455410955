"""What matches and what stands first.

Queries are built from parts, never parsed from text, so that no sign in a query means anything.
A phrase needs two terms or more: tantivy panics (not an Exception) on fewer.
"""

from collections.abc import Sequence
from typing import Final

import tantivy
from tantivy import Occur

from storefront.search.pinyin import syllables
from storefront.search.rules import Match
from storefront.search.text import INITIALS, Token, Word, squeeze

TITLE, REST = 4.0, 1.0  # a word in the title against one in attributes, factory, belt or category
SOUND, LETTERS = 0.5, 0.3  # as pinyin, as initials of pinyin
EXACT, PHRASE, HEAD = 60.0, 3.0, 2.5  # the title itself; all words side by side; the noun it ends in
TIERS: Final[tuple[Match, ...]] = ("all", "loose", "any")


class Ranking:
    """Builds the queries of one search against one state of the index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def text(self, words: Sequence[Word], tier: Match) -> tantivy.Query:
        """Listings that match the words as `tier` says, with what lifts the better ones."""
        demanded = [word for word in words if not word.optional]
        if tier == "any":
            telling = [word for word in demanded if len(word.text) > 1] or demanded
            matching = _either([way for word in telling for way in (self._characters(word), *self._syllables(word))])
        else:
            demand = self._word if tier == "all" else self._characters
            matching = _all([demand(word) for word in demanded])
        lifts = [self._word(word) for word in words if word.optional] + self._lifts(demanded)
        return tantivy.Query.boolean_query(
            [(Occur.Must, matching), *((Occur.Should, lift) for lift in lifts)],
        )

    def _word(self, word: Word) -> tantivy.Query:
        places = [(TITLE, "title"), (REST, "rest")]
        ways = [
            tantivy.Query.boost_query(self._run(field, form), boost) for boost, field in places for form in word.forms
        ]
        return tantivy.Query.disjunction_max_query(ways + self._sounds(word))

    def _sounds(self, word: Word) -> list[tantivy.Query]:
        """Latin letters may be pinyin; initials only when nothing else is spelled so (LED is no 乐而大)."""
        sound = word.as_sound
        if not sound:
            return []
        ways = [tantivy.Query.boost_query(self._term("sound", sound), SOUND)]
        spelled = (("title", word.text), ("rest", word.text), ("sound", sound))
        if len(sound) > 1 and not any(self._searcher.doc_freq(*each) for each in spelled):
            ways.append(tantivy.Query.boost_query(self._term("sound", INITIALS + sound), LETTERS))
        return ways

    def _characters(self, word: Word) -> tantivy.Query:
        """Each character somewhere: 女包 finds 女士双肩包."""
        if not word.is_han:
            return self._word(word)
        singles = [Word(char, 0, ((Token(char, 0),),)) for char in dict.fromkeys(squeeze(word.text))]
        return _all([self._word(single) for single in singles])

    def _syllables(self, word: Word) -> list[tantivy.Query]:
        """Each syllable somewhere, `yangrongshan` for 羊绒开衫; two alone may be another language: panda is no 盘大."""
        parts = syllables(word.as_sound)
        return [_all([self._term("sound", part) for part in parts])] if len(parts) > 2 else []  # noqa: PLR2004

    def _lifts(self, words: Sequence[Word]) -> list[tantivy.Query]:
        line = [Token(t.text, word.position + t.position) for word in words for t in word.forms[0]]
        title = "".join(squeeze(word.text) for word in words)
        head = words[-1].forms[0][-1].text
        lifts = [
            tantivy.Query.const_score_query(self._term("exact", title), EXACT),
            tantivy.Query.boost_query(self._term("head", head), HEAD),
        ]
        if len(line) > 1:
            lifts.append(tantivy.Query.boost_query(self._run("title", line), PHRASE))
        return lifts

    def _run(self, field: str, form: Sequence[Token]) -> tantivy.Query:
        if len(form) == 1:
            return self._term(field, form[0].text)
        run: list[str | tuple[int, str]] = [(token.position, token.text) for token in form]
        return tantivy.Query.phrase_query(self._schema, field, run)

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value)


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Must, query) for query in queries])


def _either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])
