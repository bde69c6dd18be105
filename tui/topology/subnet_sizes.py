"""Which prefix lengths Azure takes for a subnet, and how many hosts one has room for.

Owns the figures of Azure's rules on subnet sizes; those of the subnets with a fixed name stand in `naming`.

Invariant: a length that is given for a number of hosts is the longest that Azure takes and that has room for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tui.errors import VnetTuiError
from tui.topology.prefix import BITS, Prefix

RESERVED_ADDRESSES = 5
"""Addresses that Azure keeps of every subnet: the first four and the last (Microsoft: Virtual network FAQ)."""

SMALLEST_SUBNET, LARGEST_SUBNET = 29, 2
"""The longest and the shortest prefix length of an IPv4 subnet (Microsoft: Virtual network FAQ)."""

IPV6_SUBNET = 64
"""The prefix length that every IPv6 subnet has (Microsoft: What is IPv6 for Azure Virtual Network?)."""

SMALLEST: Mapping[int, int] = MappingProxyType({4: SMALLEST_SUBNET, 6: IPV6_SUBNET})
"""The longest prefix length of a subnet, by family."""

GATEWAY_SUBNET_LENGTH = 27
"""The prefix length that Microsoft asks for (Microsoft Learn, "About VPN Gateway configuration settings")."""


def length_for_hosts(hosts: int, family: int = 4) -> int:
    """Return the prefix length of the smallest subnet that has room for so many hosts.

    Azure keeps five addresses of each subnet, and an IPv4 subnet is /29 (3 usable addresses) to /2 (Microsoft:
    Virtual network FAQ). An IPv6 subnet is always a /64. Raises VnetTuiError where no subnet is large enough.
    """
    if hosts < 1:
        raise VnetTuiError("a subnet is for one host or more", "write a number such as 500")
    if family == 6:
        return IPV6_SUBNET
    length = BITS[4] - (hosts + RESERVED_ADDRESSES - 1).bit_length()
    if length < LARGEST_SUBNET:
        most = (1 << (BITS[4] - LARGEST_SUBNET)) - RESERVED_ADDRESSES
        raise VnetTuiError(f"no subnet has room for {hosts} hosts", f"the largest, a /{LARGEST_SUBNET}, holds {most}")
    return min(length, SMALLEST_SUBNET)


def usable_addresses(prefix: Prefix) -> int:
    """Return how many addresses of a block are left for hosts when it is one subnet; of IPv6, of its whole size."""
    return max(prefix.size - RESERVED_ADDRESSES, 0)
