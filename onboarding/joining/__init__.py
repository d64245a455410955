"""The way in of a factory or a merchant: one photo, what it says put right, what is left to do.

It only leads through what other contexts know; it remembers nothing itself.
"""
