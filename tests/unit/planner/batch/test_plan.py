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
    assert planned(topology(FILE), VNetWanted("aa", pool="weu")).rows[0].prefix.length == 24
    assert problems(topology(FILE), VNetWanted("aa", pool="lab"))[0][0] == ("aa",)


def test_running_the_same_requests_with_one_more_places_only_that_one() -> None:
    first = [VNetWanted("aa", length=24, pool="weu"), VNetWanted("bb", length=22, pool="weu", growth=21)]
    before = planned(topology(FILE), *first)
    grown = before.edit.apply(topology(FILE))
    again = planned(grown, *first)
    assert again.new == ()
    assert again.edit.apply(grown) is grown
    assert [(row.name, row.prefix, row.exists) for row in again.rows] == [
        (row.name, row.prefix, True) for row in before.rows
    ]
    more = planned(grown, VNetWanted("cc", length=20, pool="weu"), *first)
    assert [row.name for row in more.new] == ["cc"]
    after = more.edit.apply(grown)
    assert {name: vnet for name, vnet in after.vnets.items() if name != "cc"} == dict(grown.vnets)


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
        VNetWanted("aa", length=24, pool="weo"),
        VNetWanted("bb", length=24, subscription="prd"),
        VNetWanted("cc", length=24, region="westeuorpe"),
        VNetWanted("dublin", length=24),
        VNetWanted("ee", length=30, pool="nowhere at all"),
    )
    assert found == [
        (("aa", "pool"), "there is no pool weo; did you mean weu?"),
        (("bb", "subscription"), "there is no subscription prd; did you mean prod?"),
        (("cc", "region"), "there is no region westeuorpe; did you mean westeurope?"),
        (("dublin",), "sites.dublin has this name already; choose another name"),
        (("ee", "pool"), "there is no pool nowhere at all; the pools are: weu, lab, six"),
    ]


def test_a_region_without_a_pool_of_its_own_uses_all_pools() -> None:
    rows = planned(topology(FILE), VNetWanted("aa", length=25, region="northeurope")).rows
    assert P("172.20.0.0/24").contains(rows[0].prefix)
    assert planned(topology(""), VNetWanted("aa", length=9)).rows[0].prefix == P("10.0.0.0/9")


def test_ipv6_vnets_come_from_ipv6_prefixes() -> None:
    subnets = (SubnetWanted("x", 64, 6), SubnetWanted("y", 64, 6), SubnetWanted("z", 64, 6))
    (row,) = planned(topology(FILE), VNetWanted("aa", family=6, subnets=subnets, growth=60)).rows
    assert row.prefix == P("fd00::/62")
    assert row.growth == (P("fd00:0:0:4::/62"), P("fd00:0:0:8::/61"))
    none = refused(topology(FILE), VNetWanted("aa", length=60, family=6, pool="lab"))
    assert none.message == "pool lab has no IPv6 prefix for aa"


def test_what_does_not_fit_takes_nothing_and_names_what_is_free_and_ways_out() -> None:
    estate = topology(FILE)
    found = refused(estate, VNetWanted("xx", length=17, pool="weu"), VNetWanted("yy", length=18, pool="weu"))
    assert found.message == (
        "there is no room in 10.64.0.0/16 (weu, westeurope) for the /18 of yy beside xx; the largest free block "
        "there is 10.64.128.0/17; the 2 that are to lie there need 49152 addresses, and 32768 are free: 16384 too few; "
        "1 of the 2 finds no place; in the way: hub (10.64.0.0/18), hub's growth 10.64.64.0/18"
    )
    assert found.largest_free == P("10.64.128.0/17")
    assert [way.text for way in found.ways] == [
        "release 10.64.64.0/18, held for hub: then all have room",
        "add 10.0.0.0/18, which is private and free, to pool weu: then all have room",
        "move hub out of 10.64.0.0/16 (weu, westeurope): then all have room",
    ]


def test_a_smaller_growth_or_a_smaller_vnet_is_offered_where_that_makes_room() -> None:
    lab = topology('planning.pools.lab = ["172.20.0.0/24"]')
    first = refused(lab, VNetWanted("aa", length=26, growth=23)).ways[0].text
    assert first == "let aa grow to a /24 only: then all have room"
    alone = refused(lab, VNetWanted("aa", length=24, growth=23))
    assert alone.ways[0].text == "plan aa without growth: then all have room"
    both = refused(lab, VNetWanted("aa", length=25), VNetWanted("bb", length=25, growth=24))
    assert [way.text for way in both.ways] == [
        "plan bb without growth: then all have room",
        "add 10.0.0.0/25, which is private and free, to pool lab: then all have room",
    ]
    smaller = refused(lab, VNetWanted("aa", length=23, pool="lab"))
    assert smaller.ways[0].text == "make aa a /24: then all have room"
    fixed = refused(lab, VNetWanted("aa", subnets=(SubnetWanted("s", 23),)))
    assert [way.text.split()[0] for way in fixed.ways] == ["add"]


