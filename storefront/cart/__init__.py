"""What a shopper means to buy; it reserves nothing and survives signing in."""
