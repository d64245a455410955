"""Who is leaving: since when an organisation sells nothing more, and the day from which it may be closed.

It stands low, so that everything which asks whether something may be sold can ask it; `storefront.leaving` decides.
"""
