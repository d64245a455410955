"""Photographs of business licences, and what the worker reads in them.

It never decides: whether a reading is true, and whether its factory may trade, is a matter of `verification`.
"""
