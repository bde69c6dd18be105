"""A VNet grows into what is held for it, else in place, else beside itself, else nearby; never into others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import EditError
from tui.planner.growth import Growth, grow
from tui.planner.refusal import Refusal
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse


def space(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(P, texts))


def grown(plan: Topology, name: str, length: int, family: int | None = None) -> Growth:
    found = grow(plan, name, length, family)
    assert isinstance(found, Growth), found
    return found


def refused(plan: Topology, name: str, length: int, family: int | None = None) -> Refusal:
    found = grow(plan, name, length, family)
    assert isinstance(found, Refusal), found
    return found


# Held growth


def test_held_growth_and_a_prefix_that_form_one_block_become_one_prefix() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/17", "10.90.0.0/24"]
        growth = ["10.70.0.0/16", "10.64.128.0/17"]
        subnets.app = "10.64.1.0/24"
    """)
    found = grown(plan, "hub", 16)
    assert (found.how, found.after) == ("held", space("10.64.0.0/16", "10.90.0.0/24"))
    assert found.growth == space("10.70.0.0/16")
    assert "10.64.0.0/17 becomes 10.64.0.0/16" in found.reason


def test_of_what_is_held_as_much_is_taken_as_is_needed_and_the_rest_stays_held() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/24"]
        growth = ["10.64.0.0/16"]
    """)
    found = grown(plan, "hub", 22)
    assert (found.how, found.after) == ("held", space("10.64.0.0/22"))
    assert found.growth == space(
        "10.64.4.0/22", "10.64.8.0/21", "10.64.16.0/20", "10.64.32.0/19", "10.64.64.0/18", "10.64.128.0/17"
    )
    assert "stay held" in found.reason


def test_held_space_in_one_block_is_taken_as_one_block() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/24"]
        growth = ["10.80.0.0/21"]
    """)
    found = grown(plan, "hub", 22)
    assert (found.after, found.growth) == (space("10.64.0.0/24", "10.80.0.0/22"), space("10.80.4.0/22"))


def test_held_space_in_pieces_makes_up_exactly_what_is_missing() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/24"]
        growth = ["10.70.0.0/25", "10.80.0.0/23", "10.90.0.0/24"]
    """)
    found = grown(plan, "hub", 22)
    assert (found.after, found.growth) == (
        space("10.64.0.0/24", "10.80.0.0/23", "10.90.0.0/24"),
        space("10.70.0.0/25"),
    )


def test_of_held_blocks_the_one_that_completes_a_prefix_is_taken_else_the_nearest() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/24", "10.66.0.0/25"]
        growth = ["10.64.1.0/25", "10.66.0.128/25"]
        [vnets.app]
        address_space = ["10.70.0.0/24"]
        growth = ["10.60.0.0/24", "10.72.0.0/23"]
    """)
    assert grown(plan, "app", 23).after == space("10.70.0.0/24", "10.72.0.0/24")
    assert grown(plan, "hub", 23).after == space("10.64.0.0/24", "10.66.0.0/24")


def test_held_space_elsewhere_comes_before_free_space_around_the_vnet() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/24"]
        growth = ["10.80.0.0/23"]
    """)
    found = grown(plan, "hub", 23)
    assert (found.how, found.after, found.growth) == (
        "held",
        space("10.64.0.0/24", "10.80.0.0/24"),
        space("10.80.1.0/24"),
    )


def test_held_space_that_somebody_else_uses_is_not_taken_and_the_reason_says_who() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/24"]
        growth = ["10.64.1.0/24"]
        [vnets.thief]
        address_space = ["10.64.1.0/26"]
    """)
    found = grown(plan, "hub", 23)
    assert (found.how, found.after, found.growth) == (
        "adjacent",
        space("10.64.0.0/24", "10.63.255.0/24"),
        space("10.64.1.0/24"),
    )
    assert "thief has 10.64.1.0/26" in found.reason


