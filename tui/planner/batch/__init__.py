"""Many blocks at once, all of them or none, and the VNets that are made of them."""
