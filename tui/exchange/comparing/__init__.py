"""What differs between two topologies, and how it is told: as text, Markdown and JSON."""