def test_a_search_that_was_given_up_says_so_and_offers_more_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "STEPS", 1)
    estate = topology("""
        [planning.pools]
        ab = ["10.0.0.0/24", "10.0.1.0/24"]
        bc = ["10.0.1.0/24", "10.0.2.0/24"]
    """)
    found = refused(estate, VNetWanted("xx", length=24, pool="ab"), VNetWanted("yy", length=24, pool="bc"))
    assert "the search was given up" in found.message


def test_growth_that_is_asked_for_again_is_not_offered_for_release() -> None:
    estate = topology("""
        planning.pools.weu = ["10.64.0.0/24"]
        [vnets.old]
        address_space = ["10.64.0.0/26"]
        growth = ["10.64.0.64/26"]
    """)
    new = VNetWanted("new", length=25, pool="weu"), VNetWanted("new2", length=26, pool="weu")
    release = "release 10.64.0.64/26, held for old: then all have room"
    assert release in [way.text for way in refused(estate, *new).ways]
    again = VNetWanted("old", length=26, growth=25)
    assert [way.text.split()[0] for way in refused(estate, again, *new).ways] == ["add", "move"]


def test_a_vnet_that_can_move_makes_room_where_the_free_space_is_in_pieces() -> None:
    estate = topology("""
        [planning.pools]
        lab = ["10.64.0.0/24"]
        [vnets.hub]
        address_space = ["10.64.0.64/26"]
        [vnets.app]
        address_space = ["10.64.0.128/26"]
    """)
    found = refused(estate, VNetWanted("new", length=25, pool="lab"))
    assert found.message == (
        "there is no room in 10.64.0.0/24 (lab) for the /25 of new; the largest free block there is 10.64.0.0/26; "
        "in the way: hub (10.64.0.64/26), app (10.64.0.128/26)"
    )
    (way,) = [way for way in found.ways if way.text.startswith("move")]
    assert way.text == "move app to 10.64.0.0/26: then all have room"
    assert way.edit is not None
    assert planned(way.edit.apply(estate), VNetWanted("new", length=25)).rows[0].prefix == P("10.64.0.128/25")


def test_pools_that_are_all_too_small_are_widened_together_and_what_is_missing_is_counted() -> None:
    both = [VNetWanted(f"{pool}-{number}", length=24, pool=pool) for pool in ("aa", "cc") for number in range(4)]
    estate = topology('planning.pools = { aa = ["10.1.0.0/24"], cc = ["10.3.0.0/24"], lab = ["224.0.0.0/4"] }')
    found = refused(estate, *both)
    assert "the 4 that are to lie there need 1024 addresses, and 256 are free: 768 too few" in found.message
    assert "3 of the 4 find no place" in found.message
    (way,) = found.ways
    assert way.text == (
        "add 10.0.0.0/22, which is private and free, to pool aa and 10.0.4.0/22, which is private and free, to pool "
        "cc: then all have room"
    )
    assert way.edit is not None
    assert len(planned(way.edit.apply(estate), *both).rows) == 8


def test_ipv6_space_is_asked_for_where_no_private_prefix_can_be_named() -> None:
    (way,) = refused(topology(FILE), VNetWanted("six", length=55, family=6, pool="six")).ways[-1:]
    assert way.text == "add an IPv6 prefix of /55 or larger to pool six: then all have room"


def test_the_size_of_a_pool_is_that_of_its_region_and_of_its_family() -> None:
    estate = topology("""
        [planning.pools]
        weu = { prefixes = ["10.64.0.0/16"], region = "westeurope", default_size = "/24" }
        both = { prefixes = ["10.0.0.0/16", "fd00::/20"], default_size = "/22" }
    """)
    assert planned(estate, VNetWanted("app", region="West Europe")).rows[0].prefix == P("10.64.0.0/24")
    assert planned(estate, VNetWanted("app", pool="both")).rows[0].prefix == P("10.0.0.0/22")
    (problem,) = problems(estate, VNetWanted("app", pool="both", family=6))
    assert problem[1] == 'app has no size; give it a size such as "/56", hosts, or subnets'


def test_a_vnet_without_a_prefix_of_the_family_is_told_where_to_get_one() -> None:
    (problem,) = problems(topology(FILE), VNetWanted("hub", length=60, growth=56, family=6, pool="six"))
    assert problem == (
        ("hub",),
        "hub is there already without an IPv6 prefix: add a free /60 to its address space (vnet-tui suggest --size /60 "
        "--family 6), or ask for a VNet of another name",
    )


