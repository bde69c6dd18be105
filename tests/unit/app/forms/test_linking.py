"""Linking: connecting, peering and adding gateways, with what comes of it said before it happens."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.connectivity.strategies import often, topologies
from tui.app.forms.form import Form, Judgement
from tui.app.forms.linking import connect, gateway, peer
from tui.app.meters import load, tunnels
from tui.checks.engine import check
from tui.connectivity.budgets import budgets
from tui.errors import EditError
from tui.topology.model import Topology

WAN = """
    [vnets.hub]
    address_space = ["10.0.0.0/16"]
    subnets.GatewaySubnet = "10.0.255.0/27"
    gateway = { sku = "VpnGw2AZ", asn = 65010 }
    [vnets.east]
    address_space = ["10.4.0.0/16"]
    subnets.GatewaySubnet = "10.4.255.0/27"
    gateway = { sku = "VpnGw2AZ", asn = 65020 }
    [vnets.app]
    address_space = ["10.1.0.0/24"]
    [vnets.web]
    address_space = ["10.2.0.0/24"]
    [vnets.full]
    address_space = ["10.3.0.0/27"]
    subnets.everything = "10.3.0.0/27"
    [vnets.twin]
    address_space = ["10.1.0.0/25"]
    [vnets.old]
    address_space = ["10.5.0.0/24"]
    gateway = { sku = "Basic", vpn_type = "PolicyBased" }
    [vnets.small]
    address_space = ["10.6.0.0/24"]
    subnets.GatewaySubnet = "10.6.0.0/27"
    gateway = { sku = "Basic" }
    [vnets.vault]
    address_space = ["10.7.0.0/24"]
    isolated = true
    [vnets."a b, c"]
    address_space = ["10.8.0.0/24"]
    [sites.hq]
    address_space = ["192.168.0.0/24"]
    vpn_device = "203.0.113.1"
    asn = 65010
    [sites.dc]
    address_space = ["192.168.1.0/24"]
    devices = { fw1 = "203.0.113.2", fw2 = "203.0.113.3" }
    [connections.hub-to-dc]
    between = ["hub", "dc"]
    bandwidth_mbps = 200
    bgp = false
