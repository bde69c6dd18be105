"""Address spaces of the classic configuration are compared as sets of addresses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.netcfg.spaces import Space, Spaces, is_within, names_whole, size, space_of
from tui.topology.prefix import Prefix

BLOCKS = st.builds(
    lambda length, number: Prefix.parse(f"10.0.0.{(number << (32 - length)) & 255}/{length}"),
    st.integers(26, 32),
    st.integers(0, 63),
)
PREFIXES = st.lists(BLOCKS, min_size=1, max_size=4)


def addresses(space: Space) -> set[int]:
    return {address for _, first, last in space for address in range(first, last + 1)}


@given(PREFIXES, PREFIXES)
def test_a_space_is_the_set_of_its_addresses(one: list[Prefix], other: list[Prefix]) -> None:
    inner, outer = space_of(one), space_of(other)
    assert size(inner) == len(addresses(inner))
    assert is_within(inner, outer) == (addresses(inner) <= addresses(outer))


@given(PREFIXES, PREFIXES)
def test_a_space_is_named_where_some_of_the_prefixes_are_just_it(site: list[Prefix], vnet: list[Prefix]) -> None:
    wanted = addresses(space_of(vnet))
    inside = [prefix for prefix in site if addresses(space_of([prefix])) <= wanted]
    assert names_whole(site, space_of(vnet)) == (addresses(space_of(inside)) == wanted)


@given(st.lists(PREFIXES, max_size=6), PREFIXES)
def test_what_lies_within_a_space_is_found(things: list[list[Prefix]], outer: list[Prefix]) -> None:
    spaces = Spaces((space_of(one), str(number), number) for number, one in enumerate(things))
    inside = {number for number, one in enumerate(things) if is_within(space_of(one), space_of(outer))}
    assert set(spaces.within(space_of(outer))) == inside
