"""Certificates that goods need: what a factory hands in, what an operator confirms, and when one runs out.

Which goods need which kind is said by `listings`; whether a listing may be published, by its operation and its table.
"""
