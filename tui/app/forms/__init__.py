"""Forms without a screen: what can be typed about each kind of thing, and what is said about it while one types."""
