"""Arguments: which command was meant, with which options.

Owns the grammar of the command line and the exit status: 0 fine, 1 findings of severity error or nothing
found, 2 the input could not be used or the arguments are wrong.
Invariant: whatever goes wrong on purpose ends in a message on stderr, never in a traceback.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from tui import __version__
from tui.cli.output import complain
from tui.errors import VnetTuiError

COMMANDS = ("check", "show", "reach", "find", "rules", "schema")
SECTIONS = ("subscriptions", "vnets", "subnets", "gateways", "sites", "connections")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        complain(f"{self.prog}: {message}")
        complain(f"try: {self.prog} --help")
        raise SystemExit(2)


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name and return the exit status."""
    # A short-lived process need not look for garbage: memory goes back when it ends.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parser().parse_args(_with_command(arguments))
        module = importlib.import_module(f"tui.cli.{options.command}")
        status: int = module.run(options)
        sys.stdout.flush()
    except VnetTuiError as error:
        complain(error.message)
        if error.hint:
            complain(error.hint)
        return 2
    except BrokenPipeError:
        # Whoever read along has seen enough (`| head`): not worth a message.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    return status


def _with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with `edit` before a lone file name: the editor is the default."""
    given = list(arguments)
    if not given or (given[0] not in COMMANDS and given[0] not in ("-h", "--help", "--version")):
        return ["edit", *given]
    return given


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(prog="vnet-tui", description="Plan VPN links between Azure virtual networks.", allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"vnet-tui {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, allow_abbrev=False)

    edit = command("edit", "open a topology in the editor (the default)")
    edit.add_argument("file", metavar="FILE", nargs="?")

    check = command("check", "print the findings of topologies")
    check.add_argument("files", metavar="FILE", nargs="+", help="a topology, the name of a sample, or - for stdin")
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    check.add_argument("--against", metavar="OLD", help="only findings that OLD does not have decide the exit status")
    check.add_argument("--verbose", action="store_true", help="every finding by itself, with what to do")
    _add_format(check)

    show = command("show", "print tables of what a topology holds")
    show.add_argument("file", metavar="FILE")
    show.add_argument("section", metavar="SECTION", nargs="?", choices=SECTIONS, help=", ".join(SECTIONS))
    _add_format(show)

    reach = command("reach", "can A talk to B, over which path, or why not")
    reach.add_argument("file", metavar="FILE")
    reach.add_argument("a", metavar="A", help="a VNet, a site, or an address")
    reach.add_argument("b", metavar="B", nargs="?", help="likewise; left out: all that A reaches")
    _add_format(reach)

    find = command("find", "who owns this address or prefix, what has this name")
    find.add_argument("file", metavar="FILE")
    find.add_argument("what", metavar="WHAT")
    _add_format(find)

    rules = command("rules", "what the checks look for, and why")
    rules.add_argument("code", metavar="CODE", nargs="?", help="explain one rule")
    _add_format(rules)

    command("schema", "print the JSON Schema of the file")
    return top


def _add_format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text")
