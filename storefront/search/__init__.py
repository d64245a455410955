"""Finding goods by words, sound, belt, category and price.

Owns the listing index and what a query means; never decides whether a listing may be sold.
"""
