"""Rate cards: dated, published, append-only commission rules in basis points; a sale freezes the version it met."""
