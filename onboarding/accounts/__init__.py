"""People, what proves them, and the organisations they work for: codes, passwords, second factors, sessions, teams.

It never decides whether an organisation may trade; `verification` does.
"""
