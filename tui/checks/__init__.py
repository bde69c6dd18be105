"""The rules: what is wrong with a topology, why Azure minds, and what to do about it. Pure."""
