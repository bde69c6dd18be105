"""SUB: subnets within their VNet, and the names that Azure gives a meaning to.

Invariant: GatewaySubnet is found in whatever spelling, and its size is judged by SUB005 alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.checks.rule import Day, Found, rule
from tui.connectivity.links import links_of
from tui.topology.edits import add_gateway_subnet, free_gateway_subnet, rename
from tui.topology.intervals import nested_pairs
from tui.topology.model import Planning, Subnet, Topology, VNet
from tui.topology.naming import GATEWAY_SUBNET, fixed_subnet_length, is_gateway_subnet
from tui.topology.prefix import Prefix
from tui.topology.subnet_sizes import GATEWAY_SUBNET_LENGTH, IPV6_SUBNET, SMALLEST_SUBNET

_FAQ = "Microsoft: Virtual network FAQ (subnets)"
_SETTINGS = "Microsoft: About VPN Gateway settings (gateway subnet); VPN Gateway FAQ"

SUB001 = rule(
    "SUB001",
    "error",
    "a subnet lies outside its VNet's address space",
    why="A subnet's range must lie within one prefix of the VNet's address space; it cannot span two.",
    source=_FAQ,
    help="choose a range inside the address space, or add the prefix to it",
)


@SUB001.in_vnet
def outside_vnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Subnet prefixes that no single prefix of the VNet contains."""
    for subnet_name, subnet in vnet.subnets.items() if vnet.address_space else ():
        for prefix in subnet.prefixes:
            if not any(space.contains(prefix) for space in vnet.address_space):
                touching = any(space.overlaps(prefix) for space in vnet.address_space)
                how = "is not within a single prefix of" if touching else "lies outside"
                text = f"subnet {subnet_name} of {name}: {prefix} {how} the address space"
                yield Found((("vnets", name, "subnets", subnet_name),), text)


SUB002 = rule(
    "SUB002",
    "error",
    "two subnets of a VNet overlap",
    why="Subnets of a VNet must not overlap.",
    source=_FAQ,
    help="move one of the two into a gap",
)


