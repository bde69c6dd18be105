"""`vnet-tui reach`: can A talk to B, over which path, or why not.

Invariant: exit status 0 means reachable, 1 not, 2 that the question could not be understood.
"""

from __future__ import annotations

import argparse
from typing import Any

from tui.cli.opening import open_topology, telling_problems
from tui.cli.output import complain, say, say_json, say_table
from tui.connectivity.links import networks
from tui.connectivity.reach import RULE_WORDS, Route, reachable, route, why_not
from tui.connectivity.search import by_prefix, prefix_of
from tui.errors import VnetTuiError
from tui.topology.catalog import nearest
from tui.topology.model import Topology


@telling_problems
def run(options: argparse.Namespace) -> int:
    """Answer for one pair, or list everything that A reaches."""
    topology, _ = open_topology(options.file)
    a = _network(topology, options.a)
    if options.b is None:
        return _all(topology, a, options.format)
    b = _network(topology, options.b)
    if a == b:
        complain(f"{options.a} and {options.b} are in one network, {a}: within it everything talks to everything")
    found = route(topology, a, b)
    blocked = None if found else why_not(topology, a, b)
    if options.format == "json":
        path = found.path if found else blocked.path if blocked else ()
        say_json({**_document(a, b, found), "path": list(path), "reason": blocked.reason if blocked else None})
    elif found:
        say(f"{a} reaches {b} over {RULE_WORDS[found.rule]}: {' – '.join(found.path)}")
        for condition in found.conditions:
            say(f"  {condition}")
    elif blocked:
        say(f"{a} does not reach {b}: {blocked.reason}")
        if blocked.path:
            say(f"  the shortest chain of links: {' – '.join(blocked.path)}")
    return 0 if found else 1


def _all(topology: Topology, a: str, form: str) -> int:
    routes = reachable(topology, a)
    if form == "json":
        say_json({"from": a, "reaches": [_document(a, b, found) for b, found in routes.items()]})
    elif routes:
        rows = [
            (b, RULE_WORDS[one.rule], " – ".join(one.path), "; ".join(one.conditions) or None)
            for b, one in routes.items()
        ]
        say_table(("network", "over", "path", "needs"), rows)
    else:
        say(f"{a} reaches nothing: it is isolated, as every VNet is until it is linked")
    return 0 if routes else 1


def _document(a: str, b: str, found: Route | None) -> dict[str, Any]:
    return {
        "from": a,
        "to": b,
        "reachable": found is not None,
        "rule": found.rule if found else None,
        "path": list(found.path) if found else [],
        "conditions": list(found.conditions) if found else [],
    }


def _network(topology: Topology, text: str) -> str:
    """The network that `text` names or whose address it is. Raises VnetTuiError if there is none, or several."""
    known = networks(topology)
    if text in known:
        return text
    prefix = prefix_of(text)
    if prefix is None:
        close = nearest(text, known)
        raise VnetTuiError(f"there is no network {text}", f"did you mean {close}?" if close else "")
    owners = [hit.where[1] for hit in by_prefix(topology, prefix) if hit.how == "address space"]
    owners = [name for name in dict.fromkeys(owners) if any(own.contains(prefix) for own in known[name].address_space)]
    if not owners:
        raise VnetTuiError(f"no network holds {text}", "vnet-tui find says what speaks of it")
    if len(owners) > 1:
        raise VnetTuiError(f"{text} is in {', '.join(owners)}: they overlap", "name the one you mean")
    return owners[0]
