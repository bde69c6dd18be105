"""What a file says, key by key: the example of the design, defaults, short forms, and what cannot be understood.

Invariant: a file that means something loads, however foolish its plan is; refused are wrong types and words.
"""

from __future__ import annotations

import copy
import datetime
import pickle
import textwrap
import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from tests.building import topology
from tui.topology.model import Device, Gateway, Part, Pool, Site, Subnet, VNet, frozen
from tui.topology.prefix import Prefix
from tui.topology.table import Table

EXAMPLE = """
    schema = 1
    name = "Contoso WAN"
    [planning]
    own_public = ["203.0.112.0/22"]
    workloads = ["aks"]
    [planning.pools]
    weu-prod = { prefixes = ["10.64.0.0/12"], region = "westeurope", default_size = "/22" }
    lab = ["172.20.0.0/14"]
    [planning.avoid]
    "10.244.0.0/16" = "AKS pods"
    [checks]
    ADR006 = "info"
    [subscriptions.prod]
    name = "Contoso Production"
    id = "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10"
    cloud = "public"
    [vnets.hub-weu]
    subscription = "prod"
    region = "westeurope"
    resource_group = "rg-network"
    address_space = ["10.64.0.0/16"]
    growth = ["10.65.0.0/16"]
    pool = "weu-prod"
    azure_name = "vnet-hub"
    isolated = false
    renumber = true
    transit = true
    state = "deployed"
    note = "shared services"
    tags = { owner = "network team", ticket = "NET-12" }
    [vnets.hub-weu.subnets]
    GatewaySubnet = "10.64.0.0/27"
    app = { prefixes = ["10.64.1.0/24"], note = "web tier" }
    [vnets.hub-weu.gateway]
    sku = "VpnGw1AZ"
    generation = 1
    vpn_type = "RouteBased"
    asn = 65010
    active_active = true
    tunnel_budget = 20
    p2s_pools = ["172.16.100.0/24"]
    [sites.dublin]
    address_space = ["192.168.10.0/24"]
    advertises = ["10.0.0.0/8", "0.0.0.0/0"]
    vpn_device = "203.0.113.10"
    asn = 64900
    [sites.dublin2.devices]
    fw1 = { address = "203.0.113.20", asn = 64901, bgp_peer = "192.168.20.1" }
    fw2 = { address = "203.0.113.21", asn = 64901, bgp_peer = "192.168.20.2" }
    [connections.hub-weu-to-dublin]
    between = ["hub-weu", "dublin"]
    bandwidth_mbps = 200
    bgp = true
    [connections.hub-weu-to-dublin2]
    between = ["hub-weu", "dublin2"]
    devices = ["fw1"]
    [connections.hub-weu-to-hq]
    between = ["hub-weu", "hq"]
    kind = "expressroute"
    [peerings.hub-to-app]
    between = ["hub-weu", "app-weu"]
    gateway_transit = "hub-weu"
    [services.shop]
    kind = "cloud-service"
    vnets = ["hub-weu"]
    [waivers.legacy-overlap]
    code = "ADR002"
    where = ["vnets.hub-weu", "vnets.legacy-*"]
    reason = "legacy is switched off in spring"
    owner = "network team"
    expires = 2027-04-30
"""


def ps(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(Prefix.parse, texts))


def plain(value: Any) -> Any:
    """A value of the model as a file would say it, in the long form."""
    if isinstance(value, Part):
        fields = type(value).model_fields
        return {fields[name].alias or name: plain(getattr(value, name)) for name in value.model_fields_set}
    if isinstance(value, Table):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, Prefix):
        return str(value)
    return list(map(plain, value)) if isinstance(value, tuple) else value


# The example of the design


def test_every_key_of_the_example_has_the_value_that_stands_there() -> None:
    expected = tomllib.loads(textwrap.dedent(EXAMPLE))
    expected["planning"]["pools"]["lab"] = {"prefixes": ["172.20.0.0/14"]}
    expected["vnets"]["hub-weu"]["subnets"]["GatewaySubnet"] = {"prefixes": ["10.64.0.0/27"]}
    assert plain(topology(EXAMPLE)) == expected


def test_the_values_of_the_example_have_types_of_their_own() -> None:
    example = topology(EXAMPLE)
    hub = example.vnets["hub-weu"]
    assert hub.address_space == ps("10.64.0.0/16")
    assert hub.subnets["app"].prefixes == ps("10.64.1.0/24")
    assert hub.gateway is not None
    assert hub.gateway.p2s_pools == ps("172.16.100.0/24")
    assert example.sites["dublin"].advertises == ps("10.0.0.0/8", "0.0.0.0/0")
    assert list(example.planning.avoided()) == [(*ps("10.244.0.0/16"), "AKS pods")]
    assert example.waivers["legacy-overlap"].expires == datetime.date(2027, 4, 30)
    assert example.connections["hub-weu-to-dublin"].bandwidth_mbps == 200
    assert example.schema_number == 1


