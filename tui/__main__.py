"""`python -m tui`: the same as the `vnet-tui` command."""

from tui.cli import process

if __name__ == "__main__":
    process()
