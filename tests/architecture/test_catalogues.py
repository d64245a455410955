"""Both languages are complete, and nothing else is in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.laws import catalogues
from tests.support.laws.places import ROOT

Law = Callable[[Path], list[str]]
SAMPLES: dict[Law, tuple[str, str, str]] = {  # code, zh.po, en.po
    catalogues.untranslated: ('say(_("保存"))', "", ""),
    catalogues.unspoken: ('raise DomainError("stock.gone")', "", 'msgid "error.stock.gone"\nmsgstr "Gone."\n'),
    catalogues.unused: ("", "", 'msgid "保存"\nmsgstr "Save"\n'),
    catalogues.misfilled: ("", "", 'msgid "剩 %(n)s 件"\nmsgstr "Few left"\n'),
}


@pytest.mark.parametrize("law", SAMPLES, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law) -> None:
    complaints = law(ROOT)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("law", SAMPLES, ids=lambda law: law.__name__)
def test_the_law_catches_who_breaks_it(tmp_path: Path, law: Law) -> None:
    code, chinese, english = SAMPLES[law]
    (tmp_path / "kernel" / "translations").mkdir(parents=True)
    (tmp_path / "kernel" / "page.py").write_text(code)
    (tmp_path / "kernel" / "translations" / "zh.po").write_text(chinese)
    (tmp_path / "kernel" / "translations" / "en.po").write_text(english)
    assert len(law(tmp_path)) == 1


def test_texts_of_templates_are_found(tmp_path: Path) -> None:
    (tmp_path / "kernel" / "templates").mkdir(parents=True)
    template = '{{ _("共 %(n)s 件", n=2) }}{{ ngettext("一件", "多件", 2) }}'
    (tmp_path / "kernel" / "templates" / "x.html").write_text(template)
    assert catalogues.shown(tmp_path) == {"共 %(n)s 件", "一件"}


@pytest.mark.parametrize(
    "code", ['Words("已发货", {})', 'TABS = (lazy("已发货"),)', '_("已发货")', 'ngettext("已发货", "已发货", 2)']
)
def test_texts_of_code_are_found_however_they_are_marked(tmp_path: Path, code: str) -> None:
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel" / "texts.py").write_text(code)
    assert catalogues.shown(tmp_path) == {"已发货"}
