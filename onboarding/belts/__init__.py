"""Industrial belts (产业带): region × trade, reference data that factories, search and staff scopes point to."""
