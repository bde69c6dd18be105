"""Words that a form completes: what the catalog knows, and what the topology uses already.

Invariant: what is gathered over a whole topology is gathered once for each topology.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tui.app.forms.form import Values
from tui.checks.engine import rules
from tui.connectivity.links import network_path, networks
from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.keypath import key_path, toml_key
from tui.topology.model import Site, Topology


def regions(topology: Topology, values: Values) -> Sequence[str]:
    """Regions: those in use first."""
    return _regions(topology)


@derived
def _regions(topology: Topology) -> tuple[str, ...]:
    used = (part.region for table in (topology.vnets, topology.sites) for part in table.values())
    return _first_used(used, catalog.region_names())


def subscriptions(topology: Topology, values: Values) -> Sequence[str]:
    """Subscriptions."""
    return tuple(topology.subscriptions)


def pools(topology: Topology, values: Values) -> Sequence[str]:
    """Pools of the planner."""
    return tuple(topology.planning.pools)


def vnets(topology: Topology, values: Values) -> Sequence[str]:
    """VNets."""
    return tuple(topology.vnets)


def ends(topology: Topology, values: Values) -> Sequence[str]:
    """Networks that a connection can end at."""
    return tuple(networks(topology))


def lenders(topology: Topology, values: Values) -> Sequence[str]:
    """The two VNets of a peering, of which one may lend its gateway."""
    return [name for name in names_in(values.get("between", "")) if name in topology.vnets]


def devices(topology: Topology, values: Values) -> Sequence[str]:
    """VPN devices of the site that a connection ends at."""
    sites = [networks(topology).get(name) for name in names_in(values.get("between", ""))]
    return [device for site in sites if isinstance(site, Site) for device, _ in site.tunnel_ends()]


def skus(topology: Topology, values: Values) -> Sequence[str]:
    """Gateway SKUs, those first that one would take today."""
    return catalog.sku_names()


def generations(topology: Topology, values: Values) -> Sequence[str]:
    """Generations of the SKU that stands in the form."""
    return tuple(map(str, catalog.generations(values.get("sku", "").strip() or catalog.DEFAULT_SKU)))


def codes(topology: Topology, values: Values) -> Sequence[str]:
    """Codes of the rules."""
    return tuple(rules())


def settings(topology: Topology, values: Values) -> Sequence[str]:
    """Rules as pairs in which each is off."""
    return tuple(f'{code} = "off"' for code in rules())


def workloads(topology: Topology, values: Values) -> Sequence[str]:
    """Workloads with fixed ranges of their own."""
    return catalog.WORKLOADS


@derived
def _places(topology: Topology) -> tuple[str, ...]:
    tables = ("connections", "peerings", "services", "subscriptions")
    return (
        *(key_path(network_path(topology, name)) for name in networks(topology)),
        *(key_path((table, name)) for table in tables for name in getattr(topology, table)),
    )


def places(topology: Topology, values: Values) -> Sequence[str]:
    """Key paths of what a finding can be about."""
    return _places(topology)


@derived
def _groups(topology: Topology) -> tuple[str, ...]:
    gateways = (vnet.gateway for vnet in topology.vnets.values() if vnet.gateway is not None)
    tables = (topology.vnets.values(), topology.sites.values(), topology.connections.values(), gateways)
    return _first_used(part.resource_group for table in tables for part in table)


def resource_groups(topology: Topology, values: Values) -> Sequence[str]:
    """Resource groups in use."""
    return _groups(topology)


@derived
def _tags(topology: Topology) -> tuple[str, ...]:
    tables = (
        topology.subscriptions,
        topology.vnets,
        topology.sites,
        topology.connections,
        topology.peerings,
        topology.services,
    )
    used = _first_used(key for table in tables for part in table.values() for key in part.tags)
    return tuple(f"{toml_key(key)} = " for key in used)


def tags(topology: Topology, values: Values) -> Sequence[str]:
    """Keys of tags in use, each with its equals sign."""
    return _tags(topology)


def names_in(text: str) -> list[str]:
    """Return the names in a list that is still being typed: parted by commas, without quotes."""
    return [name for word in text.split(",") if (name := word.strip().strip('"'))]


def _first_used(used: Iterable[str | None], more: Iterable[str] = ()) -> tuple[str, ...]:
    """The words in use, the most frequent first, then `more`."""
    counted = Counter(word for word in used if word is not None)
    return tuple(dict.fromkeys((*(word for word, _ in counted.most_common()), *more)))
