"""No text of the house stands naked, in any language: in templates, in code, in scripts, in counts, in formats."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

from tests.support.laws.catalogues import CHINESE, OWN_NAME, Entry, catalogue, holes, shown
from tests.support.laws.places import files, trees

SCRIPTS = ("static/js",)
# Chinese that is data there, not the voice of the house: what sheets and queries hold, names of places, the demo.
OF_OTHERS = re.compile(
    r"onboarding/(compliance/lint/(book|folding|spelling)|belts/(rules|divisions|placenames)|licences/ocr/\w+)\.py"
    r"|onboarding/listings/(categories|discretion|exports|figures|operations|pictures|sheets/\w+|sentences/\w+)\.py"
    r"|onboarding/pictures/archive\.py"
    r"|onboarding/verification/(text|names)\.py|storefront/(demo/\w+|catalogue/(rules|sendback)|orders/(rules|text)|search/(amounts|limits|queries|rules|text|unwanted|usage|views))\.py|kernel/(specimens|proofreading)\.py"
)
OWN_NAMES = {OWN_NAME, "English"}
HEARD = {"alt", "aria-label", "aria-description", "placeholder", "title"}
OF_MARKUP = re.compile(r"aria-\w+=")  # a quoted end of a tag, broken over lines
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
TWO_WORDS = re.compile(r"(?<![\w.#\[-])[A-Za-z]{2,}[,.!?]? [A-Za-z]{2,}(?![\w=-]*[=\](])|^[A-Z][a-z]{2,}$")
TERMS = {"Enter", "Product", "Offer", "Organization", "PostalAddress", "WebSite", "SearchAction"}  # keys; schema.org
SCHEMA = re.compile(r"^[A-Z][a-z]+([A-Z][a-z]+)+$|^required name=")
LITERAL = re.compile(r"//.*|`(?:[^`\\]|\\.)*`|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
SELECTING = re.compile(r"(querySelector(All)?|closest|matches|import|from|key [!=]==)\(?\s*$")
COUNTED = re.compile(
    r"(?:%\((\w+)\)[sd]|\{(\w+)\})(?: more| whole)? [a-z]+s\b(?<! is)(?<! plus)(?<! has)(?<! was)(?<! does)"
)
NO_COUNTS = {"limit", "most", "number"}  # caps, which are never one, and names of orders
HAND_MADE = re.compile(
    r"strftime|:[,.]\d*[df]?\}|\.isoformat\(|toFixed|toLocale\w*String|\|round|¥\{\{|\"¥\" ~|\"%[\d.,]*[fd]\""
)


def naked_in_templates(root: Path) -> list[str]:
    """Complain about words that a template shows, or has read aloud, without asking the catalogue for them."""
    known = shown(root)
    return [
        f"{path.relative_to(root)}:{line}: {text[:40]!r} outside _()"
        for path in files(root, ".html")
        for line, text in [*_heard(path.read_text(encoding="utf-8")), *_quoted(path.read_text(encoding="utf-8"), known)]
    ]


def naked_in_code(root: Path) -> list[str]:
    """Complain about Chinese in code that is not marked for translation, and about messages said in plain text."""
    known = shown(root)
    return [
        f"{name}:{node.lineno}: {str(node.value)[:40]!r} is not marked for translation"
        for name, tree in trees(root)
        for node in _spoken(tree)
        if not OF_OTHERS.fullmatch(name) and node.value not in known
    ]


def naked_in_scripts(root: Path) -> list[str]:
    """Complain about words in a script; pages give scripts their texts by `data-`."""
    return [
        f"{path.relative_to(root)}: {text[:40]!r} belongs on the page, as data"
        for path in files(root, ".js", SCRIPTS)
        for text in _literals(path.read_text(encoding="utf-8"))
        if CHINESE.search(text) or TWO_WORDS.search(text)
    ]


def uncounted(root: Path) -> list[str]:
    """Complain about English texts that say one thing and many alike: counts go by ngettext, with two forms."""
    return [f"en.po: {entry.text!r} {fault}" for entry in catalogue(root, "en") for fault in _miscounts(entry)]


def misfilled_plurals(root: Path) -> list[str]:
    """Complain about plural forms with other placeholders than the original; one thing need not be counted."""
    return [
        f"{form!r}: placeholders differ from {entry.text!r}"
        for entry in catalogue(root, "en")
        for form in entry.forms
        if entry.counted and holes(form) != holes(entry.text)
    ]


def hand_made_formats(root: Path) -> list[str]:
    """Complain about numbers, money and times that are written by hand, not in the way of the page's language."""
    pages = [*files(root, ".html"), *files(root, ".js", SCRIPTS)]
    code = [path for path in files(root, ".py") if path.name in {"views.py", "queries.py", "tasks.py"}]
    return [
        f"{path.relative_to(root)}:{number}: {found[0]!r} is a format made by hand"
        for path in [*pages, *code]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := HAND_MADE.search(line))
    ]


def _miscounts(entry: Entry) -> Iterator[str]:
    counts = {one or two for form in entry.forms for one, two in COUNTED.findall(form)} - NO_COUNTS
    if not entry.counted and (counts or "%(num)" in entry.text or "(s)" in entry.forms[0]):
        yield "says one and many alike"
    if entry.counted and not all(entry.forms):
        yield "lacks a form"


def _heard(source: str) -> list[tuple[int, str]]:
    """The words of a template itself, with their lines."""
    page = _Page()
    page.feed(_without_jinja(source))
    page.close()
    return page.found


def _without_jinja(source: str) -> str:
    for pattern in (r"\{#.*?#\}", r"\{%-?\s*trans\b.*?\bendtrans\s*-?%\}"):
        source = re.sub(pattern, _blank, source, flags=re.DOTALL)
    source = re.sub(r"(</?)\{\{.*?\}\}", r"\1div", source)  # a tag that is named by an expression
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", _blank, source, flags=re.DOTALL)


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag if tag in {"script", "style", "kbd", "code"} else self._silent
        heard = [value for name, value in attrs if name in HEARD and value and WORD.search(value)]
        self.found += [(self.getpos()[0], value) for value in heard]

    def handle_endtag(self, tag: str) -> None:
        self._silent = "" if tag == self._silent else self._silent

    def handle_data(self, data: str) -> None:
        if not self._silent and WORD.search(data) and data.strip() not in OWN_NAMES and not OF_MARKUP.search(data):
            self.found.append((self.getpos()[0], data.strip()))


def _quoted(source: str, known: set[str]) -> Iterator[tuple[int, str]]:
    """Texts in Jinja's own quotes that nobody translates."""
    for line, kind, value in Environment(autoescape=True).lex(source):
        text = ast.literal_eval(value) if kind == "string" else ""
        if text in known or text in TERMS or SCHEMA.search(text):
            continue
        if CHINESE.search(text) or TWO_WORDS.search(text):
            yield line, text


def _spoken(tree: ast.Module) -> Iterator[ast.Constant]:
    """Constants with Chinese, but not what is written about the code; and plain first words of `say`."""
    about = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in about:
            if CHINESE.search(node.value):
                yield node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            yield from (
                one for one in node.args[:1] if isinstance(one, ast.Constant) and not CHINESE.search(str(one.value))
            )


def _literals(source: str) -> Iterator[str]:
    for found in LITERAL.finditer(source):
        if not found[0].startswith("//") and not SELECTING.search(source[: found.start()]):
            yield found[0][1:-1]
