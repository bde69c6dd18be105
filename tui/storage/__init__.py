"""Files: TOML in and out."""
