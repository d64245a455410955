"""Every text has both languages, and no language has a text that nobody shows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from tests.support.laws.places import files, trees

CATALOGUES = Path("kernel/translations")
KEYWORDS = {"_": None, "Words": None, "gettext": None, "ngettext": (1, 2), "lazy": None}
EXTRACTORS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
REFUSALS = {"DomainError", "NotFoundError", "ForbiddenError", "TooManyError", "coded_text"}
LABELLED = {"name", "labels"}
CODE = re.compile(r"[a-z][a-z_]*(\.[a-z0-9_]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OWN_NAME = "中文"  # a language is offered by its own name on every page
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


class Entry(NamedTuple):
    """A text with its forms in a language: one, or one for each number when it is counted."""

    text: str
    forms: list[str]
    counted: bool
    fuzzy: bool


def untranslated(root: Path) -> list[str]:
    """Complain about interface texts that the English catalogue lacks."""
    english = _texts(root, "en")
    return [f"en.po lacks {text!r}" for text in sorted(shown(root)) if not english.get(text)]


def unspoken(root: Path) -> list[str]:
    """Complain about refusals without a text, in either language."""
    raised = {f"error.{code}" for code in codes(root)}
    texts = {language: _texts(root, language) for language in ("zh", "en")}
    return [
        f"{lang}.po lacks {code!r}" for lang, said in texts.items() for code in sorted(raised) if not said.get(code)
    ]


def unused(root: Path) -> list[str]:
    """Complain about texts of the catalogues that no page shows and no refusal names."""
    known, constants = shown(root), _constants(root) | codes(root)
    entries = [(language, text) for language in ("zh", "en") for text in _texts(root, language)]
    return [f"{lang}.po: nobody says {t!r}" for lang, t in entries if t not in known and not _is_named(t, constants)]


def misfilled(root: Path) -> list[str]:
    """Complain about translations with other placeholders than the original."""
    chinese, english = _texts(root, "zh"), _texts(root, "en")
    pairs = [(chinese.get(text, text), said) for text, said in english.items()]
    return [f"{said!r}: placeholders differ from {text!r}" for text, said in pairs if holes(text) != holes(said)]


def shown(root: Path) -> set[str]:
    """Interface texts that pages and code mark for translation."""
    found: set[str] = set()
    for path in files(root, " ".join(EXTRACTORS)):
        for _line, message, _comments, _context in extract_from_file(EXTRACTORS[path.suffix], path, KEYWORDS):
            found.update([message[0]] if isinstance(message, tuple) else [message])
    return found | {label for _name, labels in _lifecycles(root) for label in labels}


def codes(root: Path) -> set[str]:
    """Codes of refusals that the code raises by name, and of fields."""
    called = {
        code
        for _name, tree in trees(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) in REFUSALS
        for code in _first_text(node)
    }
    fields = {c for c in _constants(root) if c.startswith("field.") and CODE.fullmatch(c)}
    return called | fields | {f"{name}.state" for name, _labels in _lifecycles(root)}


def catalogue(root: Path, language: str) -> list[Entry]:
    """The entries of a language."""
    with (root / CATALOGUES / f"{language}.po").open("rb") as source:
        return [
            Entry(_forms(one.id)[0], _forms(one.string), not isinstance(one.id, str), one.fuzzy)
            for one in read_po(source, locale=language)
            if one.id
        ]


def holes(text: str) -> set[str]:
    """The places of a text that are filled in; a count may be left out where the form says it."""
    return set(PLACEHOLDER.findall(text)) - {"%(num)s"}


def _constants(root: Path) -> set[str]:
    return {
        node.value
        for _name, tree in trees(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _is_named(text: str, constants: set[str]) -> bool:
    """Whether code names this refusal: whole, or as a table's `"price_zero"` said with `f"sheet.{code}"`."""
    code = text.removeprefix("error.")
    head, dot, tail = code.rpartition(".")
    return code in constants or (head + dot in constants and tail in constants)


def _lifecycles(root: Path) -> Iterator[tuple[str, set[str]]]:
    """The name of each lifecycle with the labels of its states, which pages show."""
    for _name, tree in trees(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) == "Lifecycle":
                said = {
                    keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords if keyword.arg in LABELLED
                }
                yield said["name"], set(said["labels"].values())


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _first_text(node: ast.Call) -> Iterator[str]:
    for argument in node.args[:1]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _texts(root: Path, language: str) -> dict[str, str]:
    return {entry.text: "" if entry.fuzzy else entry.forms[0] for entry in catalogue(root, language)}


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """A message or its forms, as babel keeps them."""
    return [text or ""] if isinstance(text, str | None) else list(text)
