"""The words that the goods use, by spelling, by sound and by initials; kept beside the index and made from it.

A searcher's `yangrong`, `yrwj`, `羊rong` or `yagnrong` is turned into words when she asks, so that titles need not be
kept in every spelling, and words come back as suggestions while she types.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from math import log2
from pathlib import Path
from typing import Any, Final, NamedTuple

import tantivy
from pypinyin import lazy_pinyin
from pypinyin.core import Pinyin

from storefront.search.counting import Counter
from storefront.search.english import spelled
from storefront.search.pinyin import syllables
from storefront.search.slips import heard_alike, slip
from storefront.search.text import is_han

WRITER_BYTES: Final = 64_000_000
_FUZZY: Final = (5, 7)  # letters from which one may be wrong, and two
_LOOKED_AT: Final = 24  # words, the most used first, of which the likeliest slip is sought
_DEAR: Final = 4  # how many times twice the goods outweigh one slip
_FEW: Final = 8


class Entry(NamedTuple):
    """A word, how it sounds, and about how many goods use it. `pair`: two words that stand side by side."""

    text: str
    sound: str
    goods: int
    pair: bool

    @property
    def is_word(self) -> bool:
        """Whether it is one word, written in Chinese."""
        return not self.pair and is_han(self.text)


def entries(counted: Counter) -> Iterator[Entry]:
    """All characters and words, and the pairs of neighbours, the most used where there are too many."""
    for word, count in [*counted.signs(), *counted.words()]:
        yield Entry(word, sound_of(word), count, pair=False)
    for word in spelled():
        if not counted.has(word):
            yield Entry(word, word, 0, pair=False)
    for pair, count in counted.pairs():
        if not counted.has(pair):
            yield Entry(pair, sound_of(pair), count, pair=True)


@lru_cache(maxsize=65_536)
def sound_of(text: str) -> str:
    """`yangrong weijin` without the blank; syllables are parted by `'` so that initials can be read off."""
    return "'".join(chain.from_iterable(map(_syllables, _phrases(text)))) if is_han(text) else text


# What `lazy_pinyin` does of a text, but each phrase and character is looked up once: a quarter of the time.
_phrases: Final = Pinyin().seg


@lru_cache(maxsize=65_536)
def _syllables(phrase: str) -> list[str]:
    return list(lazy_pinyin(phrase))


class Lexicon:
    """The words in a directory of this machine; one process writes them, any number read them."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._index = tantivy.Index(_schema(), str(path))
        self._index.config_reader(reload_policy="manual")
        self._schema = self._index.schema
        self._writer: tantivy.IndexWriter | None = None
        self._searcher = self._index.searcher()
        self._stamp: tuple[int, ...] = ()
        self._spelled = False  # whether the words that stand in no title were looked up: many, and always the same

    def fill(self, words: Iterable[Entry]) -> None:
        """Add words and commit."""
        writer = self._writing()
        for entry in words:
            writer.add_document(_document(entry, self._schema))
        writer.commit()

    def learn(self, cuts: Iterable[Sequence[str]]) -> None:
        """Take in the words of new titles that are not known yet, and commit if there were any."""
        counter = Counter()
        for each in cuts:
            counter.add(each)
        self.refresh()
        asked = (entry for entry in entries(counter) if entry.goods or not self._spelled)
        new = [entry for entry in asked if not self._searcher.doc_freq("text", entry.text)]
        if new:
            self.fill(new)
        self._spelled = True

    def refresh(self) -> None:
        """See what was committed last."""
        stat = (self._path / "meta.json").stat()
        stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if stamp != self._stamp:
            self._index.reload()
            self._searcher, self._stamp = self._index.searcher(), stamp

    def close(self) -> None:
        """Let another process write."""
        if self._writer is not None:
            with suppress(ValueError):  # the directory may have been swept away
                self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None

    def sounding(self, sound: str, limit: int = _FEW) -> list[Entry]:
        """The words that sound so (`yangrong`), the most used first."""
        return self._best(self._term("sound", sound), limit)

    def initialled(self, letters: str, limit: int = _FEW) -> list[Entry]:
        """The words whose syllables begin so (`yrwj`)."""
        return self._best(self._term("initials", letters), limit)

    def sounding_alike(self, sound: str, limit: int = _FEW) -> list[Entry]:
        """The words that many do not tell apart by their sound: zh and z, ang and an, l and n."""
        return self._best(self._term("alike", heard_alike(sound)), limit)

    def near(self, sound: str, limit: int = _FEW) -> list[Entry]:
        """The words spelled nearly so, the likeliest slip first: one letter wrong, in long ones two."""
        found: list[Entry] = []
        for wrong, least in enumerate(_FUZZY, 1):
            if not found and len(sound) >= least:
                query = tantivy.Query.fuzzy_term_query(self._schema, "sound", sound, wrong, True, False)
                found = self._best(query, _LOOKED_AT)
        found.sort(key=lambda each: _DEAR * slip(sound, each.sound.replace("'", "")) - log2(2 + each.goods))
        return found[:limit]

    def beginning(self, text: str, limit: int = _FEW) -> list[Entry]:
        """The words that begin so, in characters, in sound or in initials, the most used first."""
        fields = ("text",) if is_han(text) else ("sound", "initials", "text")
        ways = [
            (tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(self._schema, field, text, 0, True, True))
            for field in fields
        ]
        found = self._best(tantivy.Query.boolean_query(ways), 2 * limit)
        return [each for each in found if len(each.text) > 1 and each.goods][:limit]

    def count(self, text: str) -> int:
        """About how many goods use a word; nothing for one that none uses."""
        found = self._best(self._term("text", text), 1)
        return found[0].goods if found else 0

    def words_of(self, run: str) -> list[list[Entry]]:
        """Pinyin in one run as the fewest words known: `yangrongweijin` as 羊绒 and 围巾, each with its likes."""
        parts = syllables(run)
        best: list[tuple[float, list[list[Entry]]] | None] = [(0.0, [])] + [None] * len(parts)
        for end in range(1, len(parts) + 1):
            for start in range(max(0, end - 5), end):
                before = best[start]
                alike = [e for e in self.sounding("".join(parts[start:end]), 4) if e.is_word] if before else []
                if before and alike:
                    cost = before[0] + 1 - min(alike[0].goods, 1_000_000) / 2_000_000
                    if best[end] is None or cost < best[end][0]:  # type: ignore[index]
                        best[end] = (cost, [*before[1], alike])
        return best[-1][1] if parts and best[-1] else []

    def _best(self, query: tantivy.Query, limit: int) -> list[Entry]:
        found: Any = self._searcher.search(query, limit, count=False, order_by_field="count")
        return [_entry(self._searcher.doc(address)) for _, address in found.hits]

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value)

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(WRITER_BYTES, 1)
        return self._writer


def remove(path: Path) -> None:
    """Forget the words kept in a directory."""
    shutil.rmtree(path, ignore_errors=True)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("text", "sound", "alike", "initials"):
        builder.add_text_field(name, stored=name == "text", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("count", stored=True, fast=True)
    builder.add_boolean_field("pair", stored=True)
    return builder.build()


def _document(entry: Entry, schema: tantivy.Schema) -> tantivy.Document:
    parts = entry.sound.split("'")
    initials = "".join(part[:1] for part in parts) if len(parts) > 1 else ""
    return tantivy.Document.from_dict(
        {
            "text": entry.text,
            "sound": "".join(parts),
            "alike": heard_alike("".join(parts)),
            "initials": initials,
            "count": entry.goods,
            "pair": entry.pair,
        },
        schema,
    )


def _entry(document: tantivy.Document) -> Entry:
    text = str(document.get_first("text"))
    return Entry(text, sound_of(text), int(document.get_first("count") or 0), bool(document.get_first("pair")))
