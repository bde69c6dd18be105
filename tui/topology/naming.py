"""What Azure says about names: which ones it accepts, and which subnet names mean something to it.

Invariant: a name is judged by its ASCII characters alone, except that of a resource group, where Azure allows the
letters and decimal digits of every script. Nothing here compares names by case, because Azure does not.
Sources: Microsoft Learn, "Naming rules and restrictions for Azure resources"; the articles named below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

NameKind = Literal["vnet", "subnet", "peering", "gateway", "site", "connection", "resource_group"]
"""What is named; a site is Azure's local network gateway."""

NAME_LENGTHS: Final[Mapping[NameKind, tuple[int, int]]] = MappingProxyType(
    {
        "vnet": (2, 64),
        "subnet": (1, 80),
        "peering": (1, 80),
        "gateway": (1, 80),
        "site": (1, 80),
        "connection": (1, 80),
        "resource_group": (1, 90),
    }
)
"""Shortest and longest name in characters."""

GATEWAY_SUBNET: Final = "GatewaySubnet"
"""The subnet that a gateway needs (Microsoft Learn, "About VPN Gateway configuration settings")."""

FIXED_SUBNETS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "AzureFirewallSubnet": 26,
        "AzureFirewallManagementSubnet": 26,
        "AzureBastionSubnet": 26,
        "RouteServerSubnet": 26,
    }
)
"""Subnet names that a service insists on, with the longest prefix length it accepts.

Microsoft Learn, the FAQs of Azure Firewall, Azure Bastion and Azure Route Server. How long the GatewaySubnet may be
depends on the SKU: `GatewaySku.min_gateway_subnet`.
"""

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\Z")
_FIRST = re.compile(r"[A-Za-z0-9]")
_OTHER = re.compile(r"[^A-Za-z0-9_.-]")
_FOLDED_FIXED: Final = {name.casefold(): length for name, length in FIXED_SUBNETS.items()}


def name_problem(kind: NameKind, name: str) -> str | None:
    """Why Azure would refuse `name` for a resource of `kind`, as the rest of a sentence; None where it is fine.

    The text never repeats the name, so that it needs no cleaning before it is shown.
    """
    shortest, longest = NAME_LENGTHS[kind]
    if not shortest <= len(name) <= longest:
        return f"must have {shortest} to {longest} characters, has {len(name)}"
    if kind == "resource_group":
        if not all(char in "_-.()" or char.isalpha() or char.isdecimal() for char in name):
            return 'may hold only letters, digits and "_", "-", ".", "(", ")"'
        return 'may not end with "."' if name.endswith(".") else None
    if _NAME.match(name):
        return None
    if _OTHER.search(name):
        return 'may hold only the letters A to Z, digits and "_", ".", "-"'
    if not _FIRST.match(name):
        return "must begin with a letter or a digit"
    return 'must end with a letter, a digit or "_"'


def is_gateway_subnet(name: str) -> bool:
    """Whether Azure takes a subnet of this name for the GatewaySubnet; case does not matter."""
    return name.isascii() and name.casefold() == "gatewaysubnet"


def fixed_subnet_length(name: str) -> int | None:
    """The longest prefix length that the service behind this subnet name accepts; None where the name means nothing."""
    return _FOLDED_FIXED.get(name.casefold()) if name.isascii() else None
