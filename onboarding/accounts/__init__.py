"""People and the organisations they work for: sign-in by one-time code, sessions, memberships, staff roles.

It never decides whether an organisation may trade; `verification` does.
"""
