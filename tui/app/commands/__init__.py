"""The command table: bindings, footer, help, palette and the key documentation are all made from it."""

from tui.app.commands.command import Command, Workbench
from tui.app.commands.table import REMINDERS, commands

__all__ = ["REMINDERS", "Command", "Workbench", "commands"]
