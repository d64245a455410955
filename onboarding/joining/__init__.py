"""The way in of a factory: one photo of the licence, what it says put right, and a list of what is left to do.

It only leads through what other contexts know; it remembers nothing itself.
"""
