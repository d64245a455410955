"""What a factory promises with its goods: in how many days it ships, that it pays the freight, what can be sent back.

A belt's usual terms are packaged data and are taken over with one tap; nothing is promised that nobody accepted.
"""
