"""What buyers see and do, and the composition root that wires the house together."""

import gc

gc.set_threshold(20_000)  # nothing of what is imported is garbage: looking for it took a fifth of every start