def test_names_that_azure_cannot_tell_apart_or_refuses_are_told_with_the_existing_one() -> None:
    found = problems(
        topology(FILE),
        VNetWanted("HUB", length=24),
        VNetWanted("app", length=24),
        VNetWanted("App", length=24),
        VNetWanted("-app", length=24),
        VNetWanted("web", subnets=(SubnetWanted("a b", 26),)),
    )
    assert found == [
        (("HUB",), "HUB and hub, which is there already, are one name to Azure: write hub, or choose another name"),
        (("App",), "App and app, which is asked for too, are one name to Azure: write app, or choose another name"),
        (("-app",), "Azure refuses the name -app: it must begin with a letter or a digit"),
        (
            ("web", "subnets", "a b"),
            'Azure refuses the subnet name a b: it may hold only the letters A to Z, digits and "_", ".", "-"',
        ),
    ]
    odd = topology('vnets."x y".address_space = ["10.0.0.0/24"]')
    assert planned(odd, VNetWanted("x y", length=24)).rows[0].exists, "what is there keeps the name that it has"


def test_the_reason_names_the_route_the_summaries_and_what_may_clash_as_a_suggestion_does() -> None:
    estate = topology("""
        planning.workloads = ["docker"]
        planning.pools.weu = { prefixes = ["172.17.0.0/16"], region = "westeurope" }
        sites.dublin.advertises = ["172.16.0.0/12"]
        vnets.hub = { address_space = ["172.17.0.0/24"], region = "westeurope" }
        vnets.app = { address_space = ["172.17.1.0/24"], region = "westeurope" }
    """)
    one, other = planned(
        estate, VNetWanted("one", length=24, region="westeurope"), VNetWanted("other", length=24, region="westeurope")
    ).rows
    for words in (
        "between app and other",
        "joins the route 172.17.0.0/22 with hub and 2 more",
        "dublin advertises 172.16.0.0/12 over it",
        "is inside 172.17.0.0/16, Docker's default bridge (docker0): stays available",
    ):
        assert words in one.reason
    assert "after one" in other.reason


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
                granted = plan(way.edit.apply(estate), wanted)
                assert isinstance(granted, Plan) or "others do not" in way.text
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


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), min_size=1, max_size=3),
    st.lists(SIZES, min_size=1, max_size=4),
)
def test_every_way_out_with_an_edit_grants_what_is_there_too_the_growth_that_is_asked_for_again(
    there: list[tuple[int, bool, bool]], asked: list[int]
) -> None:
    halves = [(Prefix(4, (10 << 24) + 32 * at, 28), Prefix(4, (10 << 24) + 32 * at + 16, 28)) for at, _, _ in there]
    vnets = {
        f"old{number}": {"address_space": [str(low)], "growth": [str(high)], "renumber": movable}
        for number, ((low, high), (_, _, movable)) in enumerate(zip(halves, there, strict=True))
    }
    estate = Topology.model_validate({"schema": 1, "planning": {"pools": {"p": ["10.0.0.0/25"]}}, "vnets": vnets})
    again = [VNetWanted(f"old{n}", length=28, growth=27) for n, (_, wanted, _) in enumerate(there) if wanted]
    wanted = [*again, *(VNetWanted(f"new{number}", length=length) for number, length in enumerate(asked))]
    found = plan(estate, wanted)
    for way in found.ways if isinstance(found, Refusal) else ():
        if way.edit is not None and "others do not" not in way.text:
            assert isinstance(plan(way.edit.apply(estate), wanted), Plan)


def test_a_plan_that_is_out_of_date_is_not_carried_out() -> None:
    estate = topology(FILE)
    found = planned(estate, VNetWanted("aa", length=24, pool="weu"))
    taken = add(("vnets", "z"), VNet(address_space=(found.rows[0].prefix,))).apply(estate)
    with pytest.raises(EditError, match="no longer free for aa: z has"):
        found.edit.apply(taken)
    named = add(("vnets", "aa"), VNet()).apply(estate)
    with pytest.raises(EditError, match="a network aa by now"):
        found.edit.apply(named)


def test_notes_and_a_title_come_with_the_edit() -> None:
    one = VNetWanted("aa", note="why", subnets=(SubnetWanted("web", 26),), subnet_notes=(("web", "tier"),))
    found = planned(topology(""), one)
    assert found.edit.title == "Add VNet aa"
    vnet = found.edit.apply(topology("")).vnets["aa"]
    assert (vnet.note, vnet.subnets["web"].note) == ("why", "tier")
    two = planned(topology(""), VNetWanted("aa", length=24), VNetWanted("bb", length=24))
    assert two.edit.title == "Add 2 VNets"
    assert planned(topology("")).rows == ()
