"""The double-entry journal: debit positive, credit negative, minor units (fen), one currency per entry.

Append-only, balanced by the database, each business fact posted at most once; `docs/money.md` holds the chart.
"""
