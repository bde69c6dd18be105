"""What the rules remember is never stale: every field of every part, edited one by one in an estate full of faults."""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st

from tui.checks.engine import check
from tui.checks.rule import Finding
from tui.errors import EditError
from tui.paths import samples
from tui.storage.load import load
from tui.topology.edits import Edit, change, connect, delete, peer, rename
from tui.topology.model import Gateway, SkuLimits, Topology
from tui.topology.parts import Path
from tui.topology.prefix import Prefix
from tui.topology.table import Table

TODAY = datetime.date(2026, 11, 23)

GATEWAY_FIELDS: list[dict[str, Any]] = [
    {"vpn_type": "PolicyBased"}, {"asn": 65010}, {"asn": 65515}, {"active_active": True}, {"tunnel_budget": 0},
    {"generation": 2}, {"name": "-"}, {"p2s_pools": (Prefix.parse("10.0.0.0/24"),)}, {"sku": None},
]  # fmt: skip
VNET_FIELDS: list[dict[str, Any]] = [
    {"isolated": True}, {"transit": True}, {"transit": None}, {"region": "mars"}, {"subscription": "a"},
    {"azure_name": "-"}, {"growth": (Prefix.parse("10.0.0.0/16"),)}, {"gateway": Gateway(asn=65010)}, {"gateway": None},
]  # fmt: skip
SITE_FIELDS: list[dict[str, Any]] = [
    {"asn": 65010}, {"asn": None}, {"vpn_device": "192.0.2.1"}, {"vpn_device": None}, {"address_space": ()},
    {"advertises": (Prefix.parse("10.0.0.0/8"),)}, {"azure_name": "-"}, {"region": "mars"}, {"subscription": "a"},
]  # fmt: skip
LINK_FIELDS: list[dict[str, Any]] = [
    {"bgp": True}, {"bgp": None}, {"kind": "expressroute"}, {"kind": None}, {"bandwidth_mbps": 9999},
    {"devices": ("a",)}, {"azure_name": "-"}, {"between": ("a", "b")}, {"subscription": "a"},
]  # fmt: skip
LIMIT_FIELDS: list[dict[str, Any]] = [
    {"peerings_per_vnet": 0}, {"prefixes_per_gateway": 0}, {"skus": Table({"Basic": SkuLimits(tunnels=0)})},
]  # fmt: skip
CLOUDS = st.sampled_from(["public", "usgov"])


def key_of(table: Table[Any]) -> st.SearchStrategy[str]:
    """A name in the table, or one that may not be."""
    return st.sampled_from([*table, "a"])


def one_by_one(topo: Topology) -> Iterator[Edit]:
    """Every edit of the lists above, at every place where it can be made, and the loss of every part."""
    places: list[tuple[list[Path], list[dict[str, Any]]]] = [
        ([("vnets", name) for name in topo.vnets], VNET_FIELDS),
        ([("vnets", name, "gateway") for name, vnet in topo.vnets.items() if vnet.gateway], GATEWAY_FIELDS),
        ([("sites", name) for name in topo.sites], SITE_FIELDS),
        ([("connections", name) for name in topo.connections], LINK_FIELDS),
        ([("peerings", name) for name in topo.peerings], [{"gateway_transit": None}, {"azure_name": "-"}]),
        ([("subscriptions", name) for name in topo.subscriptions], [{"cloud": "usgov"}, {"cloud": None}]),
        ([("limits",)], LIMIT_FIELDS),
    ]
    for paths, fields in places:
        yield from (change(path, **to) for path in paths for to in fields)
    parts: list[Path] = [
        (kind, name)
        for kind in ("subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers")
        for name in getattr(topo, kind)
    ]
    yield from (delete(path) for path in parts)
    yield from (rename(path, "another") for path in parts)
    names = [*topo.vnets, *topo.sites]
    yield from (connect(one, other) for one, other in zip(names, names[3:], strict=False))
    yield from (peer(one, other) for one, other in zip(topo.vnets, list(topo.vnets)[2:], strict=False))


def gist(found: tuple[Finding, ...]) -> list[tuple[object, ...]]:
    """Findings as what they say."""
    return [(one.code, one.severity, one.where, one.message, [fix.title for fix in one.fixes]) for one in found]


@pytest.mark.parametrize("sample", ["inherited-estate", "multi-site-clustering", "two-hubs-with-firewalls"])
def test_after_any_edit_the_findings_are_those_of_the_edited_file(sample: str) -> None:
    topo = load(samples()[sample]).topology
    made = 0
    for edit in one_by_one(topo):
        check(topo, TODAY)
        try:
            after = edit.apply(topo)
        except EditError:
            continue
        made += 1
        fresh = pickle.loads(pickle.dumps(after))
        assert gist(check(after, TODAY)) == gist(check(fresh, TODAY)), edit.title
    assert made > 50
