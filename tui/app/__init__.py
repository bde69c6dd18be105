"""The editor on the terminal: the one package that imports textual."""
