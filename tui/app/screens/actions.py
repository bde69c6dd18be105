"""What the commands of the screen do, by their ids.

Invariant: every id that the command table hands to the screen is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tui.app.screens import editors, files, looks, moving, planning, sizes

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen


def _import_files(bench: WorkbenchScreen) -> None:
    from tui.app.screens.importing import import_files

    import_files(bench)


def _compare(bench: WorkbenchScreen) -> None:
    from tui.app.screens.comparing import compare

    compare(bench)


ACTIONS: Mapping[str, Callable[[WorkbenchScreen], None]] = {
    **{f"pane-{number}": moving.to_pane(number) for number in "123"},
    **{f"tab-{number}": moving.to_pane(number) for number in "4567"},
    "find": moving.find,
    "back": moving.back,
    "filter": moving.narrow,
    "next-match": lambda bench: moving.to_match(bench, 1),
    "previous-match": lambda bench: moving.to_match(bench, -1),
    "next-problem": lambda bench: moving.to_problem(bench, 1),
    "previous-problem": lambda bench: moving.to_problem(bench, -1),
    "mark": moving.mark,
    "unmark-all": moving.unmark_all,
    "next-free": planning.next_free,
    "ask-instead": planning.ask_instead,
    "address-map": planning.show_map,
    "renumber": planning.renumber,
    "sort": moving.sort,
    "tags": moving.tags,
    "zoom": lambda bench: bench.zoom(),
    "narrower": lambda bench: sizes.resize(bench, -1),
    "wider": lambda bench: sizes.resize(bench, 1),
    "even": sizes.usual_sizes,
    "theme": looks.choose_theme,
    "help": looks.show_help,
    "palette": looks.show_palette,
    "suspend": looks.suspend,
    "save": files.save_or_ask,
    "save-as": files.save_as,
    "save-and-quit": lambda bench: files.save_or_ask(bench, bench.app.exit),
    "editor": editors.edit_parts,
    "edit-file": editors.edit_file,
    "open": files.open_other,
    "new": files.begin_new,
    "reload": files.reload,
    "import": _import_files,
    "diff": _compare,
    "quit": files.quit_or_ask,
    "quit-now": lambda bench: bench.app.exit(),
}
