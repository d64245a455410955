"""What becomes of a factory after the first decision: appeals, claims to a credit code, a check every six months.

It decides nothing itself: operators do, through cases, and `verification` moves the application.
"""
