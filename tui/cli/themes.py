"""`vnet-tui themes`: which themes there are, where they come from, and what is wrong with one's own.

Invariant: it needs no terminal and no screen; a theme file that cannot be used is named on stderr with its place.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from tui.cli.output import complain, say_json, say_table
from tui.display import displayable
from tui.storage.theme_files import ThemeFile, ThemeProblem, find_themes


def run(options: argparse.Namespace) -> int:
    """Print the list of themes; 1 where a theme file has a problem."""
    themes, problems = find_themes()
    if options.format == "json":
        say_json({"themes": [_document(theme) for theme in themes], "problems": [_said(each) for each in problems]})
    else:
        rows = [(theme.name, _look(theme), _origin(theme), displayable(theme.description, 100)) for theme in themes]
        say_table(("name", "look", "from", "description"), rows)
        for problem in problems:
            complain(str(problem))
    return 1 if problems else 0


def _look(theme: ThemeFile) -> str:
    return "the terminal's" if theme.ansi else "dark" if theme.dark else "light"


def _origin(theme: ThemeFile) -> str:
    if theme.is_shipped:
        return "vnet-tui"
    return f"{theme.path}{', instead of the shipped one' if theme.replaces_shipped else ''}"


def _document(theme: ThemeFile) -> dict[str, Any]:
    return {
        "name": theme.name,
        "dark": theme.dark,
        "ansi": theme.ansi,
        "description": theme.description,
        "author": theme.author,
        "file": str(theme.path),
        "shipped": theme.is_shipped,
        "replaces_shipped": theme.replaces_shipped,
    }


def _said(problem: ThemeProblem) -> dict[str, Any]:
    return {"file": str(problem.path), **asdict(problem.problem)}
