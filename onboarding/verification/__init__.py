"""Whether a factory or a merchant may trade: its application, the credit code, the operator's decision.

It never touches goods; `listings` and `offers` ask it.
"""
