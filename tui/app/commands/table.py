"""The command table: everything that can be done, with its keys, where it applies and why it may not now.

Owns the one list from which key bindings, the footer, the help, the palette and the key documentation are made.
Invariant: no two commands have the same id or the same key.
"""

from __future__ import annotations

from tui.app.commands import asking, editing, linking, planning
from tui.app.commands.command import (
    Command,
    no_fix,
    no_network,
    no_vnet,
    nothing_named,
    nothing_removable,
    nothing_selected,
    nothing_shown,
    on_screen,
    read_only,
)

REMINDERS = ("help", "add", "edit", "connect", "gateway", "undo", "save", "find", "quit")
"""What the status line reminds of to begin with, the most needed first."""


def commands() -> dict[str, Command]:
    """Return every command by its id, in the order of the help."""
    return {command.id: command for command in _COMMANDS}


def _go(id: str, title: str, help: str, *keys: str) -> Command:  # noqa: A002
    """A command of the screen that is always available."""
    return Command(id, title, help, keys, on_screen(id))


_GOING = (
    _go("pane-1", "Subscriptions", "go to the subscriptions", "1"),
    _go("pane-2", "VNets", "go to the VNets and sites", "2"),
    _go("pane-3", "Gateways", "go to the gateways", "3"),
    _go("tab-4", "Details", "what is selected, in full", "4"),
    _go("tab-5", "Connections", "the links of what is selected, or all of them", "5"),
    _go("tab-6", "Problems", "what is wrong, and what to do about it", "6"),
    _go("tab-7", "Planner", "the next free blocks for a size or a number of hosts", "7"),
    _go("find", "Find", "jump to anything by name, address or prefix", "f"),
    _go("back", "Back", "back to where one came from", "ctrl+o"),
    _go("filter", "Filter", "show the rows of this pane that hold a text", "slash"),
    _go("next-match", "Next match", "the next row that holds the text of the filter", "n"),
    _go("previous-match", "Previous match", "the row before that holds the text of the filter", "N"),
    _go("next-problem", "Next problem", "go to the next problem", "right_square_bracket"),
    _go("previous-problem", "Previous problem", "go to the previous problem", "left_square_bracket"),
    _go("mark", "Mark", "mark or unmark the row, for what works on several", "space"),
    _go("unmark-all", "Unmark all", "no row is marked any more", "U"),
)

_CHANGING = (
    Command("add", "Add", "a VNet, site, subscription, subnet …, by the pane", ("a",), editing.add, read_only),
    Command("add-any", "Add …", "choose what: peering, service, pool, device …", ("A",), editing.add_any, read_only),
    Command("edit", "Edit", "its fields, or one field of all that is marked", ("e",), editing.edit, nothing_selected),
    Command("rename", "Rename", "rename it, with every reference to it", ("r",), editing.rename_it, nothing_named),
    Command("duplicate", "Duplicate", "a copy on free addresses", ("D",), editing.duplicate, nothing_named),
    Command(
        "delete",
        "Delete",
        "delete it with what depends on it; undo brings it back",
        ("d", "delete"),
        editing.remove,
        nothing_removable,
    ),
    Command("move", "Move", "move VNets to another subscription", ("m",), editing.move, editing.no_vnets_to_move),
    Command("undo", "Undo", "take the last edit back", ("u",), lambda bench: bench.store.undo(), read_only),
    Command("redo", "Redo", "make it again", ("ctrl+r",), lambda bench: bench.store.redo(), read_only),
    Command("edit-topology", "Name and note", "of the whole topology", (), editing.edit_topology, read_only),
    Command("edit-planning", "Planning", "own public space, workloads", (), editing.edit_planning, read_only),
)

