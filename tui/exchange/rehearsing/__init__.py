"""What an import would do to a file, and the topology that comes of what is accepted of it."""
