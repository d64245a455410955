"""The desk of a merchant who resells: her day, her goods and prices, her orders and what they earn."""