def test_the_example_holds_no_key_that_is_unknown() -> None:
    example = topology(EXAMPLE)
    hub = example.vnets["hub-weu"]
    assert hub.gateway is not None
    tables = (example.vnets, example.sites, example.connections, example.peerings, example.services, example.waivers)
    parts: list[Part] = [example, example.planning, hub.gateway, *hub.subnets.values()]
    assert not any(part.unknown for part in (*parts, *(part for table in tables for part in table.values())))


# Defaults and short forms


def test_an_empty_file_is_a_topology() -> None:
    empty = topology("")
    assert empty.name is None
    assert not any((empty.subscriptions, empty.vnets, empty.sites, empty.connections, empty.peerings, empty.waivers))
    assert empty.planning.pools == Table()
    assert empty.limits.vnets_per_region is None


def test_what_a_file_leaves_out_has_the_default_of_the_design() -> None:
    loaded = topology(
        """
        subscriptions.s = {}
        vnets.a.gateway = {}
        connections.c.between = ["a", "b"]
        """
    )
    vnet, link = loaded.vnets["a"], loaded.connections["c"]
    assert loaded.subscriptions["s"].cloud == "public"
    assert (vnet.state, vnet.isolated, vnet.renumber, vnet.transit) == ("planned", False, True, False)
    assert (vnet.address_space, vnet.growth, vnet.subnets, vnet.azure_name) == ((), (), Table(), None)
    assert vnet.gateway is not None
    assert (vnet.gateway.sku, vnet.gateway.vpn_type, vnet.gateway.asn) == (None, "RouteBased", 65515)
    assert (vnet.gateway.tunnel_budget, vnet.gateway.active_active) == (None, False)
    assert (link.kind, link.bgp, link.devices, link.bandwidth_mbps) == ("vpn", False, None, None)


def test_short_forms_say_the_same_as_the_long_ones() -> None:
    loaded = topology(
        """
        planning.pools = { a = "10.0.0.0/8", b = ["10.0.0.0/8"], c = { prefixes = ["10.0.0.0/8"] } }
        vnets.v.subnets = { a = "10.0.0.0/24", b = ["10.0.0.0/24"], c = { prefixes = ["10.0.0.0/24"] } }
        sites.s.devices = { a = "203.0.113.1", b = { address = "203.0.113.1" } }
        """
    )
    assert set(loaded.planning.pools.values()) == {Pool(prefixes=ps("10.0.0.0/8"))}
    assert set(loaded.vnets["v"].subnets.values()) == {Subnet(prefixes=ps("10.0.0.0/24"))}
    assert set(loaded.sites["s"].devices.values()) == {Device(address="203.0.113.1")}


def test_a_subnet_may_have_several_prefixes() -> None:
    subnets = topology('vnets.v.subnets.a = ["10.0.5.0/24", "10.0.1.0/24"]').vnets["v"].subnets
    assert subnets["a"].prefixes == ps("10.0.5.0/24", "10.0.1.0/24")


def test_the_device_of_the_short_form_is_a_tunnel_end_with_the_asn_of_its_site() -> None:
    site = topology(
        """
        [sites.s]
        vpn_device = "vpn.contoso.com"
        asn = 64900
        bgp_peer = "10.0.0.1"
        devices = { fw1 = { address = "203.0.113.1", asn = 64901 }, fw2 = "203.0.113.2" }
        """
    ).sites["s"]
    ends = dict(site.tunnel_ends())
    assert list(ends) == ["vpn_device", "fw1", "fw2"]
    assert ends["vpn_device"] == Device(address="vpn.contoso.com", asn=64900, bgp_peer="10.0.0.1")
    assert [site.asn_of(device) for device in ends.values()] == [64900, 64901, 64900]


def test_a_site_without_a_device_has_no_tunnel_end() -> None:
    assert not list(Site().tunnel_ends())


def test_tables_keep_the_order_of_the_file() -> None:
    assert list(topology("vnets = { z = {}, a = {}, m = {} }").vnets) == ["z", "a", "m"]


