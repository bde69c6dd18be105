"""The rules together: the issue's table, fixes, and an engine that remembers nothing wrongly.

Invariant: every rule of the table fires and nearly fires in some case of this folder, in each of its severities.
"""

from __future__ import annotations

import pickle
import tomllib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.checks import (
    TODAY,
    Case,
    test_adr,
    test_con,
    test_gwy,
    test_ref,
    test_sub,
    test_svc_nam_reg_lim,
    test_wai,
)
from tests.unit.checks.test_memory import (
    CLOUDS,
    GATEWAY_FIELDS,
    LIMIT_FIELDS,
    LINK_FIELDS,
    SITE_FIELDS,
    VNET_FIELDS,
    key_of,
)
from tests.unit.connectivity.strategies import topologies
from tui.checks.engine import check, rules
from tui.checks.rule import Finding
from tui.errors import EditError
from tui.topology.edits import Edit, change, connect, delete, peer, rename
from tui.topology.model import Topology
from tui.topology.prefix import Prefix
from tui.topology.table import Table

TABLE = {
    "REF001": "error", "REF002": "error", "REF003": "warning", "REF004": "info", "REF005": "error",
    "ADR001": "error", "ADR002": "warning info", "ADR003": "error info", "ADR004": "error", "ADR005": "warning",
    "ADR006": "warning info", "ADR007": "error info", "ADR008": "error", "ADR009": "warning", "ADR010": "error",
    "ADR011": "error info",
    "SUB001": "error", "SUB002": "error", "SUB003": "error", "SUB004": "error", "SUB005": "error warning",
    "SUB006": "info", "SUB007": "error",
    "GWY001": "error", "GWY002": "error", "GWY003": "error warning", "GWY004": "warning", "GWY005": "warning",
    "GWY006": "warning info", "GWY007": "error", "GWY008": "error", "GWY009": "error", "GWY010": "error",
    "GWY011": "info",
    "CON001": "error", "CON002": "warning", "CON003": "error", "CON004": "warning", "CON005": "error",
    "SVC001": "error", "SVC002": "warning",
    "NAM001": "error", "NAM002": "error", "REG001": "warning",
    "LIM001": "warning error",
    "WAI001": "warning",
}  # fmt: skip
"""Every rule of the issue's table, with its severities: the usual one first."""

WITH_FIX = {
    "REF001", "REF005", "ADR001", "ADR003", "SUB004", "SUB006", "GWY001", "GWY002", "GWY005", "GWY007", "GWY011",
    "CON003", "CON004", "REG001", "WAI001",
}  # fmt: skip
"""The rules that offer a fix."""

FAMILIES = (test_ref, test_adr, test_sub, test_gwy, test_con, test_svc_nam_reg_lim, test_wai)
CASES: tuple[Case, ...] = tuple(one for family in FAMILIES for one in family.CASES)
FIRING = [one for one in CASES if one.wanted]
SMALL = [one for one in FIRING if len(one.text) < 20_000]
"""Without the cases of LIM001 that need a thousand of a thing."""


def test_the_rules_are_those_of_the_table() -> None:
    assert set(rules()) == set(TABLE)
    assert list(rules()) == sorted(TABLE)
    assert {code: one.severity for code, one in rules().items()} == {
        code: kinds.split()[0] for code, kinds in TABLE.items()
    }


def test_every_rule_fires_and_nearly_fires() -> None:
    assert {one.code for one in FIRING} == set(TABLE)
    assert {one.code for one in CASES if not one.wanted} == set(TABLE)


def test_every_severity_of_every_rule_has_a_case() -> None:
    seen = {code: {want.severity for one in FIRING if one.code == code for want in one.wanted} for code in TABLE}
    assert seen == {code: set(kinds.split()) for code, kinds in TABLE.items()}


def test_no_two_cases_have_one_name() -> None:
    assert [name for name, count in Counter(map(str, CASES)).items() if count > 1] == []


@pytest.mark.parametrize("code", sorted(TABLE))
def test_a_rule_says_why_and_whence(code: str) -> None:
    one = rules()[code]
    assert all((one.title, one.why, one.source, one.help))
    assert not one.title.endswith(".")
    assert one.why.endswith(".")


