"""Which texts of a page are in the wrong language: of the interface none may be, data is marked with its own."""

import re
from collections import Counter
from collections.abc import Iterable

from flask import Flask
from sqlalchemy import String, Table, select

from kernel.db import metadata, session
from kernel.specimens import SPECIMENS
from tests.support.laws import catalogues, tongues
from tests.support.laws.places import ROOT

Words = Iterable[tuple[str, str]]  # a text and the language it is marked with

CHINESE = re.compile(r"[\u3400-\u9fff]+")
ENGLISH = re.compile(r"[A-Za-z][a-z']*(?:[ ,;:]+[A-Za-z][a-z']*){2,}")  # three words in a row
CODE = re.compile(r"\b(?:error\.)?[a-z]+(?:_[a-z]+)*\.[a-z]+_[a-z_]+\b")  # a refusal nobody translated
NAKED = (tongues.naked_in_templates, tongues.naked_in_code, tongues.naked_in_scripts, tongues.uncounted)
OURS = {"audit_rows", "jobs", "outbox_facts", "messages"}  # texts that the house wrote, not people


def data(app: Flask) -> str:
    """Everything people wrote and reference data, as one text: what may stand on a page in its own language."""
    with app.app_context():
        found = (text for table in metadata.sorted_tables for text in _texts(table))
        return "\n".join([app.config["CHANNEL_NAME"], repr(SPECIMENS), *found])


def chinese_of_ours(words: Words, known: str) -> list[str]:
    """Chinese on an English page that is neither data nor marked as Chinese."""
    return [text for text, marked in words if marked != "zh" and not _is_data(text, known)]


def unmarked(words: Words) -> list[str]:
    """Chinese on an English page that a screen reader would read as English."""
    return [text for text, marked in words if marked != "zh" and CHINESE.search(text)]


def english_of_ours(words: Words, known: str) -> list[str]:
    """English sentences and bare codes of refusals on a Chinese page."""
    mine = [text for text, marked in words if marked != "en" and text not in known]
    return [text for text in mine if CODE.search(text) or (ENGLISH.search(text) and not CHINESE.search(text))]


def catalogue() -> tuple[dict[str, int], list[str]]:
    """How many texts the interface has, and what is missing from or left over in the catalogues."""
    missing = catalogues.untranslated(ROOT) + catalogues.unspoken(ROOT)
    unused, other = catalogues.unused(ROOT), [fault for law in (catalogues.misfilled, *NAKED) for fault in law(ROOT)]
    count = len(catalogues.shown(ROOT)), len(catalogues.codes(ROOT))
    sums = {"texts": count[0], "refusals": count[1], "missing": len(missing), "unused": len(unused)}
    return sums, [*missing, *unused, *other]


def often(texts: Iterable[str], most: int = 12) -> list[str]:
    """The texts that occur most, each with how often."""
    return [f"{count} × {text[:60]}" for text, count in Counter(texts).most_common(most)]


def _is_data(text: str, known: str) -> bool:
    return all(run in known for run in CHINESE.findall(text))


def _texts(table: Table) -> Iterable[str]:
    columns = [one for one in table.columns if isinstance(one.type, String)]
    if table.name in OURS or not columns:
        return
    for row in session().execute(select(*columns)):
        yield from (str(value) for value in row if value is not None)
