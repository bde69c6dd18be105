"""The spreadsheet that people have, as CSV."""
