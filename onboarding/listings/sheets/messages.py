"""Every problem code with its gravity and its words; the one table, Chinese and English.

`LEFT_OUT`: the row's listing is not in the reading. `EMPTY`: the field was left empty, the listing is there.
`ASK`: the reading is usable, but only the owner knows; nothing was guessed. `NOTED`: read, but say so.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Gravity(StrEnum):
    """What a problem means for the listing of its row."""

    LEFT_OUT = "left_out"
    EMPTY = "empty"
    ASK = "ask"
    NOTED = "noted"


_L, _E, _A, _N = Gravity.LEFT_OUT, Gravity.EMPTY, Gravity.ASK, Gravity.NOTED

# code → (gravity, zh, en); refusals of the whole file come after, as `REFUSALS`
PROBLEMS: Final[Mapping[str, tuple[Gravity, str, str]]] = {
    "title_missing": (
        _L,
        "没有品名，这一行没有读入。请补上品名。",
        "No product name, so this row was left out. Add the name.",
    ),
    "title_too_long": (
        _L,
        "品名超过 {limit} 个字，这一行没有读入。请缩短品名。",
        "The name is longer than {limit} characters, so this row was left out. Shorten it.",
    ),
    "code_duplicate": (
        _L,
        "货号“{code}”在第 {first} 行已经出现过，这一行没有读入。请改货号或删去重复行。",
        "Code “{code}” already stands in row {first}, so this row was left out. Change or delete it.",
    ),
    "sku_duplicate": (
        _L,
        "这一行的规格和第 {first} 行的规格重复，没有读入。请写明颜色、尺码等区别。",
        "This row repeats a variant of row {first} and was left out. State how it differs.",
    ),
    "too_many_skus": (
        _L,
        "一款商品超过 {limit} 个规格，没有读入。请分成几款。",
        "More than {limit} variants in one listing; it was left out. Split it.",
    ),
    "price_missing": (
        _L,
        "没有价格，这一行没有读入。请补上价格。",
        "No price, so this row was left out. Add the price.",
    ),
    "price_unreadable": (
        _L,
        "价格“{text}”看不懂，这一行没有读入。请写成数字，例如 12.50。",
        "Price “{text}” cannot be read, so this row was left out. Write a number such as 12.50.",
    ),
    "price_negative": (
        _L,
        "价格“{text}”是负数，这一行没有读入。请改正价格。",
        "Price “{text}” is negative, so this row was left out. Correct it.",
    ),
    "price_zero": (
        _L,
        "价格是 0，这一行没有读入。请填真实价格。",
        "The price is 0, so this row was left out. Enter the real price.",
    ),
    "price_too_high": (
        _L,
        "价格“{text}”超过 {limit} 元，这一行没有读入。请检查是否多写了零。",
        "Price “{text}” is above ¥{limit}, so this row was left out. Check for extra zeros.",
    ),
    "price_precision": (
        _L,
        "价格“{text}”不到一分钱的零头没法收，这一行没有读入。请写到分为止（两位小数）。",
        "Price “{text}” has fractions of a fen, so this row was left out. Use two decimals at most.",
    ),
    "price_currency": (
        _L,
        "价格“{text}”不是人民币，这一行没有读入。请换算成人民币。",
        "Price “{text}” is not in yuan, so this row was left out. Convert it.",
    ),
    "price_range": (
        _L,
        "价格“{text}”是一个区间，系统不替您选，这一行没有读入。请写定一个价，或按数量分档。",
        "Price “{text}” is a range, so this row was left out. Write one price, or tiers by quantity.",
    ),
    "price_negotiable": (
        _L,
        "价格写的是“{text}”，这一行没有读入。请填一个价格。",
        "The price says “{text}”, so this row was left out. Enter a price.",
    ),
    "tiers_not_falling": (
        _L,
        "阶梯价要越多越便宜，这一行的“{text}”没有往下降，没有读入。请检查各档价格。",
        "Tier prices must fall with quantity; “{text}” does not, so this row was left out. Check the tiers.",
    ),
    "formula_unvalued": (
        _L,
        "这一格是公式，文件里没有算好的数，没有读入。请在表格软件里打开、保存一次，或直接填数。",
        "This cell is a formula without a stored value. Open and save the file once, or type the number.",
    ),
    "cell_error": (
        _L,
        "这一格的公式出错了，没有读入。请改正公式或直接填数。",
        "The formula in this cell is in error. Correct it or type the number.",
    ),
    "retail_price_unreadable": (
        _E,
        "零售价“{text}”不能用，先留空。请写成大于 0、最多两位小数的数字。",
        "Retail price “{text}” cannot be used and was left empty. Write a number above 0 with two decimals at most.",
    ),
    "drop_ship_price_unreadable": (
        _E,
        "代发价“{text}”不能用，先留空。请写成大于 0、最多两位小数的数字。",
        "Drop-ship price “{text}” cannot be used and was left empty. Write a number above 0.",
    ),
    "stock_negative": (
        _E,
        "库存“{text}”是负数，先留空。请填现在的实数。",
        "Stock “{text}” is negative and was left empty. Enter the real count.",
    ),
    "stock_unreadable": (
        _E,
        "库存“{text}”看不懂，先留空。请填整数，例如 300。",
        "Stock “{text}” cannot be read and was left empty. Enter a whole number such as 300.",
    ),
    "stock_unstated": (
        _E,
        "库存写的是“{text}”，没有件数，先留空。请填大概还有多少件。",
        "Stock says “{text}” without a count and was left empty. Enter the count.",
    ),
    "moq_unreadable": (
        _E,
        "起订量“{text}”看不懂，先留空。请填整数，例如 10。",
        "Minimum order “{text}” cannot be read and was left empty. Enter a whole number such as 10.",
    ),
    "moq_in_packs": (
        _E,
        "起订量“{text}”按包装算，不知道一个包装有几件，先留空。请按件填写。",
        "Minimum order “{text}” counts packs of unknown size and was left empty. Enter pieces.",
    ),
    "moq_differs": (
        _A,
        "同款里这一行的起订量“{text}”和前面不同，已按 {quantity} 读入。请核对。",
        "This row's minimum order “{text}” differs within its listing; {quantity} was used. Please check.",
    ),
    "stock_ambiguous": (
        _A,
        "库存 {quantity} 对应 {skus} 个规格：是每个规格各有 {quantity}，还是合计 {quantity}？请选择。",
        "Stock {quantity} stands for {skus} variants: {quantity} of each, or {quantity} in all? Please choose.",
    ),
    "moq_from_note": (
        _A,
        "说明里写着“{text}”，起订量按 {quantity} 读入。如果是几款合计起批，请改正。",
        "The notes say “{text}”, read as a minimum order of {quantity}. Correct it if styles may be mixed.",
    ),
    "moq_notes_differ": (
        _A,
        "说明里有几个不同的起订量，没有采用。请逐款填写起订量。",
        "The notes give several different minimum orders; none was used. Enter it per listing.",
    ),
    "tax_excluded": (
        _A,
        "表里写着“{text}”，价格先照原数读入；平台上的价格是含税价，请确认或改价。",
        "The sheet says “{text}”; prices were read as written, but prices here include tax. Confirm or change them.",
    ),
    "price_column_missing": (
        _A,
        "表里没有找到价格列，商品读入了，但没有价格。请补上价格。",
        "No price column was found; listings were read without prices. Add them.",
    ),
    "price_column_repeated": (
        _A,
        "“{text}”也像供货价，已按另一列读入，这一列放进了商品属性。请核对用哪一列。",
        "“{text}” looks like a supply price too; another column was used. Check which one applies.",
    ),
    "title_column_missing": (
        _A,
        "表里没有品名列，先用货号当品名。请补上品名。",
        "There is no name column; codes stand in as names. Add the names.",
    ),
    "stock_about": (
        _N,
        "库存“{text}”是约数，按 {quantity} 读入。请核对。",
        "Stock “{text}” is approximate and was read as {quantity}. Please check.",
    ),
    "options_repeated": (
        _N,
        "“{text}”里有重复的规格，只读了一次。",
        "“{text}” repeats a variant; it was read once.",
    ),
    "tiers_by_sku_dropped": (
        _A,
        "这一行的阶梯价和同款第 {first} 行不同；规格只能有一个单价，按最低起订档读入。请核对。",
        "This row's tiers differ from row {first} of the same listing; its first tier was used. Please check.",
    ),
    "column_unnamed": (
        _N,
        "这一列有内容但没有表头，没有读入。请写上表头。",
        "This column has content but no head and was not read. Name it.",
    ),
}

REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "sheet.too_large": (
        "文件超过 {limit_mb} MB。请去掉大图片，或分成几个文件再传。",
        "The file is larger than {limit_mb} MB. Remove large pictures or split it.",
    ),
    "sheet.bomb": (
        "文件解压后大得不正常，没有打开。请用表格软件另存为新的 xlsx 再传。",
        "The file unpacks to an abnormal size and was not opened. Save it anew as xlsx and try again.",
    ),
    "sheet.not_a_sheet": (
        "这不是 Excel 或 CSV 表格。请上传 .xlsx、.xls 或 .csv 文件。",
        "This is not an Excel or CSV file. Upload .xlsx, .xls or .csv.",
    ),
    "sheet.damaged": (
        "表格文件不完整或已损坏。请重新导出，或另存为新的 xlsx 再传。",
        "The file is incomplete or damaged. Export it again or save it anew as xlsx.",
    ),
    "sheet.encrypted": (
        "表格加了密码，打不开。请去掉密码再传。",
        "The file is protected by a password. Remove the password and upload again.",
    ),
    "sheet.empty": (
        "表格是空的。请检查是否传错了文件。",
        "The sheet is empty. Check that it is the right file.",
    ),
    "sheet.no_header": (
        "没有找到表头。请保留写着“货号、品名、单价”的那一行。",
        "No header row was found. Keep the row that says code, name and price.",
    ),
    "sheet.too_many_rows": (
        "表格超过 {limit} 行。请分成几个文件再传。",
        "The sheet has more than {limit} rows. Split it into several files.",
    ),
    "sheet.too_many_columns": (
        "表格超过 {limit} 列。请删去用不到的列再传。",
        "The sheet has more than {limit} columns. Delete those not needed.",
    ),
    "sheet.too_many_worksheets": (
        "工作表超过 {limit} 个。请分成几个文件再传。",
        "The file has more than {limit} worksheets. Split it.",
    ),
}


def gravity(code: str) -> Gravity:
    """What a problem means for its listing."""
    return PROBLEMS[code][0]


def message(code: str, params: Mapping[str, object], *, language: str = "zh") -> str:
    """The words of a problem, in `zh` or `en`."""
    _gravity, chinese, english = PROBLEMS[code]
    return (english if language == "en" else chinese).format_map(params)


def catalogue(language: str) -> dict[str, str]:
    """Message id `error.sheet.<code>` → text, problems and refusals, for the translation files."""
    at = 1 if language == "en" else 0
    texts = {f"error.sheet.{code}": words[1 + at] for code, words in PROBLEMS.items()}
    return texts | {f"error.{code}": refusal[at] for code, refusal in REFUSALS.items()}