_LINKING = (
    Command(
        "connect",
        "Connect",
        "by VPN: the marked networks (star or mesh), or this one with others",
        ("c",),
        linking.connect,
        no_network,
    ),
    Command("peer", "Peer", "peer this VNet, or the marked ones, with another", ("p",), linking.peer, no_vnet),
    Command("gateway", "Gateway", "give the VNet a VPN gateway, or edit it", ("v",), linking.gateway, no_vnet),
    Command("fix", "Fix", "apply the fix that the problem offers", ("x",), linking.fix, no_fix),
    Command(
        "waive", "Waive", "accept the problem, with reason and owner", ("W",), linking.waive, linking.nothing_to_waive
    ),
)

_PLANNING = (
    _go("next-free", "Next free block", "ask the planner for a size or a number of hosts", "s"),
    _go("address-map", "Address map", "who has which part of a pool, and what is free", "8"),
    Command("plan-subnets", "Plan subnets", "several at once, into its gaps", ("P",), planning.plan_subnets, no_vnet),
    Command("split", "Split", "make two subnets of one", ("vertical_line",), planning.split, planning.not_a_subnet),
    Command("join", "Join", "make one subnet of two halves", ("J",), planning.join, planning.not_a_subnet),
    Command(
        "resize",
        "Resize",
        "another size for the subnet, more address space for the VNet",
        ("B",),
        planning.resize,
        planning.no_space_to_resize,
    ),
    Command(
        "relocate",
        "Move addresses",
        "where this network or subnet could go, and what changes with it",
        ("M",),
        planning.relocate,
        planning.no_space_to_move,
    ),
    _go("renumber", "Renumber", "the cheapest way out of every overlap", "X"),
)

_ASKING = (
    Command(
        "reach",
        "Reach",
        "can this network reach another, over which path, or why not",
        ("R",),
        asking.reach,
        asking.no_network_to_ask_about,
    ),
    Command("copy", "Copy", "its prefix, to your own clipboard", ("y",), asking.copy, asking.nothing_to_copy),
    Command("copy-toml", "Copy as TOML", "as it stands in the file", ("Y",), asking.copy_toml, nothing_shown),
    _go("sort", "Sort", "by name, address, free space, use or findings", "o"),
    _go("tags", "Tags", "show a tag as a column of the VNets", "t"),
    _go("zoom", "Zoom", "give the pane the whole screen, and back", "z"),
    _go("narrower", "Narrower", "make the pane smaller", "less_than_sign"),
    _go("wider", "Wider", "make the pane larger", "greater_than_sign"),
    _go("even", "Usual sizes", "give all panes their usual sizes", "equals_sign"),
    _go("theme", "Theme", "choose a theme, seeing each while the cursor is on it", "T"),
)

_FILES = (
    Command("save", "Save", "write the file", ("ctrl+s",), on_screen("save"), read_only),
    _go("save-as", "Save as", "write it to another file, and go on with that one", "S"),
    Command("save-and-quit", "Save and quit", "write the file and leave", (), on_screen("save-and-quit"), read_only),
    _go("quit-now", "Quit without saving", "leave, and drop what is unsaved"),
    Command("editor", "Open in $EDITOR", "what is selected or marked", ("E",), on_screen("editor"), nothing_selected),
    Command("edit-file", "File in $EDITOR", "the whole file, comments included", (), on_screen("edit-file"), read_only),
    _go("open", "Open", "another file: recent ones, samples, or a name", "O"),
    _go("new", "New", "begin an empty topology"),
    _go("reload", "Reload", "read the file again; undo brings back what was here", "ctrl+l"),
    _go("import", "Import", "what Azure's own tools print: a rehearsal, of which all or some is taken", "I"),
    _go("diff", "Compare", "diff with another topology, or drift from what Azure has", "K"),
    _go("help", "Help", "every command that applies here", "question_mark"),
    _go("palette", "Palette", "type what you want to do; w, q, wq and e FILE too", "colon", "ctrl+p"),
    _go("suspend", "Suspend", "back to the shell; fg returns", "ctrl+z"),
    _go("quit", "Quit", "leave; asks if there is something unsaved", "q"),
)

_COMMANDS = (*_GOING, *_CHANGING, *_LINKING, *_PLANNING, *_ASKING, *_FILES)
