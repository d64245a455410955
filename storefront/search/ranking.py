"""What matches and what stands first.

Queries are built from parts, never parsed from text, so that no sign in a query means anything.
A phrase needs two terms or more: tantivy panics (not an Exception) on fewer.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import tantivy
from tantivy import Occur

from storefront.search.meaning import Form, Word, meant
from storefront.search.names import is_place
from storefront.search.sayings import sayings
from storefront.search.text import ASIDE, pieces, squeeze
from storefront.search.usage import Usage

TITLE, REST = 4.0, 1.0  # a word in the title against one in attributes, category, factory or belt
ACROSS: Final = 0.5  # a word that the title's own words cut apart
EXACT, PHRASE = 60.0, 3.0  # the title itself; all words side by side
NAMED, ABOUT = 6.0, 8.0  # the thing is named in the title; the title is about it
AT_HOME: Final = 50.0  # in a category whose goods are all called so
FIRST, AFTER = 60.0, 0.1  # before what matches in part; what that counts

_MOST_NAMES: Final = 4  # of an unwanted thing, of which a title may say that it has none
_WHOLE: Final = 2  # characters of a word that is never torn apart: 电视 is not found in 家电 可视
_MODELS: Final = ("title", "rest")  # where models stand

How = Literal["goods", "words", "across", "characters"]


class Ranking:
    """Builds the queries of one search."""

    def __init__(self, schema: tantivy.Schema, usage: Usage) -> None:
        self._schema = schema
        self._usage = usage

    def text(self, words: Sequence[Word], how: How = "words") -> tantivy.Query:
        """Listings that hold all words that are not optional, with what lifts the better ones."""
        demanded = [word for word in words if not word.optional]
        demand = {"goods": self._of_goods, "words": self.word, "across": self._across, "characters": self._characters}[
            how
        ]
        lifts = [self.word(word) for word in words if word.optional] + [lift for _, lift in self._lifts(demanded)]
        return _lifted(_all([demand(word) for word in demanded]), lifts)

    def beside(self, words: Sequence[Word]) -> tantivy.Query:
        """Listings of the categories in which the thing asked for is at home, those that share more words first."""
        demanded = [word for word in words if not word.optional]
        homes = self._usage.homes(self._usage.core(demanded))
        if not homes:
            return tantivy.Query.empty_query()
        there = [tantivy.Query.boost_query(self._term("category", home), fit) for home, fit in homes.items()]
        return _lifted(_best(there), [self.word(word) for word in words])

    @staticmethod
    def one_after_another(steps: Sequence[tantivy.Query]) -> tantivy.Query:
        """All that matches one query, after it all that matches the next; each counts where it first matches.

        What comes after is made small, not what comes first great: quality is a share of the whole score.
        """
        *before, text = steps
        for first in reversed(before):
            text = _any([Ranking.before(first), Ranking.after(text)])
        return text

    @staticmethod
    def before(query: tantivy.Query) -> tantivy.Query:
        """What scores more than what comes `after`."""
        return _lifted(query, [_lift(tantivy.Query.all_query(), FIRST)])

    @staticmethod
    def after(query: tantivy.Query) -> tantivy.Query:
        """What scores less than what comes `before`."""
        return tantivy.Query.boost_query(query, AFTER)

    @staticmethod
    def either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
        """All that matches any of some queries."""
        return _any(queries)

    def word(self, word: Word, *, at_home: bool = True) -> tantivy.Query:
        """Listings that hold a word in any of its forms; the best form counts. `at_home`: also their maker or belt."""
        return _best([self._form(form, at_home=at_home) for form in word.forms])

    def unwanted(self, thing: str, asked: Sequence[Word]) -> tantivy.Query:
        """Listings that hold an unwanted thing, but for those that say they have none: 无糖 is without 糖.

        It is unwanted in all its forms but for what is asked for: a cashmere scarf without wool is one of 羊绒.
        """
        sought = {part for word in asked for form in word.forms for part in form.parts}
        words = [
            word._replace(forms=(word.forms[0], *(form for form in word.forms[1:] if sought.isdisjoint(form.parts))))
            for word in meant(thing, 0)
        ]
        return _all([self._held(word) for word in words] or [tantivy.Query.empty_query()])

    def _held(self, word: Word) -> tantivy.Query:
        single = [form.parts[0] for form in word.forms if len(form.parts) == 1]
        names = list(dict.fromkeys("".join(part) for part in ((word.text,), *single)))[:_MOST_NAMES]
        said = [free + name for free in sayings("free") for name in names]
        free = [self._run(run) for run in map(pieces, said) if len(run) > 1] + [self._term("rest", one) for one in said]
        holds = self.word(word, at_home=is_place(word.text))
        return tantivy.Query.boolean_query([(Occur.Must, holds), (Occur.MustNot, _any(free))])

    def _of_goods(self, word: Word) -> tantivy.Query:
        """What is 羊绒 itself and not only made in 清河羊绒, where there are such goods; places are homes."""
        if is_place(word.text):
            return self.word(word)
        said = self.word(word, at_home=False)
        aside = [ASIDE + form.parts[-1][-1] for form in word.forms]
        if self._most_titles(word) > sum(map(self._usage.about, aside)):
            return said  # some title says it for itself: counting tells at once what a search would
        of_it = _without(said, _any([self._term("head", each) for each in aside]))
        return said if self._usage.holds(of_it) else self.word(word)

    def _most_titles(self, word: Word) -> int:
        """How many titles say a word in the form that most have, of those that are one term."""
        plain = (form.parts[0] for form in word.forms if len(form.parts) == 1 and not form.is_about)
        return max((self._usage.in_titles(part[0]) for part in plain if len(part) == 1), default=0)

    def _across(self, word: Word) -> tantivy.Query:
        """Also where the title's own words cut it apart: 丝巾 in 真丝|巾; and models by their beginning: dy-90."""
        if word.is_model:
            begun = [tantivy.Query.fuzzy_term_query(self._schema, field, word.text, 0, True, True) for field in _MODELS]
            return _best([self.word(word), *begun])
        run = pieces(word.text)
        if len(run) < 2:  # noqa: PLR2004
            return self.word(word)
        return _best([self.word(word), tantivy.Query.boost_query(self._run(run), TITLE * ACROSS)])

    def _characters(self, word: Word) -> tantivy.Query:
        """All characters in the title, torn apart in one place at most: 商务杯 finds 商务保温杯, 大米 no 米色大包."""
        run = pieces(word.text)
        if not word.is_han or len(run) <= _WHOLE:
            return self._across(word)
        torn = [_all([self._in_title(run[:at]), self._in_title(run[at:])]) for at in range(1, len(run))]
        return _best([self._across(word), *torn])

    def _in_title(self, run: Sequence[str]) -> tantivy.Query:
        return self._run(run) if len(run) > 1 else self._term("title", run[0])

    def _form(self, form: Form, *, at_home: bool) -> tantivy.Query:
        parts = [self._term("head", form.parts[-1][-1])] if form.is_about else []
        query = _all([*parts, *(self._part(part, at_home=at_home) for part in form.parts)])
        return query if form.worth == 1 else tantivy.Query.boost_query(query, form.worth)

    def _part(self, part: tuple[str, ...], *, at_home: bool) -> tantivy.Query:
        """A term, or a run of pieces side by side in the title, or all of them around it."""
        if part[0].startswith(ASIDE):
            return tantivy.Query.boost_query(self._term("head", part[0]), TITLE)
        title = self._run(part) if len(part) > 1 else self._term("title", part[0])
        fields = ("rest", "home") if at_home else ("rest",)
        around = [tantivy.Query.boost_query(_all([self._term(field, each) for each in part]), REST) for field in fields]
        return _best([tantivy.Query.boost_query(title, TITLE), *around])

    def parts(self, words: Sequence[Word]) -> Iterator[tuple[str, tantivy.Query]]:
        """What a score is made of, by name: each word, then what lifts."""
        for word in words:
            yield f"word:{word.text}", self.word(word)
        yield from self._lifts([word for word in words if not word.optional])

    def _lifts(self, words: Sequence[Word]) -> Iterator[tuple[str, tantivy.Query]]:
        core = self._usage.core(words)
        heads = [(form.parts[-1][-1], form.worth) for form in core.forms]
        title = "".join(squeeze(word.text) for word in words)
        yield "exact", _lift(self._term("exact", title), EXACT)
        yield "named", _best([_lift(self._named(head), NAMED * worth) for head, worth in heads])
        yield "about", _best([_lift(self._term("head", head), ABOUT * worth) for head, worth in heads])
        for home, fit in self._usage.homes(core).items():
            yield f"home:{home}", _lift(self._term("category", home), AT_HOME * fit)
        run = [piece for word in words for piece in pieces(word.text)]
        if len(run) > 1:
            yield "phrase", tantivy.Query.boost_query(self._run(run), PHRASE)

    def thing(self, words: Sequence[Word], found: tantivy.Query) -> tantivy.Query:
        """Those of what is found that do not say the thing asked for only to name another: no 锅盖 among 炒锅."""
        return _without(found, self._only_named(words))

    def other(self, words: Sequence[Word], found: tantivy.Query) -> tantivy.Query:
        """Those of what is found that do."""
        return _all([self._only_named(words), found])

    def _only_named(self, words: Sequence[Word]) -> tantivy.Query:
        terms = dict.fromkeys(form.parts[-1][-1] for form in self._usage.core(words).forms)
        aside = _any([self._term("head", ASIDE + term) for term in terms])
        about = _any([self._term("head", term) for term in terms])
        return tantivy.Query.const_score_query(_without(aside, about), 0.0)

    def _named(self, head: str) -> tantivy.Query:
        aside = self._term("head", ASIDE + head)
        return tantivy.Query.boolean_query([(Occur.Must, self._term("title", head)), (Occur.MustNot, aside)])

    def _run(self, run: Sequence[str]) -> tantivy.Query:
        return tantivy.Query.phrase_query(self._schema, "run", list(run))

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value)


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(Occur.Must, query) for query in queries])


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _without(query: tantivy.Query, less: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Must, query), (Occur.MustNot, less)])


def _lifted(query: tantivy.Query, lifts: Iterable[tantivy.Query]) -> tantivy.Query:
    """What matches a query, each lift counted that matches as well."""
    return tantivy.Query.boolean_query([(Occur.Must, query), *((Occur.Should, lift) for lift in lifts)])


def _lift(query: tantivy.Query, worth: float) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, worth)


def _best(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(list(queries))
