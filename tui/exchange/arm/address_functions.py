"""Address functions: cidrSubnet, cidrHost and parseCidr, as Azure documents them.

Owns what Azure calls usable: a host of IPv4 is never the network's own address or the broadcast address.
Invariant: a block that is given with host bits set is not taken for one.
"""

from __future__ import annotations

from tui.errors import PrefixError
from tui.exchange.arm.text_functions import text_of, whole
from tui.exchange.arm.values import FunctionError, Value, Work
from tui.topology.prefix import BITS, Prefix, address_text


def _block(value: Value) -> Prefix:
    try:
        return Prefix.parse(text_of(value))
    except PrefixError:
        raise FunctionError("the text is no CIDR block without host bits") from None


def cidr_subnet(arguments: list[Value], work: Work) -> Value:
    block, length, index = _block(arguments[0]), whole(arguments[1]), whole(arguments[2])
    if not block.length <= length <= BITS[block.version]:
        raise FunctionError("the prefix length does not fit the block")
    if not 0 <= index < 1 << (length - block.length):
        raise FunctionError("the block has no subnet of that index")
    return str(Prefix(block.version, block.first + (index << (BITS[block.version] - length)), length))


def cidr_host(arguments: list[Value], work: Work) -> Value:
    """Index 0 is the first address after the network's own."""
    block, index = _block(arguments[0]), whole(arguments[1])
    address = block.first + 1 + index
    last = block.last - 1 if block.version == 4 else block.last
    if index < 0 or address > last:
        raise FunctionError("the block has no host of that index")
    return address_text(block.version, address)


def parse_cidr(arguments: list[Value], work: Work) -> Value:
    block = _block(arguments[0])
    mask = ((1 << block.length) - 1) << (BITS[block.version] - block.length)
    result: dict[str, Value] = {
        "network": address_text(block.version, block.first),
        "netmask": address_text(block.version, mask),
    }
    if block.version == 6:
        usable = block.first, block.last
    elif block.length < 31:
        usable = block.first + 1, block.last - 1
        result["broadcast"] = address_text(4, block.last)
    else:
        raise FunctionError("what Azure calls usable in a block of one or two addresses is not documented")
    result["firstUsable"], result["lastUsable"] = (address_text(block.version, address) for address in usable)
    result["cidr"] = block.length
    return result
