"""What becomes of a factory or a merchant after the first decision: appeals, claims, checks.

It decides nothing itself: operators do, through cases, and `verification` moves the application.
"""
