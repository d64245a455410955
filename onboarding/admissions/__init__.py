"""Which merchants a factory supplies: one asks, the factory admits or refuses, and may end it.

Whoever is not admitted sees no supply price and picks nothing up.
"""
