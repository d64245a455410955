"""The supply leg: the market where merchants find factory goods, and the supply order behind each of their sales."""
