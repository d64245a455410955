"""Leaving: a copy of all that is one's own, and closing a shop with everything that is open brought to its end.

It stands above orders, refunds and statements, for it has to know of each whether it is done.
"""
