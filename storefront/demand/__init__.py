"""What shoppers seek: which words they search for, what they open of what is found, what nobody sells yet.

Nobody can be told from it: a visitor is a code of one day, whose key is thrown away when the day is over.
"""