def bare(found: Iterable[Finding]) -> list[tuple[object, ...]]:
    """Findings without their fixes, which are functions; the titles of those instead."""
    return [
        (f.code, f.severity, f.where, f.message, f.help, f.waived, f.subject, [fix.title for fix in f.fixes])
        for f in found
    ]


def gist(found: Iterable[Finding]) -> Counter[tuple[object, ...]]:
    """Findings without what may depend on the order of the file."""
    return Counter((f.code, f.severity, frozenset(f.where)) for f in found)


# Fixes


def test_which_rules_offer_a_fix() -> None:
    offering = {f.code for one in SMALL for f in check(topology(one.text), TODAY) if f.code == one.code and f.fixes}
    assert offering == WITH_FIX


@pytest.mark.parametrize("one", [one for one in FIRING if one.code in WITH_FIX], ids=str)
def test_a_fix_removes_its_finding_and_adds_no_error(one: Case) -> None:
    before = topology(one.text)
    found = check(before, TODAY)
    errors = gist(f for f in found if f.severity == "error")
    follow_up: set[str] = set()
    for finding in found:
        for fix in finding.fixes if finding.code == one.code else ():
            after = check(fix.apply(before), TODAY)
            assert (finding.where, finding.message) not in [(f.where, f.message) for f in after if f.code == one.code]
            left, had = (Counter(f.code for f in some if f.where == finding.where) for some in (after, found))
            assert left[one.code] < had[one.code] or finding.where not in {f.where for f in after}, fix.title
            follow_up |= {str(key[0]) for key in gist(f for f in after if f.severity == "error") - errors}
            assert fix.title
    assert follow_up == set(one.follow_up)


# The same topology has the same findings


def backwards(topo: Topology) -> Topology:
    """The topology with every table in the other order."""

    def turned(table: Table[Any], inner: str = "") -> Table[Any]:
        entries = [(name, part) for name, part in table.items()]
        if inner:
            entries = [(name, part.model_copy(update={inner: turned(getattr(part, inner))})) for name, part in entries]
        return Table(reversed(entries))

    tables = {"vnets": "subnets", "sites": "devices"} | dict.fromkeys(
        ("subscriptions", "connections", "peerings", "services", "waivers"), ""
    )
    return topo.model_copy(update={name: turned(getattr(topo, name), inner) for name, inner in tables.items()})


@pytest.mark.parametrize("one", SMALL, ids=str)
def test_the_order_of_the_file_makes_no_difference(one: Case) -> None:
    topo = topology(one.text)
    assert gist(check(backwards(topo), TODAY)) == gist(check(topo, TODAY))


def test_all_cases_one_after_another_and_again() -> None:
    parsed = [topology(one.text) for one in CASES if len(one.text) < 20_000]
    first = [bare(check(one, TODAY)) for one in parsed]
    assert [bare(check(one, TODAY)) for one in reversed(parsed)] == first[::-1]


# Nonsense

NAMES = ("a", "b", "c", "A", "", "a.b", 'q"x', "[x]", "*", "größe", "🙂", "\u202eb", "\0", "x" * 91)
PREFIXES = (
    "0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.0.128/25", "10.0.0.0/32", "172.17.0.0/16",
    "8.8.8.0/24", "255.255.255.255/32", "168.63.129.16/32", "fd00::/48", "fd00::/64", "::/128", "::a00:0/112",
)  # fmt: skip
name, prefixes = st.sampled_from(NAMES), st.lists(st.sampled_from(PREFIXES), max_size=3)
names, flag = st.lists(name, max_size=3), st.booleans()
pair = st.tuples(name, name)
asn = st.sampled_from([0, 65515, 65010, 65535, 4294967295])