def test_all_that_is_held_leaves_nothing_held_in_the_file() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/24"]
        growth = ["10.64.1.0/24"]
    """)
    found = grown(plan, "hub", 23)
    after = found.edit.apply(plan)
    assert (after.vnets["hub"].address_space, after.vnets["hub"].growth) == (space("10.64.0.0/23"), ())
    assert "growth" not in after.vnets["hub"].model_fields_set
    assert found.edit.title == "Grow VNet hub"


# In place, adjacent, nearest


def test_a_vnet_becomes_the_block_around_it_where_the_rest_of_that_is_free() -> None:
    plan = topology('vnets.hub.address_space = ["10.64.3.0/24"]')
    found = grown(plan, "hub", 22)
    assert (found.how, found.after) == ("in place", space("10.64.0.0/22"))


def test_too_little_held_space_inside_the_block_around_is_used_with_it() -> None:
    plan = topology("""
        [vnets.hub]
        address_space = ["10.64.0.0/24"]
        growth = ["10.64.1.0/24", "10.70.0.0/24"]
    """)
    found = grown(plan, "hub", 21)
    assert (found.how, found.after, found.growth) == ("in place", space("10.64.0.0/21"), space("10.70.0.0/24"))
    assert "10.64.1.0/24 of that was held for it" in found.reason


@pytest.mark.parametrize(("own", "other", "gained"), [(1, 0, 2), (2, 3, 1)])
def test_a_block_beside_the_vnet_comes_next_and_the_reason_says_who_is_in_the_way(
    own: int, other: int, gained: int
) -> None:
    plan = topology(f"""
        vnets.hub.address_space = ["10.64.{own}.0/24"]
        vnets.app.address_space = ["10.64.{other}.0/24"]
    """)
    found = grown(plan, "hub", 23)
    assert (found.how, found.after) == ("adjacent", space(f"10.64.{own}.0/24", f"10.64.{gained}.0/24"))
    assert f"app has 10.64.{other}.0/24" in found.reason


def test_the_nearest_block_of_its_pool_comes_last() -> None:
    plan = topology("""
        planning.pools.weu = { prefixes = ["10.64.0.0/16"], region = "westeurope" }
        planning.pools.other = ["10.0.0.0/8"]
        [vnets.hub]
        region = "westeurope"
        address_space = ["10.64.2.0/24"]
        [vnets.a]
        address_space = ["10.64.0.0/23", "10.64.3.0/24"]
    """)
    found = grown(plan, "hub", 23)
    assert (found.how, found.after) == ("nearest", space("10.64.2.0/24", "10.64.4.0/24"))


def test_of_several_prefixes_the_one_grows_that_needs_least() -> None:
    plan = topology('vnets.hub.address_space = ["10.8.0.0/23", "10.0.0.0/24"]')
    assert grown(plan, "hub", 22).after == space("10.8.0.0/23", "10.0.0.0/23")


def test_near_is_meant_from_both_ends_of_a_prefix() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.0.0/16"]
        vnets.hub.address_space = ["10.0.128.0/20", "10.9.8.0/21", "10.9.20.0/22"]
        vnets.app.address_space = ["10.0.120.0/21", "10.0.144.0/22"]
    """)
    found = grown(plan, "hub", 19)
    assert (found.how, found.after[-1]) == ("nearest", P("10.0.148.0/22"))


def test_nothing_is_taken_from_outside_of_the_pools_of_the_vnet() -> None:
    plan = topology("""
        planning.pools.weu = ["10.64.0.0/16"]
        planning.pools.neu = ["10.80.0.0/16"]
        [vnets.hub]
        pool = "weu"
        address_space = ["10.80.0.0/24"]
    """)
    assert grown(plan, "hub", 23).after == space("10.80.0.0/24", "10.64.255.0/24")


