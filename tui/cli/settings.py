"""`vnet-tui settings`: every setting with its documentation, what is in force, and what is wrong with one's own.

Invariant: it needs no terminal and no screen; what it prints as text is a complete config.toml that says what the
person's own file says.
"""

from __future__ import annotations

import argparse
import os
import textwrap
from collections.abc import Iterator
from typing import Any

from tui.app.keys import resolve
from tui.cli.output import complain, say, say_json
from tui.storage.in_force import AUTO, InForce, in_force, settings_file, unknown_theme
from tui.storage.settings import Settings, as_toml, known_settings, read_settings
from tui.storage.theme_files import find_themes
from tui.topology.keypath import toml_key

_WIDTH = 98


def run(options: argparse.Namespace) -> int:
    """Print the settings; 1 where something is wrong with them."""
    settings, wrong = read_settings()
    chosen = in_force(settings, os.environ)
    no_theme = unknown_theme(chosen, (theme.name for theme in find_themes()[0]))
    problems = (*wrong, *((no_theme,) if no_theme else ()), *resolve(settings.keys, settings.places).problems)
    if options.format == "json":
        path = settings_file()
        documents = _documents(settings, chosen)
        say_json({"file": None if path is None else str(path), "settings": documents, "problems": problems})
    else:
        for line in _commented(settings):
            say(line)
        for problem in problems:
            complain(problem)
    return 1 if problems else 0


def _commented(settings: Settings) -> Iterator[str]:
    """A config.toml that says what `settings` say: each key explained, defaults commented out."""
    yield "# Settings of vnet-tui. Where a line begins with #, the default holds: take the # off to change it."
    for setting in known_settings():
        value, is_set = getattr(settings, setting.key), setting.key in settings.model_fields_set
        yield ""
        yield from _comment(setting.help)
        yield from _comment(f"Allowed: {setting.allowed}. Default: {setting.default}.")
        if setting.key != "keys":
            yield f"{'' if is_set else '#'}{setting.key} = {as_toml(value)}"
            continue
        yield f"{'' if value else '#'}[keys]"
        for name, keys in value.items():
            yield f"{toml_key(name)} = {as_toml(keys[0] if len(keys) == 1 else keys)}"
        if not value:
            yield '#save = ["ctrl+s", "f2"]'


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _documents(settings: Settings, chosen: InForce) -> list[dict[str, Any]]:
    values = {
        "theme": chosen.theme or AUTO,
        "mouse": chosen.mouse,
        "ascii": chosen.ascii_only,
        "editor": chosen.editor,
        "keys": {name: list(keys) for name, keys in settings.keys.items()},
    }
    return [
        {
            "key": setting.key,
            "value": values[setting.key],
            "from": chosen.origins[setting.key].source,
            "because": chosen.origins[setting.key].why,
            "default": getattr(Settings(), setting.key) if setting.key != "keys" else {},
            "allowed": setting.allowed,
            "help": setting.help,
        }
        for setting in known_settings()
    ]
