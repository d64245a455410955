"""No text stands naked, no count is said alike for one and many, no number is written by hand; each law can fail."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.laws import tongues
from tests.support.laws.places import ROOT

Law = Callable[[Path], list[str]]
LAWS = (
    tongues.naked_in_templates,
    tongues.naked_in_code,
    tongues.naked_in_scripts,
    tongues.uncounted,
    tongues.misfilled_plurals,
    tongues.hand_made_formats,
)
PAGE, CODE, SCRIPT, CATALOGUE = "kernel/templates/x.html", "kernel/x.py", "static/js/x.js", "kernel/translations/en.po"
BROKEN = [  # law, file, what is wrong in it
    (tongues.naked_in_templates, PAGE, "<p>保存</p>"),
    (tongues.naked_in_templates, PAGE, "<p>Save it</p>"),
    (tongues.naked_in_templates, PAGE, '<input aria-label="Quantity" />'),
    (tongues.naked_in_templates, PAGE, '{{ button("Save") }}'),
    (tongues.naked_in_templates, PAGE, '{{ button("保存") }}'),
    (tongues.naked_in_code, CODE, 'text = f"商品“{title}”"'),
    (tongues.naked_in_code, CODE, 'say("Saved")'),
    (tongues.naked_in_scripts, SCRIPT, 'button.textContent = "已复制";'),
    (tongues.naked_in_scripts, SCRIPT, "alert(`Nothing was found`);"),
    (tongues.uncounted, CATALOGUE, 'msgid "%(n)s 件"\nmsgstr "%(n)s pieces"\n'),
    (tongues.uncounted, CATALOGUE, 'msgid "共 %(n)s 件"\nmsgstr "%(n)s piece(s)"\n'),
    (tongues.uncounted, CATALOGUE, 'msgid "一"\nmsgid_plural "二"\nmsgstr[0] "One"\nmsgstr[1] ""\n'),
    (
        tongues.misfilled_plurals,
        CATALOGUE,
        'msgid "%(a)s"\nmsgid_plural "%(a)s"\nmsgstr[0] "%(a)s"\nmsgstr[1] "many"\n',
    ),
    (tongues.hand_made_formats, PAGE, "{{ day.strftime('%d') }}"),
    (tongues.hand_made_formats, PAGE, "<b>¥{{ fen|yuan }}</b>"),
    (tongues.hand_made_formats, "kernel/views.py", 'text = f"{price:.2f}"'),
    (tongues.hand_made_formats, SCRIPT, "size.toFixed(1)"),
]
FINE = [
    (
        tongues.naked_in_templates,
        PAGE,
        '<p title="{{ _("保存") }}">{{ _("保存") }} 3 × <kbd>Esc</kbd></p>{# 注 save it #}',
    ),
    (tongues.naked_in_templates, PAGE, '<button lang="en">English</button><{{ tag }} class="big wide">1</{{ tag }}>'),
    (tongues.naked_in_code, CODE, '"""商品 says the docstring."""\nsay(_("已保存"))\nTABS = lazy("全部")'),
    (
        tongues.naked_in_scripts,
        SCRIPT,
        '// 注 closes it now\nroot.querySelector("details.more summary").hidden = true;',
    ),
    (tongues.uncounted, CATALOGUE, 'msgid "error.long"\nmsgstr "At most {limit} characters"\n'),
    (tongues.hand_made_formats, PAGE, "{{ fen|yuan }} {{ day|day }}"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law) -> None:
    complaints = law(ROOT)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(("law", "file", "text"), BROKEN, ids=lambda told: getattr(told, "__name__", ""))
def test_the_law_catches_who_breaks_it(tmp_path: Path, law: Law, file: str, text: str) -> None:
    assert len(law(_house(tmp_path, file, text))) == 1


@pytest.mark.parametrize(("law", "file", "text"), FINE, ids=lambda told: getattr(told, "__name__", ""))
def test_the_law_lets_others_be(tmp_path: Path, law: Law, file: str, text: str) -> None:
    assert law(_house(tmp_path, file, text)) == []


def _house(root: Path, file: str, text: str) -> Path:
    for path, content in ((CATALOGUE, ""), (file, text)):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    return root