def test_the_family_is_that_of_the_first_prefix_unless_it_is_said() -> None:
    plan = topology("""
        planning.pools.all = ["10.0.0.0/8", "fd00::/40"]
        vnets.hub.address_space = ["fd00::/64", "10.0.0.0/24"]
    """)
    assert grown(plan, "hub", 56).after == space("fd00::/56", "10.0.0.0/24")
    assert grown(plan, "hub", 23, 4).after == space("fd00::/64", "10.0.0.0/23")


def test_a_vnet_without_address_space_gets_what_is_held_or_the_first_free_block() -> None:
    plan = topology("""
        vnets.promised.growth = ["10.5.0.0/16"]
        [vnets.none]
    """)
    assert grown(plan, "promised", 24).after == space("10.5.0.0/24")
    assert grown(plan, "none", 24).after == space("10.0.0.0/24")


def test_what_a_site_or_a_gateway_has_and_what_is_avoided_is_not_taken() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.0.0/21"]
        planning.avoid = { "10.0.1.0/24" = "pods" }
        [vnets.hub]
        address_space = ["10.0.0.0/24"]
        gateway.p2s_pools = ["10.0.2.0/23"]
        [sites.s]
        address_space = ["10.0.4.0/23"]
    """)
    assert grown(plan, "hub", 23).after == space("10.0.0.0/24", "10.0.6.0/24")


def test_prefixes_side_by_side_are_left_apart_unless_new_space_completes_them() -> None:
    plan = topology('vnets.hub.address_space = ["10.0.0.0/24", "10.0.1.0/24", "10.9.0.0/24"]')
    after = grow(plan, "hub", 21)
    assert isinstance(after, Growth)
    assert after.after[-1] != P("10.0.1.0/24")
    plan = topology("""
        vnets.hub.address_space = ["10.0.0.0/24", "10.0.1.0/24", "10.9.0.0/24"]
        vnets.hub.growth = ["10.5.0.0/24"]
    """)
    assert grown(plan, "hub", 22).after == space("10.0.0.0/24", "10.0.1.0/24", "10.9.0.0/24", "10.5.0.0/24")


# Refusals


def test_a_refusal_names_the_largest_free_block_and_who_is_in_the_way() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.0.0/22"]
        vnets.hub.address_space = ["10.0.0.0/24"]
        vnets.app.address_space = ["10.0.2.0/24"]
    """)
    found = refused(plan, "hub", 22)
    assert found.largest_free == P("10.0.1.0/24")
    assert "app has 10.0.2.0/24" in found.message
    assert "the largest free block is 10.0.1.0/24" in found.message
    assert any("10.0.1.0/24" in way.text for way in found.ways)


def test_growth_of_others_that_is_in_the_way_can_be_released() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.0.0/22"]
        vnets.hub.address_space = ["10.0.0.0/24"]
        vnets.app.growth = ["10.0.2.0/24", "10.8.0.0/24"]
        vnets.bob.growth = ["10.0.2.0/25"]
    """)
    way = refused(plan, "hub", 22).ways[0]
    assert way.edit is not None
    after = way.edit.apply(plan)
    assert grown(after, "hub", 22).after == space("10.0.0.0/22")
    assert after.vnets["app"].growth == space("10.8.0.0/24")


def test_releasing_growth_outside_of_the_pools_is_not_offered_as_it_would_not_help() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.0.0/24"]
        vnets.hub.address_space = ["10.0.0.0/24"]
        vnets.app.growth = ["10.0.1.0/24"]
    """)
    assert [way.edit for way in refused(plan, "hub", 23).ways] == [None]


def test_a_vnet_that_is_large_enough_need_not_grow() -> None:
    plan = topology('vnets.hub.address_space = ["10.0.0.0/24"]')
    assert "need not grow" in refused(plan, "hub", 24).message
    assert "need not grow" in refused(plan, "hub", 29).message


def test_where_no_pool_has_the_family_the_refusal_says_so() -> None:
    plan = topology('vnets.hub.address_space = ["fd00::/64"]')
    found = refused(plan, "hub", 60)
    assert found.largest_free is None
    assert "no pool that has IPv6 prefixes" in found.message


