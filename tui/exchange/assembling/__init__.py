"""From what was found to a topology, under the keys that a file has for what it knows."""
