"""One checkout and payment becomes an order group with one order per seller, each with its own life."""
