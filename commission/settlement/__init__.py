"""What each party earned, was charged and was paid: sales held, released, settled, and paid out.

It is told of a sale through `Sale`; it never asks about orders.
"""
