"""Finding goods by a picture of them."""
