"""The subnets of a VNet: many planned at once, split, joined, moved and resized."""
