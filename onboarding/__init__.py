"""How sellers join and list: accounts, belts, verification, listings, offers, moderation."""
