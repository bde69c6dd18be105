"""`vnet-tui keys`: which key does what, ready to be pasted into the settings and changed.

Invariant: it needs no terminal and no screen; what it prints as text gives these very keys when it is pasted.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from tui.app.commands import commands
from tui.app.keys import MOVEMENTS, Entry, Keymap, resolve, shown
from tui.cli.output import complain, say, say_json
from tui.storage.settings import as_toml, read_settings


def run(options: argparse.Namespace) -> int:
    """Print the keys of every command; 1 where something is wrong with the settings."""
    settings, problems = read_settings()
    keymap = resolve(settings.keys, settings.places)
    problems = (*problems, *keymap.problems)
    groups: dict[str, tuple[Entry, ...]] = {"command": tuple(commands().values()), "movement": MOVEMENTS}
    if options.format == "json":
        documents = [_document(kind, entry, keymap) for kind, group in groups.items() for entry in group]
        say_json({"keys": documents, "problems": problems})
    else:
        say("# The keys of vnet-tui, for its config.toml. A command has one key, or a list of keys; [] is none.")
        say("[keys]")
        _say_group("What can be done", groups["command"], keymap)
        _say_group("Moving in every list", groups["movement"], keymap)
        for problem in problems:
            complain(problem)
    return 1 if problems else 0


def _say_group(title: str, group: Iterable[Entry], keymap: Keymap) -> None:
    say()
    say(f"# ---- {title} ----")
    for entry in group:
        keys = keymap.keys[entry.id]
        default = "" if keys == entry.keys else f" (by default {_toml(entry.keys)})"
        say()
        say(f"# {entry.title}: {entry.help}{default}")
        say(f"{entry.id} = {_toml(keys)}")


def _toml(keys: tuple[str, ...]) -> str:
    names = [shown(key) for key in keys]
    return as_toml(names[0] if len(names) == 1 else names)


def _document(kind: str, entry: Entry, keymap: Keymap) -> dict[str, Any]:
    keys = keymap.keys[entry.id]
    return {
        "id": entry.id,
        "kind": kind,
        "title": entry.title,
        "help": entry.help,
        "keys": [shown(key) for key in keys],
        "default": [shown(key) for key in entry.keys],
        "textual_keys": list(keys),
    }
