"""What can be bought: (seller, SKU, kind, price, state), the one thing search, cart and orders look at."""