def part(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A table of the file with any of these keys."""
    return st.fixed_dictionaries({}, optional=fields)


def tables(entry: st.SearchStrategy[dict[str, Any]], most: int = 4) -> st.SearchStrategy[dict[str, Any]]:
    """A table of such tables."""
    return st.dictionaries(name, entry, max_size=most)


gateway = part(
    sku=st.sampled_from(["Basic", "VpnGw1", "VpnGw2AZ", "Classic", "", "vpngw1az"]),
    generation=st.integers(-1, 3),
    vpn_type=st.sampled_from(["RouteBased", "PolicyBased"]),
    asn=asn,
    active_active=flag,
    tunnel_budget=st.integers(0, 12),
    p2s_pools=prefixes,
    name=name,
)
subnet_names = st.sampled_from(
    ["GatewaySubnet", "gatewaysubnet", "GATEWAYSUBNET", "AzureFirewallSubnet", "", "web", "a.b"]
)
vnet = part(
    subscription=name,
    region=st.sampled_from(["westeurope", "West Europe", "", "mars"]),
    resource_group=name,
    address_space=prefixes,
    growth=prefixes,
    pool=name,
    azure_name=name,
    isolated=flag,
    transit=flag,
    subnets=st.dictionaries(subnet_names, prefixes, max_size=3),
    gateway=gateway,
    odd=st.just(1),
)
site = part(
    address_space=prefixes,
    advertises=prefixes,
    vpn_device=name,
    devices=tables(part(address=name, asn=asn), 2),
    asn=asn,
    subscription=name,
)
kinds = st.sampled_from(["vpn", "vpn", "expressroute"])
connection = part(
    kind=kinds, bgp=flag, devices=names, bandwidth_mbps=st.sampled_from([0, 99.5, 1e6]), subscription=name
)
service = st.fixed_dictionaries(
    {"kind": st.sampled_from(["cloud-service", "online-backup"])}, optional={"vnets": names}
)
globs = st.sampled_from(["*", "vnets.*", "vnets.a", "vnets.[", 'vnets."a.b"', "waivers.*", ""])
waiver = st.fixed_dictionaries({"code": st.sampled_from([*TABLE, ""]), "where": st.lists(globs, max_size=2)})
planning = part(
    own_public=prefixes,
    workloads=st.lists(st.sampled_from(["aks", "container-apps", "docker"])),
    pools=tables(part(prefixes=prefixes, region=name), 2),
    avoid=st.dictionaries(st.sampled_from(PREFIXES), name, max_size=2),
)
nonsense = st.builds(
    lambda data, links, peerings: Topology.model_validate(
        {
            **data,
            "connections": {key: {"between": ends, **fields} for key, (ends, fields) in links.items()},
            "peerings": {key: {"between": ends, **fields} for key, (ends, fields) in peerings.items()},
        }
    ),
    part(
        planning=planning,
        checks=st.dictionaries(
            st.sampled_from([*TABLE, "NOPE"]), st.sampled_from(["off", "info", "error"]), max_size=2
        ),
        limits=part(vnets_per_region=st.integers(0, 2), prefixes_per_gateway=st.integers(0, 2)),
        subscriptions=tables(part(cloud=st.sampled_from(["public", "usgov", "china"]))),
        vnets=tables(vnet, 6),
        sites=tables(site),
        services=tables(service, 2),
        waivers=tables(waiver, 3),
    ),
    st.dictionaries(name, st.tuples(pair, connection), max_size=5),
    st.dictionaries(name, st.tuples(pair, part(gateway_transit=name)), max_size=4),
)


@settings(max_examples=150)
@given(nonsense)
def test_no_rule_fails_whatever_the_file_says(topo: Topology) -> None:
    found = check(topo, TODAY)
    for finding in found:
        assert finding.message
        assert finding.where
        for place in finding.places:
            tomllib.loads(f"{place} = 1")
        for fix in finding.fixes:
            after = check(fix.apply(topo), TODAY)
            assert (finding.code, finding.where, finding.message) not in [(f.code, f.where, f.message) for f in after]
    assert bare(check(topo, TODAY)) == bare(found)
    assert gist(check(backwards(topo), TODAY)) == gist(found)


@settings(max_examples=60)
@given(topologies(addresses=True, gateways=True))
def test_no_rule_fails_on_dense_topologies(topo: Topology) -> None:
    found = check(topo, TODAY)
    assert bare(check(pickle.loads(pickle.dumps(topo)), TODAY)) == bare(found)
    assert gist(check(backwards(topo), TODAY)) == gist(found)


# Memory


def edits(topo: Topology) -> st.SearchStrategy[Edit]:
    """Edits of what the rules look at, of parts that may not be there."""
    blocks = prefixes.map(lambda texts: tuple(map(Prefix.parse, texts)))
    path = st.sampled_from([("vnets", key) for key in (*topo.vnets, "a")])
    inner = [("vnets", key, "subnets", subnet) for key, vnet in topo.vnets.items() for subnet in vnet.subnets]
    subnet = st.sampled_from(inner or [("vnets", "a", "subnets", "web")])
    links = st.sampled_from(LINK_FIELDS)
    return st.one_of(
        st.builds(lambda at, space: change(at, address_space=space), path, blocks),
        st.builds(lambda at, pool: change(at, pool=pool), path, name),
        st.builds(lambda at, sku: change((*at, "gateway"), sku=sku), path, st.sampled_from(["Basic", "No"])),
        st.builds(lambda at, to: change((*at, "gateway"), **to), path, st.sampled_from(GATEWAY_FIELDS)),
        st.builds(lambda at, to: change(at, **to), path, st.sampled_from(VNET_FIELDS)),
        st.builds(lambda at, to: change(("sites", at), **to), key_of(topo.sites), st.sampled_from(SITE_FIELDS)),
        st.builds(lambda at, to: change(("connections", at), **to), key_of(topo.connections), links),
        st.builds(lambda at, hub: change(("peerings", at), gateway_transit=hub), key_of(topo.peerings), name),
        st.builds(lambda at, cloud: change(("subscriptions", at), cloud=cloud), key_of(topo.subscriptions), CLOUDS),
        st.builds(lambda to: change(("limits",), **to), st.sampled_from(LIMIT_FIELDS)),
        st.builds(connect, name, name),
        st.builds(peer, name, name),
        st.builds(lambda at, space: change(at, prefixes=space), subnet, blocks),
        st.builds(rename, path, name),
        st.builds(rename, subnet, name),
        st.builds(delete, path),
        st.builds(lambda at: delete((*at, "gateway")), path),
        st.builds(lambda own: change(("planning",), own_public=own), blocks),
        st.builds(lambda block, reason: change(("planning",), avoid={block: reason}), st.sampled_from(PREFIXES), name),
        st.builds(lambda code, to: change((), checks={code: to}), st.sampled_from(list(TABLE)), st.just("off")),
    )


@settings(max_examples=100)
@given(nonsense, st.data())
def test_what_is_remembered_is_never_stale(topo: Topology, data: st.DataObject) -> None:
    first = bare(check(topo, TODAY))
    after = topo
    for _ in range(data.draw(st.integers(1, 4))):
        with suppress(EditError):
            after = data.draw(edits(after)).apply(after)
        found = bare(check(after, TODAY))
        fresh = pickle.loads(pickle.dumps(after))
        assert fresh == after
        assert bare(check(fresh, TODAY)) == found
    assert bare(check(topo, TODAY)) == first


def test_one_object_under_two_names_is_two_vnets() -> None:
    one = topology("vnets.a = {}").vnets["a"]
    topo = Topology(vnets=Table({"a": one, "b": one}))
    for _ in range(2):
        assert [f.places for f in check(topo, TODAY) if f.code == "ADR007"] == [("vnets.a",), ("vnets.b",)]
    swapped = topo.model_copy(update={"vnets": Table({"b": one, "c": one})})
    assert [f.places for f in check(swapped, TODAY) if f.code == "ADR007"] == [("vnets.b",), ("vnets.c",)]


def test_another_planning_is_asked_again() -> None:
    topo = topology("vnets.a.address_space = ['8.8.8.0/24']")
    own = change(("planning",), own_public=(Prefix.parse("8.8.8.0/24"),)).apply(topo)
    assert own.vnets["a"] is topo.vnets["a"]
    public = [[f.code for f in check(one, TODAY) if f.code == "ADR005"] for one in (topo, own, topo)]
    assert public == [["ADR005"], [], ["ADR005"]]
