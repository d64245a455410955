"""The printed words of a licence: which field a label names, and what makes a page a licence at all."""

from __future__ import annotations

import unicodedata
from typing import Final

OTHER: Final = ""
"""A printed word that belongs to none of our fields; it ends the value before it."""
ISSUER: Final = "issuer"
FALLBACK_TYPE: Final = "form"
"""组成形式 of individual businesses on older forms: says the type where no 类型 does."""

_WORDS: Final = {
    "uscc": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "name": ("名称", "企业名称", "字号名称", "商号名称", "公司名称"),
    "type": ("类型", "公司类型", "企业类型", "主体类型", "经济性质"),
    FALLBACK_TYPE: ("组成形式",),
    "legal_representative": (
        *("法定代表人", "法定代表人姓名", "法人代表", "负责人", "经营者", "经营者姓名", "投资人"),
        *("执行事务合伙人", "投资人姓名"),
    ),
    "address": ("住所", "经营场所", "营业场所", "主要经营场所", "企业住所", "注册地址", "住址"),
    "established_on": ("成立日期", "注册日期", "成立时间", "成立曰期"),
    "business_scope": ("经营范围", "经营范围及方式", "业务范围"),
    "expires_on": ("营业期限", "经营期限", "合伙期限", "有效期限"),
    ISSUER: ("登记机关", "发照机关", "发证机关"),
    OTHER: (
        *("注册资本", "注册资金", "实收资本", "出资额", "资金数额", "成员出资总额", "证照编号", "副本编号", "编号"),
        *("核准日期", "发照日期", "注册号", "国家企业信用信息公示系统", "市场主体应当", "企业应当", "扫描二维码"),
    ),
}
_FIELD: Final = {word: field for field, words in _WORDS.items() for word in words}
_LONGEST_FIRST: Final = sorted(_FIELD, key=len, reverse=True)
_FORGIVING: Final = 4
"""A label of so many characters may have one of them misread."""
_SHORT: Final = 2
_WIDE: Final = ("名称", "类型", "住所")
_COLONS: Final = " :：\u3000"
_TITLE: Final = "营业执照"
_BESIDE_TITLE: Final = ("副本", "正本")
_OTHER_PAPERS: Final = (
    *("许可证", "登记证", "资格证", "证书", "登记表", "申请表", "报告书", "通知书", "证明", "协议", "合同"),
    *("查询结果", "执照信息", "工商信息"),
)
_LONGEST_TITLE: Final = 16


def label_of(text: str) -> tuple[str, str] | None:
    """The field that a line names at its beginning, and what follows; None when it begins with no label."""
    squeezed = squeeze(text)
    for word in _LONGEST_FIRST:
        if squeezed.startswith(word):
            return _FIELD[word], _after(text, len(word))
    for word in _LONGEST_FIRST:
        if len(word) >= _FORGIVING and _nearly(squeezed[: len(word)], word):
            return _FIELD[word], _after(text, len(word))
    return None


def short_label_of(text: str) -> str | None:
    """The field of a two-character label of which one was misread; only where a label is bound to stand."""
    squeezed = squeeze(text).strip(_COLONS)
    near = {_FIELD[word] for word in _FIELD if len(word) == _SHORT and _nearly(squeezed, word)}
    return near.pop() if len(near) == 1 else None


def half_label_of(text: str) -> str | None:
    """The field of a label printed wide (名　　称) of which one character was read for itself."""
    squeezed = squeeze(text)
    return next((_FIELD[word] for word in _WIDE if squeezed in word), None) if len(squeezed) == 1 else None


def is_title(text: str) -> bool:
    """Whether a line is the title, 营业执照, alone or with 副本 beside it; one character may be misread."""
    squeezed = "".join(char for char in squeeze(text) if char.isalnum())
    for beside in _BESIDE_TITLE:
        squeezed = squeezed.removesuffix(beside)
    return len(squeezed) == len(_TITLE) and _nearly(squeezed, _TITLE)


def is_other_title(text: str) -> bool:
    """Whether a line is the title of another paper that has the words of a licence: a permit, a form, a web page."""
    squeezed = squeeze(text)
    return len(squeezed) <= _LONGEST_TITLE and squeezed.endswith(_OTHER_PAPERS)


def squeeze(text: str) -> str:
    """Without spaces of any width."""
    return "".join(char for char in unicodedata.normalize("NFC", text) if not char.isspace())


def _after(text: str, characters: int) -> str:
    """What follows so many characters that are no spaces."""
    left = characters
    for place, char in enumerate(text):
        left -= not char.isspace()
        if left == 0:
            return text[place + 1 :].strip(_COLONS)
    return ""


def _nearly(text: str, word: str) -> bool:
    return len(text) == len(word) and sum(a != b for a, b in zip(text, word, strict=True)) <= 1
