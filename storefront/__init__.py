"""What buyers see and do, and the composition root that wires the house together."""
