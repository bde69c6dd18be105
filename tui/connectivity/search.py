"""Search: which places of a topology hold an address, a prefix or a name.

Owns the order of the answers: the narrowest owner first, then what merely speaks of the address.
Invariant: every place that holds what was asked for is in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tui.errors import PrefixError
from tui.topology.derived import derived
from tui.topology.model import Topology
from tui.topology.parts import Path
from tui.topology.prefix import Prefix

_ORDER = {"subnet": 0, "address space": 1, "VPN clients": 2, "growth": 3, "advertised": 4, "avoided": 5, "pool": 6}


_OWN_NAME = {
    "subscriptions": "name",
    **dict.fromkeys(("vnets", "sites", "connections", "peerings"), "azure_name"),
}
"""The field with the name in Azure, of the kinds that have one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that holds what was asked for."""

    where: Path
    prefix: Prefix | None
    how: str


def prefix_of(text: str) -> Prefix | None:
    """Return the block that `text` means, an address as a block of one; None for a text that is a name."""
    try:
        return Prefix.parse(text) if "/" in text else Prefix.of_address(text)
    except PrefixError:
        return None


def by_prefix(topology: Topology, prefix: Prefix) -> Iterator[Hit]:
    """Yield every place whose prefix overlaps `prefix`, the narrowest holder first."""
    hits = [Hit(where, block, how) for where, block, how in _blocks(topology) if block.overlaps(prefix)]
    yield from sorted(hits, key=lambda hit: (_ORDER[hit.how], -hit.prefix.length if hit.prefix else 0))


def _blocks(topology: Topology) -> Iterator[tuple[Path, Prefix, str]]:
    for name, vnet in topology.vnets.items():
        yield from ((("vnets", name), prefix, "address space") for prefix in vnet.address_space)
        yield from ((("vnets", name), prefix, "growth") for prefix in vnet.growth)
        for subnet_name, subnet in vnet.subnets.items():
            yield from ((("vnets", name, "subnets", subnet_name), prefix, "subnet") for prefix in subnet.prefixes)
        for prefix in vnet.gateway.p2s_pools if vnet.gateway else ():
            yield ("vnets", name, "gateway"), prefix, "VPN clients"
    for name, site in topology.sites.items():
        yield from ((("sites", name), prefix, "address space") for prefix in site.address_space)
        yield from ((("sites", name), prefix, "advertised") for prefix in site.advertises)
    for name, pool in topology.planning.pools.items():
        yield from ((("planning", "pools", name), prefix, "pool") for prefix in pool.prefixes)
    for (prefix, _), text in zip(topology.planning.avoided(), topology.planning.avoid, strict=True):
        yield ("planning", "avoid", text), prefix, "avoided"


def by_name(topology: Topology, text: str) -> Iterator[Hit]:
    """Yield every thing called `text`: exact names first, then names that hold it, whatever the case."""
    wanted = text.casefold()
    found = []
    for where, names in _names(topology):
        folded = [name.casefold() for name in names]
        if wanted in folded:
            found.append((0 if text in names else 1, where))
        elif any(wanted in name for name in folded):
            found.append((2, where))
    words = ("this name", "this name in another case", "name holds it")
    yield from (Hit(where, None, words[rank]) for rank, where in sorted(found, key=lambda hit: hit[0]))


def fuzzy(topology: Topology, text: str) -> Iterator[Hit]:
    """Yield every thing whose name holds the characters of `text` in their order, the closest names first.

    An empty text yields everything.
    """
    wanted = text.casefold()
    if not wanted:
        yield from (Hit(where, None, "") for where, _ in _names(topology))
        return
    scattered = re.compile(".*?".join(map(re.escape, wanted)), re.DOTALL)
    closest: dict[Path, tuple[int, int, int]] = {}
    for name, where in _folded_names(topology):
        place = name.find(wanted)
        if place >= 0:
            rank = (0 if len(name) == len(wanted) else 1 if place == 0 else 2, place, len(name))
        elif letters := scattered.search(name):
            rank = (3, letters.end() - letters.start(), len(name))
        else:
            continue
        if where not in closest or rank < closest[where]:
            closest[where] = rank
    words = ("this name", "begins so", "holds it", "has these letters")
    yield from (Hit(where, None, words[rank[0]]) for where, rank in sorted(closest.items(), key=lambda hit: hit[1]))


@derived
def _folded_names(topology: Topology) -> tuple[tuple[str, Path], ...]:
    """Every name as it is compared, whatever the case, with what it names."""
    return tuple((name.casefold(), where) for where, names in _names(topology) for name in names)


def _names(topology: Topology) -> Iterator[tuple[Path, list[str]]]:
    """Every thing with the names it goes by: its key, and its name in Azure."""
    for kind in ("subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers"):
        # Asking a model for a field that it has not is slow.
        field = _OWN_NAME.get(kind)
        for name, part in getattr(topology, kind).items():
            own = getattr(part, field) if field is not None else None
            yield (kind, name), [name, own] if own else [name]
    for name, vnet in topology.vnets.items():
        yield from ((("vnets", name, "subnets", subnet), [subnet]) for subnet in vnet.subnets)
        if vnet.gateway is not None and vnet.gateway.name:
            yield ("vnets", name, "gateway"), [vnet.gateway.name]
    for name, site in topology.sites.items():
        yield from ((("sites", name, "devices", device), [device]) for device in site.devices)
    for name in topology.planning.pools:
        yield ("planning", "pools", name), [name]
