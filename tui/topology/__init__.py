"""What a network is: the topology, its addresses, its edits. Pure: no input, no output, no screen."""
