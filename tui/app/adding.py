"""Adding: from one line of text to a new thing.

Owns what may be typed: "NAME", "NAME PREFIX" or "NAME /LENGTH", where a length takes the next free block.
Invariant: a block that the program chooses is free; what is typed is taken as it is, and the rules judge it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tui.errors import EditError
from tui.planner.free import next_free
from tui.topology.edits import Edit, add
from tui.topology.intervals import first_fit
from tui.topology.model import Part, Site, Subnet, Subscription, Topology, VNet
from tui.topology.parts import Path
from tui.topology.prefix import Prefix

New: TypeAlias = tuple[Path, Edit]
"""Where the new thing will stand, and the edit that adds it."""

_Free: TypeAlias = Callable[[int], Prefix | None]

_VNET_LENGTH = 22
_SUBNET_LENGTH = 26


def new_subscription(line: str) -> New:
    """Return the edit that adds a subscription."""
    return _adding(("subscriptions", _parts(line)[0]), Subscription())


def new_vnet(topology: Topology, line: str, subscription: str | None) -> New:
    """Return the edit that adds a VNet, by default with the next free /22. Raises EditError, PrefixError."""
    name, block = _parts(line)
    prefix = _prefix(block, _VNET_LENGTH, lambda length: next_free(topology, length))
    fields = {"subscription": subscription} if subscription is not None else {}
    return _adding(("vnets", name), VNet.model_validate({**fields, "address_space": (prefix,)}))


def new_site(line: str) -> New:
    """Return the edit that adds a site: its name, its prefix, and the address of its device if that is known."""
    name, rest = _parts(line)
    words = rest.split()
    fields = {"address_space": (Prefix.parse(words[0]),)} if words else {}
    device = {"vpn_device": words[1]} if len(words) > 1 else {}
    return _adding(("sites", name), Site.model_validate({**fields, **device}))


def new_subnet(topology: Topology, vnet: str, line: str) -> New:
    """Return the edit that adds a subnet, by default with the next free /26. Raises EditError, PrefixError."""
    name, block = _parts(line)
    space = topology.vnets[vnet].address_space
    taken = [prefix for subnet in topology.vnets[vnet].subnets.values() for prefix in subnet.prefixes]
    prefix = _prefix(block, _SUBNET_LENGTH, lambda length: first_fit(space, taken, length))
    return _adding(("vnets", vnet, "subnets", name), Subnet(prefixes=(prefix,)))


def _adding(path: Path, part: Part) -> New:
    return path, add(path, part)


def _parts(line: str) -> tuple[str, str]:
    name, _, rest = line.strip().partition(" ")
    if not name:
        raise EditError("it needs a name")
    return name, rest.strip()


def _prefix(text: str, length: int, free: _Free) -> Prefix:
    """The prefix that is typed, or a free one of the length that is typed."""
    if text and not text.startswith("/"):
        return Prefix.parse(text)
    digits = text.removeprefix("/")
    if digits:
        if not (digits.isascii() and digits.isdigit() and len(digits) < 4):
            raise EditError(f"{text} is no prefix length", "write it as /24")
        length = int(digits)
    found = free(length)
    if found is None:
        raise EditError(f"no /{length} is free", "choose a smaller block, or type a prefix")
    return found
