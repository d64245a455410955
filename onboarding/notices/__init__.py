"""Notices of right holders against goods, what sellers say to them, and what becomes of both.

E-commerce Law, articles 42 to 45; Civil Code, articles 1195 to 1197.
"""
