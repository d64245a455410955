"""Pictures of goods: handed in from a phone, an archive or a price sheet, cleaned, and labelled where AI made them.

Everybody sees one once an operator looked at it; until then it is for its factory's team and for operators.
"""
