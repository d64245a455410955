"""The page that shows the book: every page of it on a phone and at a desk, with links to its other pictures."""

from tests.support.book.pages import LEAVES, Leaf

HEAD = """\
# The book of pages

Every page of the demo on a phone (390 px) and at a desk (1280 px), in Chinese and English, by night in Chinese alone;
of operators' and finance's pages a phone shows one, of another state of the same page nobody shows the night. A long
page is cut after two screens of a phone, one and a quarter of a desk. `make screenshots` takes the pictures again and
writes this page.
"""
WORDS = {"zh": "中文", "en": "English"}


def contents() -> str:
    """The whole README."""
    names = " · ".join(f"[{leaf.english}](#{leaf.name})" for leaf in LEAVES)
    return "\n".join([HEAD, names, *map(_section, LEAVES)])


def picture_names() -> list[str]:
    """The files of the book."""
    return [f"{leaf.name}-{variant}.webp" for leaf in LEAVES for variant in leaf.variants]


def _section(leaf: Leaf) -> str:
    links = " · ".join(f"[{_said(variant)}]({leaf.name}-{variant}.webp)" for variant in leaf.variants)
    shown = " ".join(
        f'<img src="{leaf.name}-{device}-zh-light.webp" alt="{leaf.english}, {device}" width="{width}">'
        for device, width in (("phone", 220), ("desk", 580))
    )
    return f'\n## <a id="{leaf.name}"></a>{leaf.english} · {leaf.chinese}\n\n{shown}\n\n{links}\n'


def _said(variant: str) -> str:
    device, language, theme = variant.split("-")
    return f"{device} {WORDS[language]} {theme}"
