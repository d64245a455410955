"""What goes back: a shopper asks for pieces to be refunded, the seller answers, the money follows on every leg."""