"""


def judged(form: Form, before: Topology, **values: str) -> Judgement:
    """What is said of the form with some fields filled in and the others left as they come."""
    return form.judge(before, {**form.initial, **values})


def joining(a: str, b: str, text: str = WAN, **values: str) -> Judgement:
    """What is said of connecting `a` to `b`."""
    before = topology(text)
    return judged(connect(before, [a]), before, to=b, **values)


def said(judgement: Judgement, key: str) -> str:
    """The notices of a field, as lines."""
    return "\n".join(f"{notice.severity}: {notice.text}" for notice in judgement.notices.get(key, ()))


def accepted(judgement: Judgement, text: str = WAN) -> Topology:
    """The topology once the form is accepted."""
    assert judgement.edit is not None
    return judgement.edit.apply(topology(text))


# Connecting two


def test_connecting_shows_both_meters_as_they_would_become() -> None:
    judgement = joining("hub", "east", bandwidth_mbps="100")
    assert judgement.effects == (
        "hub  2/30 28 left → 3/30 27 left",
        "hub  200/1000 Mbps → 300/1000 Mbps",
        "east  0/30 30 left → 1/30 29 left",
        "east  0/1000 Mbps → 100/1000 Mbps",
    )


def test_one_edit_connects_them_and_the_cursor_goes_to_the_connection() -> None:
    judgement = joining("hub", "east", bgp="yes", note="primary", name="backbone")
    after = accepted(judgement)
    assert judgement.path == ("connections", "backbone")
    assert judgement.edit is not None
    assert judgement.edit.title == "Connect hub and east"
    made = after.connections["backbone"]
    assert (made.between, made.bgp, made.note) == (("hub", "east"), True, "primary")


def test_a_connection_is_named_after_its_ends_by_a_name_that_is_free() -> None:
    assert joining("hub", "dc").path == ("connections", "hub-to-dc-2")


def test_a_missing_gateway_is_added_with_the_usual_sku_and_a_free_subnet() -> None:
    judgement = joining("hub", "app")
    assert "app gets VpnGw2AZ and GatewaySubnet 10.1.0.224/27" in judgement.effects
    assert "app  no gateway → 1/30 29 left" in judgement.effects
    app = accepted(judgement).vnets["app"]
    assert app.gateway is not None
    assert app.gateway.sku == "VpnGw2AZ"
    assert [str(prefix) for prefix in app.subnets["GatewaySubnet"].prefixes] == ["10.1.0.224/27"]


def test_where_no_gateway_has_a_sku_the_usual_one_is_offered() -> None:
    before = topology('[vnets.a]\naddress_space = ["10.0.0.0/24"]\n[vnets.b]')
    assert connect(before, ["a"]).initial["sku"] == "VpnGw1AZ"


def test_gateways_added_for_bgp_have_asns_of_their_own() -> None:
    after = accepted(joining("app", "web", bgp="yes"))
    asns = [part.asn for name in ("app", "web") if (part := after.vnets[name].gateway)]
    assert asns == [64512, 64513]


def test_without_room_for_a_gateway_subnet_no_gateway_can_be_added() -> None:
    judgement = joining("hub", "full")
    assert "error: no /27 is free in full" in said(judgement, "gateways")
    assert judgement.edit is None
    assert judgement.notices["gateways"][0].offer == "no"


def test_a_missing_gateway_that_is_not_added_is_said_and_may_be_planned() -> None:
    judgement = joining("hub", "full", gateways="no")
    assert "error: full is an end of hub-to-full and has no gateway" in said(judgement, "gateways")
    assert accepted(judgement).vnets["full"].gateway is None


def test_expressroute_takes_no_tunnel_and_needs_no_vpn_gateway() -> None:
    judgement = joining("app", "hq", kind="expressroute")
    assert judgement.effects == ()
    assert accepted(judgement).connections["app-to-hq"].kind == "expressroute"


def test_a_network_that_does_not_exist_is_refused_and_the_nearest_offered() -> None:
    judgement = joining("hub", "east, wep")
    (notice,) = judgement.notices["to"]
    assert notice.text == "there is no network wep; did you mean web?"
    assert notice.offer == "east, web"
    assert judgement.edit is None


def test_among_thousands_a_name_begun_or_misspelt_by_a_letter_is_offered_still() -> None:
    before = topology("\n".join(f"[vnets.vnet-{number}]" for number in range(1000, 2000)))
    form = connect(before, ["vnet-1000"])
    offers = [judged(form, before, to=word).notices["to"][0].offer for word in ("vnet-120", "vnte-1200", "vnet1200")]
    assert offers == ["vnet-1200", "vnet-1200", "vnet-1200"]


def test_a_network_is_not_connected_to_itself() -> None:
    judgement = joining("hub", "hub, east")
    assert "hub cannot be linked to itself" in said(judgement, "to")
    assert judgement.notices["to"][0].offer == "east"
    assert judgement.edit is None


def test_nothing_is_connected_until_the_other_end_is_named() -> None:
    judgement = joining("hub", " ")
    assert judgement.edit is None
    assert "name the network at the other end" in said(judgement, "to")


def test_a_second_connection_of_a_pair_is_warned_about_by_the_name_of_the_first() -> None:
    judgement = joining("hub", "dc")
    assert "warning: hub and dc are connected already, by hub-to-dc." in said(judgement, "to")
    assert judgement.edit is not None


def test_a_site_is_not_connected_with_a_site() -> None:
    judgement = joining("hq", "dc")
    assert "one end must be a VNet" in said(judgement, "to")
    assert judgement.edit is None


def test_names_with_blanks_and_commas_are_names() -> None:
    assert joining("hub", "a b, c").path == ("connections", "hub-to-a b, c")


def test_completion_offers_what_is_not_linked_yet() -> None:
    before = topology(WAN)
    form = connect(before, ["hub"])
    offered = form.fields[0].choices(before, form.initial)
    assert "east" in offered
    assert not {"hub", "dc"} & set(offered)
    assert "hq" not in connect(before, ["dc"]).fields[0].choices(before, {})


def test_the_devices_of_the_site_are_offered_and_chosen() -> None:
    before = topology(WAN)
    form = connect(before, ["dc"])
    devices = next(field for field in form.fields if field.key == "devices")
    assert list(devices.choices(before, {"to": "east"})) == ["fw1", "fw2"]
    judgement = judged(form, before, to="east", devices="fw2")
    assert "east  0/30 30 left → 1/30 29 left" in judgement.effects
    assert accepted(judgement).connections["dc-to-east"].devices == ("fw2",)


def test_a_device_that_the_site_lacks_is_refused() -> None:
    (notice,) = joining("dc", "east", devices="fw3").notices["devices"]
    assert notice.text == "dc has no device fw3; it has fw1 and fw2"
    assert notice.offer in ("fw1", "fw2")


def test_devices_without_a_site_are_left_out() -> None:
    judgement = joining("hub", "east", devices="fw1")
    assert "warning: left out" in said(judgement, "devices")
    assert accepted(judgement).connections["hub-to-east"].devices is None


@pytest.mark.parametrize("text", ["-1", "fast", "1e99", "nan", "inf", "²"])
def test_a_bandwidth_that_is_no_number_is_refused(text: str) -> None:
    judgement = joining("hub", "east", bandwidth_mbps=text)
    assert judgement.edit is None
    assert "as a number" in said(judgement, "bandwidth_mbps")


@pytest.mark.parametrize(
    ("key", "text", "offer"),
    [("bgp", "ys", "yes"), ("bgp", "off", "no"), ("kind", "vpm", "vpn"), ("gateways", "y", "yes")],
)
def test_a_choice_that_there_is_not_is_refused(key: str, text: str, offer: str) -> None:
    judgement = joining("hub", "east", **{key: text})
    assert judgement.edit is None
    assert judgement.notices[key][0].offer == offer


def test_an_unknown_sku_is_refused_and_the_nearest_offered() -> None:
    (notice,) = joining("hub", "app", sku="VpnGw2A").notices["sku"]
    assert notice.offer == "VpnGw2AZ"


def test_a_sku_that_is_going_is_warned_about_with_its_successor() -> None:
    (notice,) = joining("hub", "app", sku="VpnGw2").notices["sku"]
    assert (notice.severity, notice.offer) == ("warning", "VpnGw2AZ")


def test_a_sku_is_of_no_matter_where_no_gateway_is_added() -> None:
    assert joining("hub", "east", sku="nonsense").edit is not None


def test_a_name_that_is_taken_is_refused_and_a_free_one_offered() -> None:
    (notice,) = joining("hub", "east", name="hub-to-dc").notices["name"]
    assert notice.offer == "hub-to-dc-2"


# What the rules would say


def test_an_overlap_is_said_with_whom_and_where_and_does_not_forbid() -> None:
    judgement = joining("app", "twin")
    assert "error: app and twin overlap: 10.1.0.0/24 and 10.1.0.0/25; they are linked directly" in said(judgement, "to")
    assert judgement.edit is not None


def test_an_overlap_with_what_hangs_on_the_other_end_is_said() -> None:
    text = WAN + '[connections.hub-to-app]\nbetween = ["hub", "app"]'
    judgement = joining("twin", "hub", text)
    assert "error: app and twin overlap: 10.1.0.0/24 and 10.1.0.0/25; both are linked to hub" in said(judgement, "to")


def test_overlaps_that_are_there_already_are_not_said() -> None:
    text = WAN + '[connections.a]\nbetween = ["hub", "app"]\n[connections.b]\nbetween = ["hub", "twin"]'
    assert "overlap" not in said(joining("hub", "east", text), "to")


def test_many_overlaps_are_folded() -> None:
    spokes = "".join(
        f'[vnets.s{number}]\naddress_space = ["10.9.{number}.0/24"]\n'
        f'[connections.hub-to-s{number}]\nbetween = ["hub", "s{number}"]\n'
        for number in range(10)
    )
    judgement = joining("wide", "hub", WAN + spokes + '[vnets.wide]\naddress_space = ["10.9.0.0/16"]')
    overlaps = [line for line in said(judgement, "to").splitlines() if "overlap" in line]
    assert len(overlaps) == 4
    assert "error: 7 more overlaps between networks that this would join" in overlaps


@pytest.mark.parametrize(
    ("a", "b", "values", "key", "expected"),
    [
        ("hub", "old", {}, "to", "error: the gateway of old is PolicyBased (static routing)"),
        ("old", "hq", {}, "to", "info: the gateway of old is PolicyBased (static routing): one tunnel"),
        ("hub", "small", {}, "to", "info: the gateway of small is Basic, with 10 tunnels and 100 Mbps in all, no BGP"),
        ("hub", "small", {"bgp": "yes"}, "bgp", "error: hub-to-small use BGP at small, and Basic has no BGP"),
        ("hub", "hq", {"bgp": "yes"}, "bgp", "speak BGP over hub-to-hq with the same ASN 65010"),
        ("hub", "vault", {}, "to", "error: vault is marked isolated"),
        ("east", "dc", {}, "bgp", "warning: dc has 2 devices (fw1 and fw2) on the gateway of east"),
        ("hub", "east", {"bandwidth_mbps": "900"}, "bandwidth_mbps", "hub are expected to carry 1100 Mbps"),
        ("old", "dc", {}, "to", "2 tunnels (0 VNet-to-VNet, 2 site-to-site); 1 is allowed"),
    ],
)
def test_what_the_rules_would_find_is_said_before(
    a: str, b: str, values: dict[str, str], key: str, expected: str
) -> None:
    judgement = joining(a, b, **values)
    assert expected in said(judgement, key)
    assert judgement.edit is not None


def test_a_budget_that_would_be_exceeded_is_said_with_figures() -> None:
    text = WAN.replace('sku = "VpnGw2AZ", asn = 65010', 'sku = "VpnGw2AZ", asn = 65010, tunnel_budget = 2')
    judgement = joining("hub", "east", text)
    assert "warning: the gateway of hub has 3 tunnels" in said(judgement, "to")
    assert "its own tunnel_budget is 2" in said(judgement, "to")
    assert "hub  2/2 0 left → 3/2 1 over" in judgement.effects


def test_the_same_asn_far_along_a_bgp_domain_is_said() -> None:
    text = (
        WAN
        + """
    [vnets.far]
    gateway = { sku = "VpnGw1AZ", asn = 65010 }
    [connections.east-to-far]
    between = ["east", "far"]
    bgp = true
    """
    )
    assert "the gateways of hub and far are in one BGP domain and share the ASN 65010" in said(
        joining("hub", "east", text, bgp="yes"), "bgp"
    )


def test_a_spoke_that_borrows_a_gateway_is_not_given_one_unseen() -> None:
    text = WAN + '[peerings.hub-to-app]\nbetween = ["hub", "app"]\ngateway_transit = "hub"'
    assert "app uses the gateway of hub" in said(joining("app", "east", text), "gateways")


def test_a_rule_that_the_file_switches_off_or_lowers_is_heeded() -> None:
    quiet = joining("app", "twin", 'checks = { ADR001 = "off" }\n' + WAN)
    lower = joining("app", "twin", 'checks = { ADR001 = "info" }\n' + WAN)
    assert "overlap" not in said(quiet, "to")
    assert "info: app and twin overlap" in said(lower, "to")


# Several


def several(names: list[str], **values: str) -> Judgement:
    """What is said of connecting marked networks."""
    before = topology(WAN)
    return judged(connect(before, names), before, **values)


def test_a_star_connects_all_with_the_first() -> None:
    judgement = several(["hub", "app", "web"])
    assert judgement.edit is not None
    assert judgement.edit.title == "Connect hub to 2 networks"
    made = [link.between for link in accepted(judgement).connections.values()]
    assert made[1:] == [("hub", "app"), ("hub", "web")]
    assert judgement.effects[0] == "hub  2/30 28 left → 4/30 26 left"


def test_a_mesh_connects_each_with_each_in_one_step() -> None:
    judgement = several(["hub", "east", "app", "web"], shape="mesh")
    assert judgement.edit is not None
    assert judgement.edit.title == "Mesh 4 networks (6 connections)"
    assert len(accepted(judgement).connections) == 7


def test_sites_are_never_meshed_with_each_other_and_that_is_said() -> None:
    judgement = several(["hub", "hq", "dc", "east"], shape="mesh")
    assert "left out, for a site is not connected with a site: hq – dc" in said(judgement, "networks")
    assert not [link for link in accepted(judgement).connections.values() if set(link.between) == {"hq", "dc"}]


def test_pairs_that_are_connected_already_are_left_out_and_that_is_said() -> None:
    judgement = several(["hub", "dc", "app"])
    assert "info: connected already, left out: hub – dc" in said(judgement, "networks")
    assert list(accepted(judgement).connections) == ["hub-to-dc", "hub-to-app"]


def test_the_list_of_networks_can_be_changed() -> None:
    judgement = several(["hub", "app", "web"], networks="east, app")
    assert judgement.path == ("connections", "east-to-app")


def test_a_mesh_beyond_all_gateways_is_refused_at_once() -> None:
    before = topology("\n".join(f"[vnets.v{number}]" for number in range(200)))
    judgement = judged(connect(before, list(before.vnets)), before, shape="mesh")
    assert judgement.edit is None
    assert "19900 connections" in said(judgement, "shape")


def test_one_network_may_be_connected_to_several_by_hand() -> None:
    judgement = joining("hub", "app web", name="mine")
    assert judgement.edit is not None
    assert judgement.edit.title == "Connect hub to 2 networks"
    assert "left out" in said(judgement, "name")


def test_a_form_for_nothing_or_for_a_network_that_is_gone_is_an_error() -> None:
    with pytest.raises(EditError):
        connect(topology(WAN), [])
    with pytest.raises(EditError, match="there is no network gone"):
        connect(topology(WAN), ["gone"])


@often
@given(topologies(addresses=True, gateways=True), st.data())
def test_what_is_said_before_is_what_holds_after(any_topology: Topology, data: st.DataObject) -> None:
    everyone = [*any_topology.vnets, *(name for name in any_topology.sites if name not in any_topology.vnets)]
    names = data.draw(st.lists(st.sampled_from(everyone), min_size=1, max_size=4, unique=True))
    values = data.draw(
        st.fixed_dictionaries(
            {
                "to": st.lists(st.sampled_from(everyone), max_size=3).map(", ".join),
                "shape": st.sampled_from(["star", "mesh"]),
                "gateways": st.sampled_from(["yes", "no"]),
                "bgp": st.sampled_from(["yes", "no"]),
                "kind": st.sampled_from(["vpn", "vpn", "expressroute"]),
                "bandwidth_mbps": st.sampled_from(["", "700"]),
                "sku": st.sampled_from(["Basic", "VpnGw1AZ"]),
            }
        )
    )
    judgement = judged(connect(any_topology, names), any_topology, **values)
    if judgement.edit is None:
        assert any(notice.severity == "error" for notices in judgement.notices.values() for notice in notices)
        return
    after = judgement.edit.apply(any_topology)
    was, is_now = budgets(any_topology), budgets(after)
    expected = set()
    for name in after.vnets:
        for meter in (tunnels, load):
            before_text, after_text = (meter(of[name]) if name in of else "no gateway" for of in (was, is_now))
            used = any(of[name].bandwidth_used for of in (was, is_now) if name in of)
            if before_text != after_text and (meter is tunnels or used):
                expected.add(f"{name}  {before_text} → {after_text}")
    assert {effect for effect in judgement.effects if "→" in effect} == expected
    day = datetime.date(2026, 1, 1)
    codes = ("GWY001", "GWY002", "GWY003", "GWY006", "GWY008", "GWY009", "CON001", "CON003", "CON004", "ADR001")
    known = {(found.code, found.where) for found in check(any_topology, day)}
    fresh = [found for found in check(after, day) if found.code in codes and (found.code, found.where) not in known]
    texts = [notice.text for notices in judgement.notices.values() for notice in notices]
    folded = any("more overlaps" in text for text in texts)
    assert [
        found.message for found in fresh if found.message not in texts and not (folded and found.code == "ADR001")
    ] == []


# Gateways


def adding(vnet: str, text: str = WAN, **values: str) -> Judgement:
    """What is said of giving `vnet` a gateway."""
    before = topology(text)
    return judged(gateway(before, vnet), before, **values)


def test_a_gateway_comes_with_a_free_subnet_and_says_what_it_brings() -> None:
    judgement = adding("app", sku="VpnGw1AZ")
    assert judgement.effects == ("app  VpnGw1AZ, with 30 tunnels and 650 Mbps in all, SLA 99.95 %",)
    app = accepted(judgement).vnets["app"]
    assert [str(prefix) for prefix in app.subnets["GatewaySubnet"].prefixes] == ["10.1.0.224/27"]
    assert judgement.path == ("vnets", "app", "gateway")


def test_the_gateway_subnet_is_not_asked_for_where_there_is_one() -> None:
    before = topology('[vnets.a]\naddress_space = ["10.0.0.0/24"]\nsubnets.gatewaysubnet = "10.0.0.0/27"')
    assert "gateway_subnet" not in [field.key for field in gateway(before, "a").fields]


def test_meters_are_shown_where_connections_wait_for_the_gateway() -> None:
    text = WAN + '[connections.hub-to-app]\nbetween = ["hub", "app"]'
    assert "app  no gateway → 1/30 29 left" in adding("app", text).effects


@pytest.mark.parametrize(
    ("values", "key", "expected", "offer"),
    [
        ({"sku": "VpnGw9"}, "sku", "VpnGw9 is no SKU of a VPN gateway", None),
        ({"sku": "VpnGw1AZ", "generation": "2"}, "generation", "VpnGw1AZ exists in generation 1", "1"),
        ({"asn": "many"}, "asn", "an ASN is a number", None),
        ({"vpn_type": "Route"}, "vpn_type", "write RouteBased or PolicyBased", "RouteBased"),
        ({"gateway_subnet": "10.1.0.225/27"}, "gateway_subnet", "is no CIDR block", "10.1.0.224/27"),
    ],
)
def test_what_cannot_be_written_down_is_refused(
    values: dict[str, str], key: str, expected: str, offer: str | None
) -> None:
    judgement = adding("app", **values)
    assert judgement.edit is None
    assert expected in said(judgement, key)
    assert offer is None or judgement.notices[key][0].offer == offer


@pytest.mark.parametrize(
    ("values", "key", "expected"),
    [
        ({"sku": ""}, "sku", "info: the gateway of app has no SKU: counted as Basic"),
        ({"vpn_type": "PolicyBased"}, "vpn_type", "error: the gateway of app is PolicyBased, and VpnGw2AZ is not"),
        ({"sku": "Basic", "active_active": "yes"}, "sku", "active-active, and Basic cannot be"),
        ({"asn": "65517"}, "asn", "error: ASN 65517 of the gateway of app is reserved by Azure"),
        (
            {"gateway_subnet": "10.9.0.0/27"},
            "gateway_subnet",
            "error: subnet GatewaySubnet of app: 10.9.0.0/27 lies outside",
        ),
        ({"gateway_subnet": "10.1.0.0/28"}, "gateway_subnet", "warning: GatewaySubnet of app is /28, smaller than"),
    ],
)
def test_what_azure_would_not_have_is_said_and_may_be_planned(values: dict[str, str], key: str, expected: str) -> None:
    judgement = adding("app", **values)
    assert expected in said(judgement, key)
    assert judgement.edit is not None


def test_a_gateway_subnet_that_meets_a_subnet_is_said_and_a_free_one_offered() -> None:
    text = WAN + '[vnets.c]\naddress_space = ["10.99.0.0/24"]\nsubnets.web = "10.99.0.0/25"'
    (notice,) = adding("c", text, gateway_subnet="10.99.0.0/27").notices["gateway_subnet"]
    assert "overlap" in notice.text
    assert notice.offer == "10.99.0.224/27"


def test_no_gateway_where_there_is_no_room() -> None:
    judgement = adding("full")
    assert judgement.edit is None
    assert "no /27 is free in full" in said(judgement, "gateway_subnet")


def test_next_free_puts_the_highest_free_block_into_the_field() -> None:
    before = topology(WAN)
    form = gateway(before, "app")
    assert form.next_free(before, form.initial, "gateway_subnet") == "10.1.0.224/27"
    assert form.next_free(before, form.initial, "sku") is None


@pytest.mark.parametrize("name", ["hub", "gone"])
def test_a_gateway_is_for_a_vnet_that_has_none(name: str) -> None:
    with pytest.raises(EditError):
        gateway(topology(WAN), name)


# Peerings


def peering(names: list[str], text: str = WAN, **values: str) -> Judgement:
    """What is said of peering."""
    before = topology(text)
    return judged(peer(before, names), before, **values)


def test_a_peering_lends_the_gateway_of_one_of_its_ends() -> None:
    before = topology(WAN)
    form = peer(before, ["hub", "app"])
    assert list(form.fields[1].choices(before, form.initial)) == ["hub", "app"]
    judgement = judged(form, before, gateway_transit="hub")
    assert accepted(judgement).peerings["hub-to-app"].gateway_transit == "hub"
    assert judgement.path == ("peerings", "hub-to-app")


def test_a_peering_takes_no_tunnel() -> None:
    assert peering(["hub", "east"]).effects == ()


@pytest.mark.parametrize(
    ("names", "values", "key", "expected"),
    [
        (["app", "twin"], {}, "to", "error: app and twin overlap"),
        (["hub", "east"], {"gateway_transit": "hub"}, "gateway_transit", "error: east uses the gateway of hub"),
        (["app", "web"], {"gateway_transit": "app"}, "gateway_transit", "error: app lends its gateway to"),
        (["hub", "vault"], {}, "to", "error: vault is marked isolated"),
    ],
)
def test_the_rules_about_peerings_are_said_before(
    names: list[str], values: dict[str, str], key: str, expected: str
) -> None:
    judgement = peering(names, **values)
    assert expected in said(judgement, key)
    assert judgement.edit is not None


@pytest.mark.parametrize(
    ("values", "key", "expected"),
    [
        ({"to": "hq"}, "to", "a peering joins two VNets"),
        ({"to": "app", "gateway_transit": "east"}, "gateway_transit", "it must be an end of this peering: hub or app"),
        ({"to": ""}, "to", "name the network at the other end"),
    ],
)
def test_a_peering_that_cannot_be_is_refused(values: dict[str, Any], key: str, expected: str) -> None:
    judgement = peering(["hub"], **values)
    assert judgement.edit is None
    assert expected in said(judgement, key)


def test_a_site_has_no_peering_form() -> None:
    with pytest.raises(EditError):
        peer(topology(WAN), ["hq"])
