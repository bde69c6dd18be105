"""Which addresses are free, and which to take. Pure."""
