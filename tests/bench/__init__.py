"""Benchmarks: printed as ratios of one run, for times vary from machine to machine. `make bench` runs them."""
