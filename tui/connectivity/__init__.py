"""What follows from the links: tunnel budgets, who is joined with whom, who reaches whom, who collides. Pure."""
