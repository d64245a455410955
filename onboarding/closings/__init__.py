"""A factory's days off: it sells nothing until it opens again, by the calendar or by hand; what was paid goes on.

Whether it rests follows from the time alone, so nothing has to run for it to open. What may be bought asks here.
"""
