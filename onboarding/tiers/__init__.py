"""How far the channel itself has checked a factory: listed, verified, inspected; and the visits on which that rests.

A tier is no row: it follows from what other contexts know and from the newest visit, and is lost by time alone.
"""
