"""The label of what a machine made, hidden in a file: read from what comes in, written into what goes out.

《人工智能生成合成内容标识办法》 (in force 2025-09-01) and GB 45438-2025, annex E: a JSON value under the key `AIGC` in
the metadata of a file (XMP, EXIF or a named text of a PNG). Nobody may remove it; whoever passes it on shows it.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from typing import TYPE_CHECKING, Final

from onboarding.pictures.rules import LABEL_CAP

if TYPE_CHECKING:
    from collections.abc import Iterable

DECLARED: Final = '{"Label": "1"}'
"""What stands for the word of whoever handed the picture in."""
_KEY: Final = re.compile(r"\bAIGC\b(?!/)")
_BRACED: Final = re.compile(r"\{[^{}]*+\}")
"""What stands between two braces next to each other: every character is looked at once, whoever wrote the file."""
_LABEL: Final = '"Label"'
_FIELDS: Final = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
_GENERATED: Final = (
    "digitalsourcetype/trainedAlgorithmicMedia",
    "digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
)
"""The same said in the words of the IPTC, which generators outside China write."""
_XMP: Final = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">'
    "<TC260:AIGC>{}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def label_in(notes: Iterable[str]) -> str:
    """The label that the texts of a file carry, as JSON; empty when they carry none.

    One that cannot be read is a label nevertheless: it stands there for a reason.
    """
    told = [_plain(note) for note in notes]
    marked = [note for note in told if _KEY.search(note)]
    values = (value for note in marked for value in _BRACED.findall(note) if _LABEL in value)
    generated = any(source in note for note in told for source in _GENERATED)
    return next(filter(None, map(_kept, values)), DECLARED if marked or generated else "")


def xmp_of(label: str) -> bytes:
    """The label as it is written into a file."""
    return _XMP.format(escape(label)).encode()


def _plain(note: str) -> str:
    """Without the signs of markup; a number of a sign that is longer than Python reads stays as it is."""
    try:
        return unescape(note)
    except ValueError:
        return note


def _kept(value: str) -> str:
    """What the standard names of a label, nothing else; empty when it is none, or none that can be written again."""
    try:
        told = json.loads(value)
        fields = {name: str(told[name]) for name in _FIELDS if isinstance(told.get(name), str | int)}
        kept = json.dumps(fields, ensure_ascii=False)
        kept.encode()
    except (ValueError, RecursionError):
        return ""
    if "Label" not in fields:
        return ""
    return kept if len(kept) <= LABEL_CAP else json.dumps({"Label": fields["Label"][:_LABEL_CHARS]}, ensure_ascii=False)


_LABEL_CHARS: Final = 20
