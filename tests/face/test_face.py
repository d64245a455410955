"""The face keeps its promises: small files, no inline code, no class unseen, no word without English."""

import re
from itertools import chain
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kernel", "commission", "onboarding", "storefront")
TEMPLATES = sorted(chain(*(ROOT.glob(f"{package}/**/templates/**/*.html") for package in PACKAGES)))
SHEETS = sorted((ROOT / "static/css").rglob("*.css"))
SCRIPTS = sorted(p for p in (ROOT / "static/js").rglob("*.js") if "vendor" not in p.parts)
PICTURES = sorted((ROOT / "static/img").rglob("*.svg"))

CLASS_ATTRIBUTE = re.compile(r'class="([^"]*)"')
CLASS_SELECTOR = re.compile(r"\.(-?[a-zA-Z][\w-]*)")
MESSAGE = re.compile(r"""\b_\(\s*("(?P<double>[^"]+)"|'(?P<single>[^']+)')""")
INLINE = re.compile(
    r"""<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)|javascript:|(src|action)="https?://|<link[^>]*https?://"""
)
COMMENT = re.compile(r"/\*.*?\*/|\{#.*?#\}", re.DOTALL)


def read(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def classes_in_templates() -> set[str]:
    found = chain(*(CLASS_ATTRIBUTE.findall(read(path)) for path in TEMPLATES))
    return set(chain(*(re.sub(r"\{[{%].*?[%}]\}", " ", value).split() for value in found)))


def classes_in_sheets() -> set[str]:
    selectors = (re.findall(r"[^{};]+(?=\{)", read(path)) for path in SHEETS)
    return set(chain(*(CLASS_SELECTOR.findall(selector) for selector in chain(*selectors))))


@pytest.mark.parametrize("path", SHEETS + SCRIPTS, ids=lambda p: p.name)
def test_a_sheet_or_script_fits_in_150_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_template_fits_in_120_lines_and_holds_no_inline_code(path: Path) -> None:
    text = read(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120
    assert INLINE.findall(text) == []


def test_every_class_in_a_template_has_a_look() -> None:
    assert classes_in_templates() - classes_in_sheets() == set()


def test_every_look_but_the_utilities_is_used_somewhere() -> None:
    used = classes_in_templates() | set(re.findall(r"[\w-]+", "".join(map(read, SCRIPTS))))
    utilities = set(CLASS_SELECTOR.findall(read(ROOT / "static/css/utilities.css")))
    for_pages = {"prose", "btn-dock", "split", "columns"}
    assert classes_in_sheets() - used - utilities - for_pages == set()


def test_every_sheet_is_imported_once_into_a_layer() -> None:
    entry = (ROOT / "static/css/app.css").read_text(encoding="utf-8")
    imported = re.findall(r'@import url\("([^"]+)"\) layer\(\w+\);', entry)
    there = {str(p.relative_to(ROOT / "static/css")) for p in SHEETS} - {"app.css"}
    assert sorted(imported) == sorted(there)


def test_every_word_of_the_face_has_its_english() -> None:
    with (ROOT / "kernel/translations/en.po").open("rb") as file:
        english = {message.id for message in read_po(file) if message.string}
    found = chain(*(MESSAGE.finditer(read(path)) for path in TEMPLATES if "kernel" in path.parts))
    assert {match["double"] or match["single"] for match in found} - english == set()


@pytest.mark.parametrize("path", PICTURES, ids=lambda p: p.stem)
def test_a_picture_is_named_and_fetches_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "<title>" in text
    assert not re.search(r"<script|<image|href=|style=", text)