def test_a_plan_that_makes_no_sense_loads_all_the_same() -> None:
    loaded = topology(
        """
        vnets.a = { subscription = "none", region = "nowhere", address_space = ["10.0.0.0/8", "10.0.0.0/8"] }
        sites.a.vpn_device = "no address"
        connections.c = { between = ["a", "nobody"], devices = ["none"] }
        peerings.p = { between = ["a", "a"], gateway_transit = "nobody" }
        """
    )
    assert loaded.connections["c"].between == ("a", "nobody")


# Unknown keys


def test_unknown_keys_are_kept_where_they_stand() -> None:
    loaded = topology(
        """
        top = 1
        planning.x = 2
        planning.pools.p.x = 3
        limits.skus.Basic.x = 4
        subscriptions.s.x = 5
        vnets.v = { x = 6, gateway = { x = 7 }, subnets = { a = { x = 8 } } }
        sites.s = { x = 9, devices = { d = { x = 10 } } }
        connections.c = { between = ["v", "s"], x = 11 }
        peerings.p = { between = ["v", "s"], x = 12 }
        services.s = { kind = "cloud-service", x = 13 }
        waivers.w = { code = "A", x = 14 }
        """
    )
    vnet, site = loaded.vnets["v"], loaded.sites["s"]
    assert vnet.gateway is not None
    parts: list[Part] = [
        *(loaded.planning, loaded.planning.pools["p"], loaded.limits.skus["Basic"], loaded.subscriptions["s"]),
        *(vnet, vnet.gateway, vnet.subnets["a"], site, site.devices["d"]),
        *(loaded.connections["c"], loaded.peerings["p"], loaded.services["s"], loaded.waivers["w"]),
    ]
    assert loaded.unknown == Table({"top": 1})
    assert [dict(part.unknown) for part in parts] == [{"x": number} for number in range(2, 15)]


def test_known_keys_without_rules_are_carried() -> None:
    loaded = topology(
        """
        vnets.v = { dns_servers = ["10.0.0.4"], gateway = { zones = ["1", "2"], public_ips = [{ name = "a" }] } }
        connections.c = { between = ["v", "s"], ipsec_policy = { dh_group = "DHGroup14" } }
        """
    )
    vnet, link = loaded.vnets["v"], loaded.connections["c"]
    assert vnet.gateway is not None
    assert (vnet.dns_servers, vnet.gateway.zones) == (("10.0.0.4",), ("1", "2"))
    assert vnet.gateway.public_ips == (Table({"name": "a"}),)
    assert link.ipsec_policy == Table({"dh_group": "DHGroup14"})
    assert not any(part.unknown for part in (vnet, vnet.gateway, link))


def test_keys_called_like_our_own_fields_are_ordinary_unknown_keys() -> None:
    loaded = topology(
        """
        identity = "x"
        sites_first = true
        schema_number = 2
        unknown = 5
        vnets.v = { identity = "y", model_fields_set = 1, short_key = "z" }
        """
    )
    vnet = loaded.vnets["v"]
    assert dict(loaded.unknown) == {"identity": "x", "sites_first": True, "schema_number": 2, "unknown": 5}
    assert dict(vnet.unknown) == {"identity": "y", "model_fields_set": 1, "short_key": "z"}
    assert (loaded.identity, loaded.sites_first, loaded.schema_number, vnet.identity) == ("", False, 1, "")


