"""What goes to the terminal: the cells that differ from what it shows, and nothing else."""
