"""What all packages must spell the same: money, time, text, refusals, access, tables, facts, the web.

The kernel knows nothing of factories, goods or orders; every other package may lean on it.
"""
