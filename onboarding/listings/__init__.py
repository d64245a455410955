"""What a factory makes and describes: listings, SKUs with their stock, ways of selling, price-sheet imports.

It never sells: `offers` says what can be bought at which price.
"""
