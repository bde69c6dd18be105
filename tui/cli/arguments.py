"""Arguments: which command was meant, with which options.

Owns the grammar of the command line and the exit status: 0 fine, 1 findings of severity error or nothing
found, 2 the input could not be used or the arguments are wrong, 141 nobody read the output to its end.
Invariant: whatever goes wrong on purpose ends in a message on stderr, never in a traceback.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from tui import __version__
from tui.cli.output import complain
from tui.errors import VnetTuiError

COMMANDS = (
    *("check", "show", "reach", "find", "suggest", "plan", "space", "renumber", "import", "diff"),
    *("rules", "themes", "keys", "settings", "schema"),
)
FORMATS = ("azure-json", "arm", "arm-parameters", "terraform", "netcfg", "csv")
STRATEGIES = ("tightest", "in-order", "room-to-grow")
_READER_LEFT = 128 + 13
"""What a shell reports of a program that SIGPIPE has ended."""
_MODULES = {"import": "importing"}
"""Commands whose name no module can have."""
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
    # Looking for plug-ins of pydantic costs a tenth of a short command, and none is wanted.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        status = _answer(arguments)
        if sys.stdout is not None:  # None where it was closed (`>&-`)
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read along has seen enough (`| head`): not worth a message, and no word on what was found.
        _drop_output()
        return _READER_LEFT
    except OSError as error:
        # What cannot be read is a FileError: this is the output.
        _drop_output()
        complain(f"cannot write the output: {error.strerror or error}")
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _answer(arguments: Sequence[str]) -> int:
    try:
        options = parser().parse_args(_with_command(arguments))
        status: int = importlib.import_module(f"tui.cli.{_MODULES.get(options.command, options.command)}").run(options)
        return status
    except VnetTuiError as error:
        complain(error.message)
        if error.hint:
            complain(error.hint)
        return 2
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2


def _drop_output() -> None:
    """Let what is still to be written go nowhere, or the interpreter complains of it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with `edit` before a lone file name: the editor is the default."""
    given = list(arguments)
    if given and given[0] in ("edit", *COMMANDS, "-h", "--help", "--version"):
        return given
    if given and not given[0].startswith("-"):
        _refuse_unknown_command(given[0], alone=len(given) == 1)
    return ["edit", *given]


def _refuse_unknown_command(word: str, *, alone: bool) -> None:
    """Raise VnetTuiError for what is no file, and is nearly a command or has arguments as commands have."""
    from tui.paths import resolve_topology
    from tui.topology.catalog import nearest

    if os.path.lexists(resolve_topology(word)):
        return
    close = nearest(word, COMMANDS) if word.isalpha() else None
    if close or not (alone or "." in word or os.sep in word):
        hint = f"did you mean vnet-tui {close}?" if close else f"the commands are {', '.join(COMMANDS)}"
        raise VnetTuiError(f"there is no command and no file {word}", hint)


def _text(argument: str) -> str:
    if not argument:
        raise argparse.ArgumentTypeError("it is empty")
    return argument


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(prog="vnet-tui", description="Plan VPN links between Azure virtual networks.", allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"vnet-tui {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, allow_abbrev=False)

    edit = command("edit", "open a topology in the editor (the default)")
    edit.add_argument("file", type=_text, metavar="FILE", nargs="?")
    edit.add_argument("--read-only", action="store_true", help="nothing can be changed")
    edit.add_argument("--theme", metavar="NAME", help="a theme of: vnet-tui themes")
    edit.add_argument("--mouse", choices=("off", "clicks", "full"), help="what it does; clicks is best over SSH")
    edit.add_argument("--ascii", action="store_true", help="for terminals without box drawing")

    check = command("check", "print the findings of topologies")
    check.add_argument(
        "files", type=_text, metavar="FILE", nargs="+", help="a topology, the name of a sample, or - for stdin"
    )
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    check.add_argument(
        "--against", type=_text, metavar="OLD", help="only findings that OLD does not have decide the exit status"
    )
    check.add_argument("--verbose", action="store_true", help="every finding by itself, with what to do")
    _add_format(check)

    show = command("show", "print tables of what a topology holds")
    show.add_argument("file", type=_text, metavar="FILE")
    show.add_argument("section", metavar="SECTION", nargs="?", choices=SECTIONS, help=", ".join(SECTIONS))
    _add_format(show)

    reach = command("reach", "can A talk to B, over which path, or why not")
    reach.add_argument("file", type=_text, metavar="FILE")
    reach.add_argument("a", type=_text, metavar="A", help="a VNet, a site, or an address")
    reach.add_argument("b", type=_text, metavar="B", nargs="?", help="likewise; left out: all that A reaches")
    _add_format(reach)

    find = command("find", "who owns this address or prefix, what has this name")
    find.add_argument("file", type=_text, metavar="FILE")
    find.add_argument("what", type=_text, metavar="WHAT")
    _add_format(find)

    _add_planning(command)
    _add_import(command)
    _add_diff(command)

    rules = command("rules", "what the checks look for, and why")
    rules.add_argument("code", type=_text, metavar="CODE", nargs="?", help="explain one rule")
    _add_format(rules)

    themes = command("themes", "the themes of the editor, and what is wrong with your own")
    _add_format(themes)

    keys = command("keys", "which key does what, for the settings")
    _add_format(keys)

    settings = command("settings", "every setting, what is in force, and what is wrong with your own")
    _add_format(settings)

    command("schema", "print the JSON Schema of the file")
    return top


def _add_planning(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    suggest = command("suggest", "free address space of a size, best first, each block with its reason")
    suggest.add_argument("file", type=_text, metavar="FILE")
    size = suggest.add_mutually_exclusive_group(required=True)
    size.add_argument("--size", type=_text, metavar="/N", help="the prefix length, such as /22")
    size.add_argument("--hosts", type=_text, metavar="N", help="how many hosts it is for; Azure keeps five addresses")
    number = suggest.add_mutually_exclusive_group()
    number.add_argument("--count", type=_text, metavar="N", default="1", help="how many blocks (1)")
    number.add_argument("--all", action="store_true", help="every free block of the size, one after another")
    suggest.add_argument("--region", type=_text, metavar="REGION", help="from the pools of this region, if it has any")
    suggest.add_argument("--pool", type=_text, metavar="NAME|CIDR", help="from this pool, or from within this block")
    suggest.add_argument("--strategy", choices=STRATEGIES, default=STRATEGIES[0], help="which free block is best")
    suggest.add_argument("--family", choices=("4", "6"), help="IPv4 (the default) or IPv6")
    _add_format(suggest)

    plan = command("plan", "place many VNets with their subnets at once: all of them, or none")
    plan.add_argument("file", type=_text, metavar="FILE")
    plan.add_argument("requests", type=_text, metavar="REQUESTS", help="a TOML file of what is wanted, or - for stdin")
    plan.add_argument("--write", action="store_true", help="add them to FILE")
    _add_format(plan)

    space = command("space", "what is used, held and free of each pool, and how much more fits")
    space.add_argument("file", type=_text, metavar="FILE")
    space.add_argument("--pool", type=_text, metavar="NAME|CIDR", help="only this pool, or any block")
    _add_format(space)

    renumber = command("renumber", "the cheapest way out of every overlap: which networks move where")
    renumber.add_argument("file", type=_text, metavar="FILE")
    renumber.add_argument("--sites", action="store_true", help="on-premises sites may be renumbered too")
    renumber.add_argument("--only", type=_text, metavar="NAME", action="append", help="make these steps alone")
    renumber.add_argument("--write", action="store_true", help="renumber them in FILE")
    renumber.add_argument("--format", choices=("text", "json", "csv"), default="text")


def _add_import(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    read = command("import", "rehearse taking over what Azure's own tools print; with -o, do it")
    read.add_argument(
        "sources", type=_text, metavar="SOURCE", nargs="+", help="a file, a folder with all in it, or - for stdin"
    )
    read.add_argument("-o", "--output", type=_text, metavar="FILE", help="write it; a topology that exists is extended")
    read.add_argument("--dry-run", action="store_true", help="only rehearse what -o FILE would do")
    read.add_argument("--verbose", action="store_true", help="name everything, however much it is")
    read.add_argument("--prune", action="store_true", help="take out of FILE what is not in Azure any more")
    read.add_argument("--from", dest="form", choices=FORMATS, help="the format, where it is not to be recognised")
    read.add_argument("--state", choices=("deployed", "planned"), help="of what is imported; templates are planned")
    read.add_argument("--location", type=_text, metavar="REGION", help="for templates: of the resource group")
    read.add_argument("--resource-group", type=_text, metavar="NAME", help="for templates")
    read.add_argument("--subscription", type=_text, metavar="ID", help="for templates")
    _add_format(read)


def _add_diff(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    diff = command("diff", "what differs between two topologies, with the findings and tunnels that came and went")
    what = "a topology, the name of a sample, what Azure's tools print (see import), or - for stdin"
    diff.add_argument("a", type=_text, metavar="A", help=f"{what}: as it was")
    diff.add_argument("b", type=_text, metavar="B", nargs="*", help="likewise: as it is now; sources may be several")
    git = (
        "compare A as git has it at this revision with A as it is: main is the tip of main, "
        "$(git merge-base main HEAD) where one's branch began"
    )
    diff.add_argument("--git", type=_text, metavar="REV", help=git)
    diff.add_argument("--verbose", action="store_true", help="all of it in Markdown too, however long that is")
    diff.add_argument("--format", choices=("text", "json", "markdown"), default="text")


def _add_format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text")
