"""Cases before an operator: one matter, its evidence, one decision with its reason.

The case decides nothing itself: it calls the context that owns the subject.
"""
