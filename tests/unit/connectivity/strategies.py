"""Random topologies: few networks, many links, hardly any addresses, so that everything meets everything.

Owns what the properties of this folder are tried on. Links dangle, double and end where they begin; gateways are
lent by VNets, sites and strangers. IPv6 blocks have the numbers of the IPv4 ones.
Invariant: every topology is one that the file format lets load.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tui.topology.model import Topology

often = settings(max_examples=150)

VNETS = ("mid", "zulu", "alpha", "tango", "bravo", "oscar")
SITES = ("york", "austin", "paris")
SKUS = ("Basic", "Classic", "VpnGw1", "VpnGw2AZ", "VpnGw5AZ", "NoSuchSku")


def _blocks(root: str) -> list[str]:
    network = ipaddress.ip_network(root)
    lengths = range(network.prefixlen, network.max_prefixlen + 1)
    return [str(block) for length in lengths for block in network.subnets(new_prefix=length)]


PREFIXES = (*_blocks("10.0.0.0/29"), *_blocks("::a00:0/126"), "0.0.0.0/0", "::/0")


@st.composite
def topologies(draw: st.DrawFn, *, addresses: bool = False, gateways: bool = False) -> Topology:
    """Any topology of up to nine networks."""
    vnets = draw(st.permutations(VNETS))[: draw(st.integers(1, len(VNETS)))]
    sites = SITES[: draw(st.integers(0, len(SITES)))]
    space = st.lists(st.sampled_from(PREFIXES), max_size=3) if addresses else st.just([])
    return Topology.model_validate(
        {
            "schema": 1,
            "\0sites_first": draw(st.booleans()),
            "vnets": {name: draw(_vnet(space, gateways)) for name in vnets},
            "sites": {name: draw(_site(space, gateways)) for name in sites},
            "connections": _numbered(draw(st.lists(_connection((*vnets, *sites), gateways), max_size=10))),
            "peerings": _numbered(draw(st.lists(_peering((*vnets, *sites)), max_size=5))),
        }
    )


def _numbered(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"link-{number}": entry for number, entry in enumerate(entries)}


def _vnet(space: st.SearchStrategy[list[str]], gateways: bool) -> st.SearchStrategy[dict[str, Any]]:
    gateway = st.fixed_dictionaries(
        {},
        optional={
            "sku": st.sampled_from(SKUS),
            "vpn_type": st.sampled_from(["RouteBased", "PolicyBased"]),
            "active_active": st.booleans(),
            "tunnel_budget": st.integers(0, 40),
        },
    )
    return st.fixed_dictionaries(
        {"address_space": space, "transit": st.sampled_from([False, False, True])},
        optional={"gateway": gateway} if gateways else {},
    )


def _site(space: st.SearchStrategy[list[str]], devices: bool) -> st.SearchStrategy[dict[str, Any]]:
    several = {
        "vpn_device": st.just("198.51.100.1"),
        "devices": st.sampled_from([{"fw1": "192.0.2.1"}, {"fw1": {}, "fw2": {}}]),
    }
    return st.fixed_dictionaries({"address_space": space}, optional=several if devices else {})


def _ends(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, str]]:
    distinct = [(a, b) for a in names for b in names if a != b]
    odd = [("mid", "nowhere"), ("nowhere", "york"), (names[0], names[0])]
    return st.sampled_from([*distinct, *odd])


def _connection(names: tuple[str, ...], devices: bool) -> st.SearchStrategy[dict[str, Any]]:
    details = {
        "devices": st.sampled_from([[], ["fw1"], ["fw1", "fw1"], ["fw1", "fw2"], ["vpn_device", "fw1"]]),
        "bandwidth_mbps": st.sampled_from([0, 100, 2.5]),
    }
    return st.fixed_dictionaries(
        {
            "between": _ends(names),
            "bgp": st.booleans(),
            "kind": st.sampled_from(["vpn", "vpn", "vpn", "expressroute"]),
        },
        optional=details if devices else {},
    )


def _peering(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    def with_transit(ends: tuple[str, str], lender: int) -> dict[str, Any]:
        return {"between": ends, "gateway_transit": [None, *ends, *ends, names[-1], "nowhere"][lender]}

    return st.builds(with_transit, _ends(names), st.integers(0, 6))
