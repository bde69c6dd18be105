"""Many VNets are planned at once: each in free space, all or none, and nothing that is there moves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import EditError, VnetTuiError
from tui.planner.batch import shares
from tui.planner.batch.plan import Plan, plan
from tui.planner.batch.wanted import VNetWanted, WrongRequestsError, length_of
from tui.planner.refusal import Refusal
from tui.planner.subnets.wanted import SubnetWanted
from tui.topology.edits import add
from tui.topology.model import Topology, VNet
from tui.topology.prefix import Prefix

P = Prefix.parse

FILE = """
    [planning.pools]
    weu = { prefixes = ["10.64.0.0/16"], region = "westeurope", default_size = "/24" }
    lab = ["172.20.0.0/24"]
    six = ["fd00::/56"]
    [subscriptions.prod]
    [vnets.hub]
    address_space = ["10.64.0.0/18"]
    growth = ["10.64.64.0/18"]
    subnets.app = "10.64.0.0/24"
"""


def planned(plan_of: Topology, *wanted: VNetWanted) -> Plan:
    found = plan(plan_of, wanted)
    assert isinstance(found, Plan), found
    return found


def refused(plan_of: Topology, *wanted: VNetWanted) -> Refusal:
    found = plan(plan_of, wanted)
    assert isinstance(found, Refusal), found
    return found


def problems(plan_of: Topology, *wanted: VNetWanted) -> list[tuple[tuple[str, ...], str]]:
    with pytest.raises(WrongRequestsError) as raised:
        plan(plan_of, wanted)
    return [(one.path, one.message) for one in raised.value.problems]


def test_a_vnet_is_as_large_as_its_subnets_need_and_holds_them() -> None:
    subnets = (SubnetWanted("web", 25), SubnetWanted("GatewaySubnet", 27), SubnetWanted("db", 26))
    found = planned(topology(FILE), VNetWanted("app", region="westeurope", subnets=subnets, subscription="prod"))
    (row,) = found.rows
    assert (row.name, row.prefix, row.growth, row.exists) == ("app", P("10.64.128.0/24"), (), False)
    assert dict(row.subnets) == {
        "web": P("10.64.128.0/25"),
        "db": P("10.64.128.128/26"),
        "GatewaySubnet": P("10.64.128.224/27"),
    }
    assert "10.64.0.0/16 (weu, westeurope)" in row.reason
    assert "as large as its subnets need" in row.reason
    vnet = found.edit.apply(topology(FILE)).vnets["app"]
    assert vnet.address_space == (row.prefix,)
    assert {name: subnet.prefixes for name, subnet in vnet.subnets.items()} == {n: (p,) for n, p in row.subnets}
    assert (vnet.region, vnet.subscription, vnet.growth) == ("westeurope", "prod", ())
    assert vnet.model_fields_set >= {"address_space", "subnets"}
    assert "growth" not in vnet.model_fields_set


def test_growth_takes_a_whole_block_and_holds_what_the_vnet_does_not_use() -> None:
    found = planned(topology(FILE), VNetWanted("app", length=24, growth=20, pool="weu"))
    (row,) = found.rows
    assert row.prefix == P("10.64.128.0/24")
    assert row.growth == (P("10.64.129.0/24"), P("10.64.130.0/23"), P("10.64.132.0/22"), P("10.64.136.0/21"))
    assert "can grow to 10.64.128.0/20" in row.reason
    assert found.edit.apply(topology(FILE)).vnets["app"].growth == row.growth


@pytest.mark.parametrize(
    ("wanted", "length"),
    [
        (VNetWanted("a", length=22), 22),
        (VNetWanted("a", hosts=500), 23),
        (VNetWanted("a", hosts=1), 29),
        (VNetWanted("a", subnets=(SubnetWanted("x", 29),)), 29),
        (VNetWanted("a", subnets=tuple(SubnetWanted(str(n), 26) for n in range(5))), 23),
        (VNetWanted("a", length=20, subnets=(SubnetWanted("x", 24),)), 20),
        (VNetWanted("a", subnets=(SubnetWanted("x", 64, 6), SubnetWanted("y", 64, 6)), family=6), 63),
    ],
)
def test_the_size_is_what_is_said_else_what_hosts_or_subnets_need(wanted: VNetWanted, length: int) -> None:
    assert length_of(wanted) == length


@pytest.mark.parametrize(
    "wanted",
    [
        VNetWanted("a"),
        VNetWanted("a", length=30),
        VNetWanted("a", length=1),
        VNetWanted("a", length=27, subnets=(SubnetWanted("x", 26),)),
        VNetWanted("a", hosts=10, subnets=(SubnetWanted("x", 26),)),
        VNetWanted("a", length=24, growth=25),
        VNetWanted("a", length=24, growth=0),
        VNetWanted("a", length=65, family=6),
        VNetWanted("a", subnets=tuple(SubnetWanted(str(n), 2) for n in range(3))),
    ],
)
def test_sizes_that_contradict_themselves_or_that_azure_does_not_take_are_refused(wanted: VNetWanted) -> None:
    with pytest.raises(VnetTuiError):
        length_of(wanted)


def test_a_vnet_without_any_size_is_as_large_as_its_pool_says() -> None:
    assert planned(topology(FILE), VNetWanted("a", pool="weu")).rows[0].prefix.length == 24
    assert problems(topology(FILE), VNetWanted("a", pool="lab"))[0][0] == ("a",)


def test_running_the_same_requests_with_one_more_places_only_that_one() -> None:
    first = [VNetWanted("a", length=24, pool="weu"), VNetWanted("b", length=22, pool="weu", growth=21)]
    before = planned(topology(FILE), *first)
    grown = before.edit.apply(topology(FILE))
    again = planned(grown, *first)
    assert again.new == ()
    assert again.edit.apply(grown) is grown
    assert [(row.name, row.prefix, row.exists) for row in again.rows] == [
        (row.name, row.prefix, True) for row in before.rows
    ]
    more = planned(grown, VNetWanted("c", length=20, pool="weu"), *first)
    assert [row.name for row in more.new] == ["c"]
    after = more.edit.apply(grown)
    assert {name: vnet for name, vnet in after.vnets.items() if name != "c"} == dict(grown.vnets)


def test_what_is_there_already_and_is_not_what_is_asked_for_is_told_all_at_once() -> None:
    found = problems(
        topology(FILE),
        VNetWanted("hub", length=17, growth=16, subnets=(SubnetWanted("app", 23), SubnetWanted("db", 26))),
    )
    assert [path for path, _ in found] == [
        ("hub",),
        ("hub", "growth"),
        ("hub", "subnets", "app"),
        ("hub", "subnets", "db"),
    ]
    assert found[0][1] == "hub is there already and has 10.64.0.0/18, which is no /17: let it grow, or ask for less"
    present = planned(topology(FILE), VNetWanted("hub", length=20, growth=17, subnets=(SubnetWanted("APP", 26),)))
    assert present.rows[0].subnets == (("APP", P("10.64.0.0/24")),)
    assert present.rows[0].prefix == P("10.64.0.0/18")


def test_names_that_are_not_there_are_told_with_the_nearest_one() -> None:
    found = problems(
        topology(FILE + "[sites.dublin]\n"),
        VNetWanted("a", length=24, pool="weo"),
        VNetWanted("b", length=24, subscription="prd"),
        VNetWanted("c", length=24, region="westeuorpe"),
        VNetWanted("dublin", length=24),
        VNetWanted("e", length=30, pool="nowhere at all"),
    )
    assert found == [
        (("a", "pool"), "there is no pool weo; did you mean weu?"),
        (("b", "subscription"), "there is no subscription prd; did you mean prod?"),
        (("c", "region"), "there is no region westeuorpe; did you mean westeurope?"),
        (("dublin",), "sites.dublin has this name already; choose another name"),
        (("e", "pool"), "there is no pool nowhere at all; the pools are: weu, lab, six"),
    ]


def test_a_region_without_a_pool_of_its_own_uses_all_pools() -> None:
    rows = planned(topology(FILE), VNetWanted("a", length=25, region="northeurope")).rows
    assert P("172.20.0.0/24").contains(rows[0].prefix)
    assert planned(topology(""), VNetWanted("a", length=9)).rows[0].prefix == P("10.0.0.0/9")


def test_ipv6_vnets_come_from_ipv6_prefixes() -> None:
    subnets = (SubnetWanted("x", 64, 6), SubnetWanted("y", 64, 6), SubnetWanted("z", 64, 6))
    (row,) = planned(topology(FILE), VNetWanted("a", family=6, subnets=subnets, growth=60)).rows
    assert row.prefix == P("fd00::/62")
    assert row.growth == (P("fd00:0:0:4::/62"), P("fd00:0:0:8::/61"))
    none = refused(topology(FILE), VNetWanted("a", length=60, family=6, pool="lab"))
    assert none.message == "pool lab has no IPv6 prefix for a"


def test_what_does_not_fit_takes_nothing_and_names_what_is_free_and_ways_out() -> None:
    estate = topology(FILE)
    found = refused(estate, VNetWanted("x", length=17, pool="weu"), VNetWanted("y", length=18, pool="weu"))
    assert found.message == (
        "there is no room in 10.64.0.0/16 for the /18 of y beside the others; the largest free block there is "
        "10.64.128.0/17; the 2 that are to lie there need 49152 addresses, and 32768 are free"
    )
    assert found.largest_free == P("10.64.128.0/17")
    assert [way.text for way in found.ways] == [
        "release 10.64.64.0/18, held for hub: then all have room",
        "add an IPv4 prefix of /18 or larger to pool weu: then all have room",
    ]


def test_a_smaller_growth_or_a_smaller_vnet_is_offered_where_that_makes_room() -> None:
    lab = topology('planning.pools.lab = ["172.20.0.0/24"]')
    first = refused(lab, VNetWanted("a", length=26, growth=23)).ways[0].text
    assert first == "let a grow to a /24 only: then all have room"
    alone = refused(lab, VNetWanted("a", length=24, growth=23))
    assert alone.ways[0].text == "plan a without growth: then all have room"
    both = refused(lab, VNetWanted("a", length=25), VNetWanted("b", length=25, growth=24))
    assert [way.text for way in both.ways] == [
        "plan b without growth: then all have room",
        "add an IPv4 prefix of /25 or larger to the pools that it may use: then all have room",
    ]
    smaller = refused(lab, VNetWanted("a", length=23, pool="lab"))
    assert smaller.ways[0].text == "make a a /24: then all have room"
    fixed = refused(lab, VNetWanted("a", subnets=(SubnetWanted("s", 23),)))
    assert [way.text.split()[0] for way in fixed.ways] == ["add"]


def test_a_search_that_was_given_up_says_so_and_offers_more_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "STEPS", 1)
    estate = topology("""
        [planning.pools]
        ab = ["10.0.0.0/24", "10.0.1.0/24"]
        bc = ["10.0.1.0/24", "10.0.2.0/24"]
    """)
    found = refused(estate, VNetWanted("x", length=24, pool="ab"), VNetWanted("y", length=24, pool="bc"))
    assert "the search was given up" in found.message


SIZES = st.integers(25, 29)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(SIZES, st.integers(0, 2), st.booleans()), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(26, 29), st.integers(0, 127)), max_size=3),
)
def test_a_plan_overlaps_nothing_and_every_way_out_of_a_refusal_that_has_an_edit_makes_room(
    asked: list[tuple[int, int, bool]], used: list[tuple[int, int]]
) -> None:
    pool = P("10.0.0.0/25")
    vnets = {
        f"used{number}": {
            "address_space": [] if number else [str(Prefix(4, pool.first + at, 32).shortened(length))],
            "growth": [str(Prefix(4, pool.first + at, 32).shortened(length))] if number else [],
        }
        for number, (length, at) in enumerate(used)
    }
    estate = Topology.model_validate({"schema": 1, "planning": {"pools": {"p": [str(pool)]}}, "vnets": vnets})
    wanted = [
        VNetWanted(
            f"w{number}",
            length=length,
            growth=max(length - more, 25) if more else None,
            subnets=(SubnetWanted("s", 29),) if with_subnet else (),
        )
        for number, (length, more, with_subnet) in enumerate(asked)
    ]
    found = plan(estate, wanted)
    if isinstance(found, Refusal):
        for way in found.ways:
            if way.edit is not None:
                again = plan(way.edit.apply(estate), wanted)
                assert isinstance(again, Plan) or "others do not" in way.text
        return
    after = found.edit.apply(estate)
    held = [block for row in found.rows for block in (row.prefix, *row.growth)]
    old = [block for vnet in estate.vnets.values() for block in (*vnet.address_space, *vnet.growth)]
    assert not any(a.overlaps(b) for number, a in enumerate(held) for b in [*held[:number], *old])
    for row, one in zip(found.rows, wanted, strict=True):
        assert row.prefix.length == one.length
        assert all(pool.contains(block) for block in (row.prefix, *row.growth))
        assert all(row.prefix.contains(prefix) for _, prefix in row.subnets)
        assert len(row.subnets) == len(one.subnets)
        assert sum(block.size for block in (row.prefix, *row.growth)) == 1 << 32 - (one.growth or row.prefix.length)
        assert after.vnets[row.name].growth == row.growth
    swapped = plan(estate, wanted[::-1])
    assert isinstance(swapped, Plan)
    assert {row.name: row.prefix for row in swapped.rows} == {row.name: row.prefix for row in found.rows}


def test_a_plan_that_is_out_of_date_is_not_carried_out() -> None:
    estate = topology(FILE)
    found = planned(estate, VNetWanted("a", length=24, pool="weu"))
    taken = add(("vnets", "z"), VNet(address_space=(found.rows[0].prefix,))).apply(estate)
    with pytest.raises(EditError, match="no longer free for a: z is there"):
        found.edit.apply(taken)
    named = add(("vnets", "a"), VNet()).apply(estate)
    with pytest.raises(EditError, match="a network a by now"):
        found.edit.apply(named)


def test_notes_and_a_title_come_with_the_edit() -> None:
    one = VNetWanted("a", note="why", subnets=(SubnetWanted("web", 26),), subnet_notes=(("web", "tier"),))
    found = planned(topology(""), one)
    assert found.edit.title == "Add VNet a"
    vnet = found.edit.apply(topology("")).vnets["a"]
    assert (vnet.note, vnet.subnets["web"].note) == ("why", "tier")
    two = planned(topology(""), VNetWanted("a", length=24), VNetWanted("b", length=24))
    assert two.edit.title == "Add 2 VNets"
    assert planned(topology("")).rows == ()
