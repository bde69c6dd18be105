"""Asking: who reaches whom, what is free, and copying what was found.

Invariant: nothing here changes the topology.
"""

from __future__ import annotations

from tui.app.commands.command import Workbench, networks, things
from tui.app.commands.editing import choices
from tui.topology.parts import Path, entry_at


def reach(bench: Workbench) -> None:
    """Ask whether the selected network can reach another, and over which path, or why not."""
    from tui.connectivity.links import networks as all_networks

    topology, names = bench.store.topology, networks(bench)
    if len(names) > 1:
        bench.say(reach_in_words(bench, names[0], names[1]))
        return
    known = {name: "" for name in all_networks(topology) if name != names[0]}
    bench.pick(
        f"Can {names[0]} reach", choices(known), lambda other: bench.say(reach_in_words(bench, names[0], str(other)))
    )


def reach_in_words(bench: Workbench, a: str, b: str) -> str:
    """Return the answer as a sentence."""
    from tui.connectivity.reach import RULE_WORDS, route, why_not

    topology = bench.store.topology
    found = route(topology, a, b)
    if found is None:
        return f"{a} does not reach {b}: {why_not(topology, a, b).reason}"
    needs = f" (needs: {'; '.join(found.conditions)})" if found.conditions else ""
    return f"{a} reaches {b} over {RULE_WORDS[found.rule]}: {' – '.join(found.path)}{needs}"


def copy(bench: Workbench) -> None:
    """Copy the block under the cursor, or the prefixes of what is selected, or its name."""
    if bench.block is not None:
        bench.copy(bench.block)
        return
    bench.copy("\n".join(_prefixes(bench, path) or path[-1] for path in things(bench)))


def nothing_to_copy(bench: Workbench) -> str | None:
    """Copying needs something under the cursor."""
    return None if bench.block is not None or any(things(bench)) else "select something first"


def _prefixes(bench: Workbench, path: Path) -> str:
    part = entry_at(bench.store.topology, path)
    for field in ("address_space", "prefixes"):
        blocks = getattr(part, field, ())
        if blocks:
            return ", ".join(map(str, blocks))
    return ""


def copy_toml(bench: Workbench) -> None:
    """Copy what is selected as it stands in a file."""
    from tui.storage.part_text import text_of

    bench.copy(text_of(bench.store.topology, things(bench)))


def no_network_to_ask_about(bench: Workbench) -> str | None:
    """Reach is a question about a VNet or a site."""
    return None if networks(bench) else "select a VNet or a site first"
