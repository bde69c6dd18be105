"""Ways out of overlaps: one network that moves, and the cheapest set of them for an estate."""