@SUB002.in_vnet
def overlapping_subnets(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Subnets that share addresses, each pair once."""
    owned = [(prefix, subnet_name) for subnet_name, subnet in vnet.subnets.items() for prefix in subnet.prefixes]
    if len(owned) < 2:
        return
    order = {subnet_name: place for place, subnet_name in enumerate(vnet.subnets)}
    pairs: dict[tuple[str, str], tuple[Prefix, Prefix]] = {}
    for (wide, a), (narrow, b) in nested_pairs(owned):
        key, overlap = ((a, b), (wide, narrow)) if order[a] <= order[b] else ((b, a), (narrow, wide))
        pairs.setdefault(key, overlap)
    for (a, b), (mine, theirs) in sorted(pairs.items(), key=lambda item: (order[item[0][0]], order[item[0][1]])):
        paths = tuple(("vnets", name, "subnets", one) for one in dict.fromkeys((a, b)))
        who = f"subnets {a} and {b} of {name} overlap" if a != b else f"the prefixes of subnet {a} of {name} overlap"
        yield Found(paths, f"{who}: {mine} and {theirs}")


SUB003 = rule(
    "SUB003",
    "error",
    "a subnet of a size that Azure refuses",
    why="The smallest IPv4 subnet is /29, for Azure keeps five addresses of each; an IPv6 subnet is exactly /64.",
    source=_FAQ,
    help="make an IPv4 subnet /29 or larger, an IPv6 subnet /64",
)


@SUB003.in_vnet
def refused_size(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Subnets below /29 or, in IPv6, other than /64, but for the GatewaySubnet."""
    for subnet_name, subnet in vnet.subnets.items():
        for prefix in subnet.prefixes if not is_gateway_subnet(subnet_name) else ():
            if prefix.version == 4 and prefix.length > SMALLEST_SUBNET:
                reason = f"smaller than /{SMALLEST_SUBNET}"
            elif prefix.version == 6 and prefix.length != IPV6_SUBNET:
                reason = f"not /{IPV6_SUBNET}"
            else:
                continue
            yield Found(
                (("vnets", name, "subnets", subnet_name),), f"subnet {subnet_name} of {name} is {prefix}, {reason}"
            )


SUB004 = rule(
    "SUB004",
    "error",
    "a gateway without a GatewaySubnet",
    why="A gateway is deployed into a subnet of the VNet that is named GatewaySubnet and holds nothing else.",
    source=_SETTINGS,
    help=f"add a GatewaySubnet of /{GATEWAY_SUBNET_LENGTH}",
)


@SUB004.in_vnet
def missing_gateway_subnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Gateways with nowhere to live."""
    if vnet.gateway is None or any(map(is_gateway_subnet, vnet.subnets)):
        return
    block = free_gateway_subnet(vnet)
    fixes = (add_gateway_subnet(name, block),) if block else ()
    offer = f"{block} is free for it" if block else f"no /{GATEWAY_SUBNET_LENGTH} is free for it"
    yield Found((("vnets", name),), f"{name} has a gateway and no GatewaySubnet; {offer}", fixes=fixes)


SUB005 = rule(
    "SUB005",
    "error",
    "a GatewaySubnet that is too small",
    why="Microsoft asks for /27 or larger on every SKU but Basic, and beside ExpressRoute without exception; nothing "
    "below /29 can be created.",
    source=_SETTINGS,
    help=f"make it /{GATEWAY_SUBNET_LENGTH} or larger while nothing is deployed in it",
)


@SUB005.in_topology
def small_gateway_subnet(topology: Topology, day: Day) -> Iterator[Found]:
    """GatewaySubnets whose largest IPv4 prefix is too small."""
    for name, vnet in topology.vnets.items():
        for subnet_name in vnet.subnets:
            if len(subnet_name) == len(GATEWAY_SUBNET) and is_gateway_subnet(subnet_name):
                yield from _judge_size(topology, name, subnet_name, vnet.subnets[subnet_name])


def _judge_size(topology: Topology, name: str, subnet_name: str, subnet: Subnet) -> Iterator[Found]:
    lengths = [prefix.length for prefix in subnet.prefixes if prefix.version == 4]
    if not lengths or min(lengths) <= GATEWAY_SUBNET_LENGTH:
        return
    path = ("vnets", name, "subnets", subnet_name)
    text = f"{subnet_name} of {name} is /{min(lengths)}"
    if min(lengths) > SMALLEST_SUBNET:
        yield Found((path,), f"{text}, smaller than /{SMALLEST_SUBNET}")
    elif any(link.kind == "expressroute" for link in links_of(topology).get(name, ())):
        yield Found((path,), f"{text}, smaller than /{GATEWAY_SUBNET_LENGTH}, beside ExpressRoute")
    else:
        yield Found((path,), f"{text}, smaller than the /{GATEWAY_SUBNET_LENGTH} that Microsoft asks for", "warning")


SUB006 = rule(
    "SUB006",
    "info",
    "GatewaySubnet in another spelling",
    why="Azure's names do not tell upper and lower case apart, other tools do.",
    source="Microsoft: Naming rules and restrictions for Azure resources",
    help=f"write {GATEWAY_SUBNET}",
)


@SUB006.in_vnet
def misspelt_gateway_subnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """GatewaySubnet in upper, lower or mixed case."""
    for subnet_name in vnet.subnets:
        if subnet_name != GATEWAY_SUBNET and is_gateway_subnet(subnet_name):
            path = ("vnets", name, "subnets", subnet_name)
            fixes = () if GATEWAY_SUBNET in vnet.subnets else (rename(path, GATEWAY_SUBNET),)
            yield Found((path,), f"{name} writes {subnet_name} for {GATEWAY_SUBNET}", fixes=fixes)


SUB007 = rule(
    "SUB007",
    "error",
    "a subnet of a fixed name below its size",
    why="Azure Firewall, Bastion and Route Server insist on the name of their subnet and on /26 or larger.",
    source="Microsoft: Azure Firewall FAQ; About Azure Bastion configuration settings; Azure Route Server FAQ",
    help="make it /26 or larger",
)


@SUB007.in_vnet
def small_fixed_subnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Fixed-name subnets whose largest IPv4 prefix is too small."""
    for subnet_name, subnet in vnet.subnets.items():
        wanted = fixed_subnet_length(subnet_name)
        if wanted is None:
            continue
        lengths = [prefix.length for prefix in subnet.prefixes if prefix.version == 4]
        if lengths and min(lengths) > wanted:
            path = ("vnets", name, "subnets", subnet_name)
            yield Found(
                (path,), f"{subnet_name} of {name} is /{min(lengths)}, and its service needs /{wanted} or larger"
            )