@pytest.mark.parametrize("length", [1, 30, 33, -1])
def test_a_size_that_no_address_space_has_is_an_error(length: int) -> None:
    with pytest.raises(EditError, match="cannot grow"):
        grow(topology('vnets.hub.address_space = ["10.0.0.0/24"]'), "hub", length)


def test_only_a_vnet_can_grow() -> None:
    plan = topology("""
        vnets.hub.address_space = ["10.0.0.0/24"]
        sites.office.address_space = ["10.1.0.0/24"]
        [vnets.none]
    """)
    with pytest.raises(EditError, match="office is a site"):
        grow(plan, "office", 22)
    with pytest.raises(EditError, match="no VNet hug") as unknown:
        grow(plan, "hug", 22)
    assert unknown.value.hint == "did you mean hub?"


def test_growing_counts_all_prefixes_of_the_family() -> None:
    plan = topology('vnets.hub.address_space = ["10.0.0.0/24", "10.9.0.0/23"]')
    found = grow(plan, "hub", 21)
    assert isinstance(found, Growth)
    assert sum(prefix.size for prefix in found.after) >= 2048


# Against trying everything: a universe of 32 units, each a /29 or a /64

UNIVERSES = {4: P("10.9.0.0/24"), 6: P("fd00:0:0:20::/59")}
DEPTH = 5


