"""Small VNets for tests, right and wrong ones, what is asked of them, and every way to place subnets in them.

Invariant: what says whether something fits uses nothing that the planner computes with, apart from blocks themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hypothesis import strategies as st

from tui.planner.refusal import Refusal
from tui.planner.subnets.planning import plan_subnets
from tui.planner.subnets.wanted import SubnetWanted, parse_wanted
from tui.topology.model import VNet
from tui.topology.prefix import Prefix

UNIVERSE = Prefix.parse("10.0.0.0/24")


def blocks(shortest: int, longest: int) -> st.SearchStrategy[Prefix]:
    """Any block of the universe with a length in between."""
    inside = st.tuples(st.integers(shortest, longest), st.integers(0, 255))
    return inside.map(lambda pair: Prefix(4, UNIVERSE.first + pair[1], 32).shortened(pair[0]))


@st.composite
def vnets(draw: st.DrawFn) -> VNet:
    """VNets whose prefixes may touch or hold one another, and whose subnets may overlap or lie outside."""
    space = draw(st.lists(blocks(24, 28), min_size=1, max_size=4))
    subnets = draw(st.lists(blocks(25, 32), max_size=5))
    return VNet.model_validate(
        {
            "address_space": [str(prefix) for prefix in space],
            "subnets": {f"s{number}": str(prefix) for number, prefix in enumerate(subnets)},
        }
    )


def is_free(vnet: VNet, block: Prefix, without: str | None = None) -> bool:
    """Whether a subnet may lie at `block`, when the subnet `without` is not there."""
    return any(space.contains(block) for space in vnet.address_space) and not any(
        block.overlaps(prefix) for name, one in vnet.subnets.items() if name != without for prefix in one.prefixes
    )


def candidates(vnet: VNet, length: int, without: str | None = None) -> list[Prefix]:
    """Every place of the length, lowest first."""
    return [block for block in UNIVERSE.split(length) if is_free(vnet, block, without)]


def all_fit(vnet: VNet, lengths: Sequence[int], taken: Sequence[Prefix] = ()) -> bool:
    """Whether there is any way to place blocks of the lengths beside what is taken: all of them are tried."""
    masks = [[_mask(block) for block in candidates(vnet, length)] for length in lengths]

    @cache
    def tried(used: int, number: int) -> bool:
        return number == len(masks) or any(not used & mask and tried(used | mask, number + 1) for mask in masks[number])

    return tried(sum(map(_mask, taken)), 0)


def _mask(block: Prefix) -> int:
    return ((1 << block.size) - 1) << (block.first - UNIVERSE.first)


@st.composite
def requests(draw: st.DrawFn) -> list[SubnetWanted]:
    """Up to five subnets of any size that the universe may hold, one of them perhaps the GatewaySubnet."""
    lengths = draw(st.lists(st.integers(25, 29), min_size=1, max_size=5))
    wanted = [SubnetWanted(f"w{number}", length) for number, length in enumerate(lengths)]
    if draw(st.booleans()):
        wanted[0] = SubnetWanted("GatewaySubnet", wanted[0].length)
    return wanted


def vnet(*address_space: str, **subnets: str) -> VNet:
    """A VNet of these prefixes with these subnets."""
    return VNet.model_validate({"address_space": address_space, "subnets": subnets})


def refused(app: VNet, text: str) -> Refusal:
    """Why the VNet app has no room for the subnets of the line."""
    found = plan_subnets("app", app, parse_wanted(text))
    assert isinstance(found, Refusal), found
    return found
