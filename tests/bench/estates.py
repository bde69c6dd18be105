"""Generated topologies of any size: clean ones, and ones in which everything collides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tui.topology.prefix import Prefix

Kind = Literal["clean", "one-site", "each-other"]

_GATEWAY_EVERY = 20
_CONNECTIONS_EACH = 9


def estate(vnets: int, kind: Kind = "clean") -> str:
    """Return the text of a topology: two subnets a VNet, a gateway for each twentieth, nine connections a gateway.

    "one-site": a site's prefix contains them all; "each-other": all VNets have the same prefix.
    """
    return "\n".join(_lines(vnets, kind)) + "\n"


def _lines(vnets: int, kind: Kind) -> Iterator[str]:
    subscriptions = max(10, vnets // 500)
    yield from ("schema = 1", f'name = "{vnets} VNets, {kind}"', "", "[subscriptions]")
    yield from (f's{number} = {{ name = "Subscription {number}" }}' for number in range(subscriptions))
    length = 32 - 7 if vnets > 20_000 else 32 - 9
    for number in range(vnets):
        first = (10 << 24) + (0 if kind == "each-other" else number * (1 << (32 - length)))
        yield from _vnet(number, Prefix(4, first, length), subscriptions)
    if kind == "one-site":
        yield from ("", "[sites.everywhere]", 'address_space = ["10.0.0.0/8"]', 'vpn_device = "203.0.113.1"')
        yield from ("", "[connections.c0]", 'between = ["vnet-0", "everywhere"]')
    gateways = vnets // _GATEWAY_EVERY
    for step in range(1, _CONNECTIONS_EACH + 1):
        for number in range(gateways):
            other = (number + step) % gateways * _GATEWAY_EVERY
            yield from ("", f"[connections.c{step}-{number}]")
            yield from (f'between = ["vnet-{number * _GATEWAY_EVERY}", "vnet-{other}"]', "bandwidth_mbps = 10")


def _vnet(number: int, prefix: Prefix, subscriptions: int) -> Iterator[str]:
    first, second, *_ = prefix.split(27)
    with_gateway = number % _GATEWAY_EVERY == 0
    yield from ("", f"[vnets.vnet-{number}]", f'subscription = "s{number % subscriptions}"', 'region = "westeurope"')
    yield from (f'address_space = ["{prefix}"]', 'state = "planned"', "", f"[vnets.vnet-{number}.subnets]")
    yield f'{"GatewaySubnet" if with_gateway else "web"} = "{first}"'
    yield f'app = {{ prefixes = ["{second}"], note = "web tier" }}'
    if with_gateway:
        yield from ("", f"[vnets.vnet-{number}.gateway]", 'sku = "VpnGw1AZ"', f"asn = {4200000000 + number}")
