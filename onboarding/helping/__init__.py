"""The helpers' desk: somebody of the trade association sets a factory up for its owner, by her consent.

What a grant is and who a helper is while she acts under one is known to `accounts`; nothing is kept here.
"""