@dataclass(frozen=True)
class Case:
    """A VNet `v` among others."""

    family: int
    own: tuple[Prefix, ...]
    promised: tuple[Prefix, ...]
    others: tuple[Prefix, ...]
    pool: Prefix
    plan: Topology

    @property
    def base(self) -> Prefix:
        return UNIVERSES[self.family]

    def units(self, prefixes: Iterable[Prefix]) -> frozenset[int]:
        """The units that the prefixes cover; those outside of the universe have other numbers."""
        unit = self.base.size >> DEPTH
        return frozenset(
            number
            for prefix in prefixes
            for number in range((prefix.first - self.base.first) // unit, (prefix.last + 1 - self.base.first) // unit)
        )

    def every(self, shortest: int = 0) -> Iterator[Prefix]:
        """Every aligned block of the universe."""
        for length in range(self.base.length + shortest, self.base.length + DEPTH + 1):
            yield from self.base.split(length)


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    family = draw(st.sampled_from([4, 6]))
    base = UNIVERSES[family]
    unit = base.size >> DEPTH

    def block(shortest: int) -> st.SearchStrategy[Prefix]:
        return st.tuples(st.integers(shortest, DEPTH), st.integers(0, (1 << DEPTH) - 1)).map(
            lambda drawn: Prefix(
                family,
                base.first + (drawn[1] >> (DEPTH - drawn[0]) << (DEPTH - drawn[0])) * unit,
                base.length + drawn[0],
            )
        )

    own = tuple(draw(st.lists(block(2), min_size=1, max_size=3)))
    promised = tuple(draw(st.lists(block(1), max_size=3)))
    used, held, avoided = (tuple(draw(st.lists(block(2), max_size=3))) for _ in range(3))
    pool = draw(st.sampled_from([base, next(base.split(base.length + 1))]))
    plan = Topology.model_validate(
        {
            "planning": {"pools": {"p": [str(pool)]}, "avoid": {str(prefix): "so" for prefix in avoided}},
            "vnets": {
                "v": {"address_space": list(map(str, own)), "growth": list(map(str, promised))},
                **{f"u{number}": {"address_space": [str(prefix)]} for number, prefix in enumerate(used)},
                **{f"h{number}": {"growth": [str(prefix)]} for number, prefix in enumerate(held)},
            },
        }
    )
    return Case(family, own, promised, used + held + avoided, pool, plan)


def _wanted(case: Case, length: int) -> int:
    return 1 << (case.base.length + DEPTH - length)


CASES_AND_LENGTHS = st.tuples(_cases(), st.integers(0, DEPTH - 1)).map(
    lambda drawn: (drawn[0], drawn[0].base.length + drawn[1])
)


@given(CASES_AND_LENGTHS)
def test_nothing_gained_is_anybody_elses_and_nothing_is_lost(drawn: tuple[Case, int]) -> None:
    case, length = drawn
    found = grow(case.plan, "v", length)
    if isinstance(found, Refusal):
        return
    own, after = case.units(case.own), case.units(found.after)
    gained = after - own
    assert own <= after
    assert len(after) >= _wanted(case, length)
    assert not gained & case.units(case.others)
    assert gained <= case.units([case.pool]) | case.units(case.promised)
    assert all(any(larger.contains(prefix) for larger in found.after) for prefix in case.own)
    new = [prefix for prefix in found.after if prefix not in case.own]
    assert not any(a.overlaps(b) for a in new for b in found.after if a is not b)
    still_held = case.units(found.growth)
    assert still_held <= case.units(case.promised)
    assert not still_held & gained
    assert case.units(case.promised) - after <= still_held
    changed = found.edit.apply(case.plan)
    assert (changed.vnets["v"].address_space, changed.vnets["v"].growth) == (found.after, found.growth)
    assert found.before == case.own


@given(CASES_AND_LENGTHS)
def test_the_order_of_preference_is_kept_and_what_exists_is_found(drawn: tuple[Case, int]) -> None:
    case, length = drawn
    own, others, promised = case.units(case.own), case.units(case.others), case.units(case.promised)
    pool = case.units([case.pool])
    missing = _wanted(case, length) - len(own)
    found = grow(case.plan, "v", length)
    if missing <= 0:
        assert isinstance(found, Refusal)
        assert not found.ways
        return
    gained = case.units(found.after) - own if isinstance(found, Growth) else frozenset()
    how = found.how if isinstance(found, Growth) else None
    held = promised - own - others
    may_have = (pool | promised) - own - others
    around = [
        case.units([block]) - own
        for block in case.every()
        if any(block.contains(prefix) for prefix in case.own)
        if case.units([block]) - own <= may_have
        if len(case.units([block]) - own) >= missing
    ]
    size = 1 << (missing - 1).bit_length()
    blocks = [block for block in case.every() if len(case.units([block])) == size]
    adjacent = [
        block
        for block in blocks
        if case.units([block]) <= may_have and any(block.adjacent(prefix) for prefix in case.own)
    ]
    free = [block for block in blocks if case.units([block]) <= pool - own - others]
    if len(held) >= missing:
        assert how == "held"
        assert gained <= held
        completing = [rest for rest in around if rest <= held]
        whole = [block for block in blocks if case.units([block]) <= held]
        if completing:
            assert gained in completing
            assert len(gained) == min(map(len, completing))
        elif whole:
            assert gained in map(case.units, ([block] for block in whole))
        else:
            assert len(gained) == missing
    elif around:
        assert (how, len(gained)) == ("in place", min(map(len, around)))
        assert gained in around
    elif adjacent:
        assert how == "adjacent"
        assert gained in map(case.units, ([block] for block in adjacent))
    elif free:
        assert how == "nearest"
        away = {case.units([block]): _distance(block, case.own) for block in free}
        assert away[gained] == min(away.values())
    else:
        assert isinstance(found, Refusal)
        _assert_refusal(case, length, found, pool - own - others)


def _distance(block: Prefix, own: Iterable[Prefix]) -> int:
    """From where a block of its size would lie upon an end of the VNet's prefixes."""
    ends = [end for prefix in own for end in (prefix.first, prefix.last)]
    return min(abs(block.first - end // block.size * block.size) for end in ends)


def _assert_refusal(case: Case, length: int, found: Refusal, free: frozenset[int]) -> None:
    largest = next((block for block in case.every() if case.units([block]) <= free), None)
    assert found.largest_free == largest
    for way in found.ways:
        if way.edit is not None:
            assert isinstance(grow(way.edit.apply(case.plan), "v", length), Growth)