# What cannot be understood


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("schema = 2", "schema"),
        ('schema = "1"', "schema"),
        ("name = 5", "name"),
        ("vnets = []", "vnets"),
        ("vnets.a = 5", "vnets.a"),
        ('vnets.a = "10.0.0.0/8"', "vnets.a"),
        ("vnets.a.region = 5", "vnets.a.region"),
        ('vnets.a.isolated = "yes"', "vnets.a.isolated"),
        ("vnets.a.transit = 1", "vnets.a.transit"),
        ('vnets.a.state = "Deployed"', "vnets.a.state"),
        ('vnets.a.address_space = "10.0.0.0/8"', "vnets.a.address_space"),
        ('vnets.a.address_space = ["10.0.0.0/8", "10.0.0.5/8"]', "vnets.a.address_space.1"),
        ("vnets.a.address_space = [10]", "vnets.a.address_space.0"),
        ("vnets.a.subnets.x = 5", "vnets.a.subnets.x"),
        ('vnets.a.subnets.x = "10.0.0.0"', "vnets.a.subnets.x.prefixes.0"),
        ('vnets.a.gateway = "VpnGw1"', "vnets.a.gateway"),
        ('vnets.a.gateway.tunnel_budget = "30"', "vnets.a.gateway.tunnel_budget"),
        ("vnets.a.gateway.tunnel_budget = true", "vnets.a.gateway.tunnel_budget"),
        ("vnets.a.gateway.tunnel_budget = 3.0", "vnets.a.gateway.tunnel_budget"),
        ("vnets.a.gateway.tunnel_budget = -1", "vnets.a.gateway.tunnel_budget"),
        ("vnets.a.gateway.generation = true", "vnets.a.gateway.generation"),
        ("vnets.a.gateway.asn = 4294967296", "vnets.a.gateway.asn"),
        ('vnets.a.gateway.vpn_type = "routebased"', "vnets.a.gateway.vpn_type"),
        ("sites.s.devices.a = 5", "sites.s.devices.a"),
        ("connections.c = {}", "connections.c.between"),
        ('connections.c.between = ["a"]', "connections.c.between.1"),
        ('connections.c.between = ["a", "b", "c"]', "connections.c.between"),
        ('connections.c.between = "ab"', "connections.c.between"),
        ('connections.c = { between = ["a", "b"], kind = "ipsec" }', "connections.c.kind"),
        ('connections.c = { between = ["a", "b"], devices = "fw1" }', "connections.c.devices"),
        ('connections.c = { between = ["a", "b"], bandwidth_mbps = true }', "connections.c.bandwidth_mbps"),
        ('connections.c = { between = ["a", "b"], bandwidth_mbps = "200" }', "connections.c.bandwidth_mbps"),
        ('connections.c = { between = ["a", "b"], bandwidth_mbps = inf }', "connections.c.bandwidth_mbps"),
        ('peerings.p.between = ["a"]', "peerings.p.between.1"),
        ("services.s.kind = 'web'", "services.s.kind"),
        ('waivers.w = { code = "A", expires = "2027-04-30" }', "waivers.w.expires"),
        ('waivers.w = { code = "A", expires = 2027-04-30T00:00:00 }', "waivers.w.expires"),
        ('checks.ADR001 = "none"', "checks.ADR001"),
        ("checks.ADR001 = false", "checks.ADR001"),
        ('subscriptions.s.cloud = "germany"', "subscriptions.s.cloud"),
        ('planning.workloads = ["k8s"]', "planning.workloads.0"),
        ('planning.pools.p = { default_size = "22" }', "planning.pools.p.default_size"),
        ('planning.avoid."10.0.0.5/8" = "x"', "planning.avoid"),
        ('planning.avoid."10.0.0.0/8" = 5', "planning.avoid.10.0.0.0/8"),
        ("limits.vnets_per_region = -1", "limits.vnets_per_region"),
        ("limits.skus.Basic.sla_percent = 101", "limits.skus.Basic.sla_percent"),
    ],
)
def test_a_wrong_type_or_word_is_refused_at_its_key(text: str, key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        topology(text)
    assert {".".join(map(str, error["loc"])).split(".constrained-")[0] for error in caught.value.errors()} == {key}


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        topology('vnets.a = { region = 5, address_space = ["x"] }\nconnections.c.between = []')
    assert caught.value.error_count() == 4


# Nothing changes


def test_no_field_can_be_set() -> None:
    loaded = topology("extra = 1\nvnets.a = {}")
    for name in ("name", "vnets", "extra", "new", "identity"):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(loaded, name, None)
    with pytest.raises(ValidationError, match="frozen"):
        del loaded.name
    with pytest.raises(TypeError):
        loaded.vnets["b"] = VNet()  # type: ignore[index]


def test_carried_values_and_tags_are_read_only_to_the_bottom() -> None:
    vnet = topology("vnets.a = { dns_servers = [{ a = [1] }], tags = { t = [{ x = [1] }] } }").vnets["a"]
    assert vnet.dns_servers == (Table({"a": (1,)}),)
    assert vnet.tags["t"] == (Table({"x": (1,)}),)
    assert isinstance(frozen({}), Table)


def test_changing_the_answer_about_unknown_keys_changes_nothing() -> None:
    loaded = topology("extra = 1")
    with pytest.raises(TypeError):
        loaded.unknown["extra"] = 2  # type: ignore[index]
    assert loaded.unknown == Table({"extra": 1})


def test_topologies_are_compared_hashed_copied_and_pickled_by_value() -> None:
    one, other = topology(EXAMPLE), topology(EXAMPLE)
    assert one == other
    assert hash(one) == hash(other)
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
    assert one != topology(EXAMPLE.replace("Contoso WAN", "Contoso LAN"))


def test_parts_can_be_made_in_code_with_the_names_of_the_fields() -> None:
    made = VNet(address_space=ps("10.0.0.0/16"), gateway=Gateway(sku="Basic"))
    loaded = topology('vnets.a = { address_space = ["10.0.0.0/16"], gateway = { sku = "Basic" } }').vnets["a"]
    assert made == loaded
