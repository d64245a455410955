"""Reads a factory's price sheet (xlsx, xls, csv) into listings, and says what it could not read.

Pure: bytes in, a `SheetReading` out. It guesses nothing that only the owner knows; it asks.
"""
