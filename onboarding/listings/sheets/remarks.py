"""What the remarks of one row say of the prices in it."""

from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.conditions import REMARKS, conditions_of
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.values import squeeze
from onboarding.listings.sheets.vocabulary import Meaning


def tell_conditions(table: Table, rows: list[int]) -> None:
    """Ask about what the remarks of rows say of their prices."""
    for row in rows:
        for column in remark_columns(table):
            said = table.said(row, column)
            for one in conditions_of([said]) if said else ():
                table.tell(one.code, row, column, text=one.text)


def remark_columns(table: Table) -> list[Column]:
    """Columns whose words may say what the prices of their row mean; what stands beside a table under no head, too."""
    if table.remarks is None:
        told = [one for one in table.header.all_of(Meaning.ATTRIBUTE) if REMARKS.fullmatch(squeeze(one.head))]
        table.remarks = [*told, *table.header.all_of(Meaning.UNNAMED)]
    return table.remarks
