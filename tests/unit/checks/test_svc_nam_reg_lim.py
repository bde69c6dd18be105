"""SVC, NAM, REG and LIM: services, names, regions, and how many of a thing Azure allows."""

from __future__ import annotations

import pytest

from tests.unit.checks import Case, assert_holds, case, error, warning

ABC = "vnets = { a = {}, b = {}, c = {} }\n"
BACKUP = "services.vault = { kind = 'online-backup', vnets = ['a', 'b', 'c'] }\n"


def vnets(count: int, **fields: str) -> str:
    """So many VNets with these fields."""
    entry = ", ".join(f"{key} = '{value}'" for key, value in fields.items())
    return "[vnets]\n" + "\n".join(f"v{number} = {{ {entry} }}" for number in range(count)) + "\n"


def peered(count: int) -> str:
    """A hub peered with so many spokes, whose gateway they use."""
    links = (f"p{number} = {{ between = ['v{number}', 'hub'], gateway_transit = 'hub' }}" for number in range(count))
    return vnets(count) + "hub = {}\n[peerings]\n" + "\n".join(links) + "\n"


def prefixes(count: int, first: int = 10) -> list[str]:
    """So many prefixes."""
    return [f"{first}.{number // 256}.{number % 256}.0/24" for number in range(count)]


IN_WEU = {"subscription": "prod", "region": "westeurope"}

CASES = (
    case(
        "SVC001",
        "spanning",
        ABC + "services.web = { kind = 'cloud-service', vnets = ['a', 'b', 'a'] }\n"
        "services.lb = { kind = 'load-balanced-endpoint', vnets = ['c', 'b'] }",
        error("services.web", says=("cloud service", "spans a and b")),
        error("services.lb", says=("load-balanced endpoint", "spans c and b")),
    ),
    case(
        "SVC001",
        "in one VNet, or a backup",
        ABC + BACKUP + "services.web = { kind = 'cloud-service', vnets = ['a', 'a'] }\n"
        "services.lb = { kind = 'load-balanced-endpoint', vnets = [] }",
    ),
    case(
        "SVC002",
        "over a VPN connection",
        ABC + BACKUP + "connections.x.between = ['c', 'b']",
        warning("services.vault", says=("a, b and c", "b and c are joined by VPN")),
    ),
    case(
        "SVC002",
        "over a BGP domain",
        "vnets = { a = {}, b = {}, m = {} }\n[services]\n"
        "vault = { kind = 'online-backup', vnets = ['a', 'b'] }\n[connections]\n"
        "x = { between = ['a', 'm'], bgp = true }\ny = { between = ['m', 'b'], bgp = true }",
        warning("services.vault", says="a and b are joined by VPN"),
    ),
    case(
        "SVC002",
        "over a firewall at the end of a VPN connection",
        "vnets = { a = {}, b = {}, m = { transit = true } }\n"
        "services.vault = { kind = 'online-backup', vnets = ['a', 'b'] }\n"
        "connections.x.between = ['a', 'm']\npeerings.y.between = ['m', 'b']",
        warning("services.vault", says="a and b are joined by VPN"),
    ),
    case(
        "SVC002",
        "peered, on ExpressRoute, or apart",
        ABC + BACKUP + "peerings.p.between = ['a', 'b']\nsites.s = {}\n[connections]\n"
        "x = { between = ['a', 's'], kind = 'expressroute' }\ny = { between = ['c', 's'], kind = 'expressroute' }",
    ),
    case(
        "SVC002",
        "a backup in one VNet, and VPN elsewhere",
        ABC + "services.vault = { kind = 'online-backup', vnets = ['a'] }\nconnections.x.between = ['a', 'b']",
    ),
    case(
        "NAM001",
        "characters, ends and length, per kind",
        """
        [vnets]
        x = { resource_group = "rg." }
        ok.subnets = { "-web" = [], "web." = [] }
        "ends-" = { azure_name = "ends-" }
        named.gateway = { name = "gw/1", resource_group = "r g" }
        [sites]
        "s p" = { resource_group = "r*g" }
        [connections."a:b"]
        between = ["x", "ok"]
        resource_group = "x."
        [peerings."p?"]
        between = ["x", "ok"]
        """,
        error("vnets.x", says=("VNet name", "2 to 64 characters, has 1")),
        error("vnets.x", says=('resource group name "rg."', "may not end")),
        error("vnets.ok.subnets.-web", says=("subnet name", "must begin")),
        error('vnets.ok.subnets."web."', says=("subnet name", "must end")),
        error("vnets.ends-", says="must end"),
        error("vnets.named.gateway", says='gateway name "gw/1"'),
        error("vnets.named.gateway", says="r g"),
        error('sites."s p"', says="may hold only"),
        error('sites."s p"', says=("resource group", "r*g")),
        error('connections."a:b"', says="connection name"),
        error('connections."a:b"', says="resource group"),
        error('peerings."p?"', says="peering name"),
    ),
    case(
        "NAM001",
        "the default name of a gateway, behind an azure_name",
        "vnets.'my hub' = { azure_name = 'vnet-hub', gateway = {} }",
        error('vnets."my hub".gateway', says='gateway name "my hub"'),
    ),
    case(
        "NAM001",
        "an azure_name mends it",
        "vnets.'my hub' = { azure_name = 'vnet-hub', gateway = { name = 'gw-hub' } }\nsites.'s p'.azure_name = 'lgw'\n"
        "connections.'a:b' = { between = ['x', 'y'], azure_name = 'c_' }",
    ),
    case("NAM001", "the longest", f"vnets.{'a' * 64}.subnets.{'b' * 80} = []\nsites.{'c' * 80} = {{}}"),
    case("NAM001", "one longer", f"vnets.{'a' * 65} = {{}}", error(f"vnets.{'a' * 65}", says="has 65")),
    case(
        "NAM002",
        "a VNet and a site",
        "vnets.hub = {}\nsites.hub = {}",
        error("vnets.hub", "sites.hub", says="both a VNet and a site"),
    ),
    case(
        "NAM002",
        "in case alone, every kind",
        "vnets = { hub = { subnets = { web = [], WEB = [] } }, Hub = {}, HUB = {} }\nsites = { s = {}, S = {} }\n"
        "subscriptions = { p = {}, P = {} }\n"
        "connections = { c = { between = ['x', 'y'] }, C = { between = ['x', 'y'] } }\n"
        "peerings = { q = { between = ['x', 'y'] }, Q = { between = ['x', 'y'] } }\n"
        "services = { z = { kind = 'online-backup' }, Z = { kind = 'online-backup' } }",
        error("vnets.hub.subnets.web", "vnets.hub.subnets.WEB", says="of hub"),
        error("subscriptions.p", "subscriptions.P"),
        error("vnets.hub", "vnets.Hub", "vnets.HUB", says="differ in case alone"),
        error("sites.s", "sites.S"),
        error("connections.c", "connections.C"),
        error("peerings.q", "peerings.Q"),
        error("services.z", "services.Z"),
    ),
    case(
        "NAM002",
        "across kinds, or in two VNets",
        "vnets = { a.subnets.web = [], b.subnets.WEB = [] }\nservices.A.kind = 'online-backup'",
    ),
    case(
        "REG001",
        "misspelt, and as the portal writes it",
        "vnets = { a.region = 'westeurop', b.region = 'West Europe', c.region = 'mars' }\n"
        "sites.s.region = 'northeurop'\n"
        "planning.pools.p = { prefixes = [], region = 'eastus3' }",
        warning("vnets.a", says=("westeurop", "did you mean westeurope?")),
        warning("vnets.b", says=("West Europe", "did you mean westeurope?")),
        warning("vnets.c", says="mars"),
        warning("sites.s", says=("northeurop", "did you mean northeurope?")),
        warning("planning.pools.p", says=("eastus3", "did you mean eastus")),
    ),
    case("REG001", "a pool without region", "planning.pools.p = ['10.0.0.0/8']"),
    case("REG001", "known", "vnets = { a.region = 'westeurope', b = {}, c.region = 'malaysiawest' }"),
    case(
        "REG001",
        "of another cloud",
        "subscriptions.g.cloud = 'usgov'\nvnets.a = { subscription = 'g', region = 'usgovvirginia' }\n"
        "planning.pools.p = { prefixes = [], region = 'usgovvirginia' }",
    ),
    case(
        "LIM001",
        "1001 VNets of a subscription in a region",
        vnets(1001, **IN_WEU),
        warning("subscriptions.prod", says=("1001 VNets in westeurope", "1000 are allowed", "Azure's figure")),
    ),
    case(
        "LIM001",
        "1000 VNets, and one elsewhere",
        vnets(1000, **IN_WEU) + "x = { subscription = 'prod', region = 'eastus' }",
    ),
    case(
        "LIM001",
        "an override of VNets",
        "limits.vnets_per_region = 2\n" + vnets(3, **IN_WEU),
        warning("subscriptions.prod", says=("3 VNets", "2 are allowed", "limits.vnets_per_region of this file")),
    ),
    case(
        "LIM001",
        "VNets of no subscription, or in no region",
        "limits.vnets_per_region = 1\nsubscriptions.s = {}\n[vnets]\na.region = 'westeurope'\nb.region = 'westeurope'\n"
        "c.subscription = 's'\nd.subscription = 's'",
    ),
    case(
        "LIM001",
        "3001 subnets",
        "[vnets.a.subnets]\n" + "\n".join(f"s{number} = []" for number in range(3001)),
        warning("vnets.a", says=("3001 subnets", "3000 are allowed")),
    ),
    case(
        "LIM001",
        "subnets within and over an override",
        "limits.subnets_per_vnet = 1\nvnets = { a.subnets.x = [], b.subnets = { x = [], y = [] } }",
        warning("vnets.b", says=("2 subnets", "limits.subnets_per_vnet of this file")),
    ),
    case(
        "LIM001",
        "501 peerings",
        peered(501),
        warning("vnets.hub", says=("501 peerings", "500 are allowed", "1000 with Azure Virtual Network Manager")),
    ),
    case("LIM001", "500 peerings", peered(500)),
    case("LIM001", "1000 peerings", peered(1000), warning("vnets.hub", says="1000 peerings")),
    case("LIM001", "1001 peerings", peered(1001), error("vnets.hub", says="1001 peerings")),
    case(
        "LIM001",
        "an override of peerings",
        "limits.peerings_per_vnet = 1\n" + peered(2),
        warning("vnets.hub", says=("2 peerings", "limits.peerings_per_vnet of this file")),
    ),
    case(
        "LIM001",
        "prefixes of a gateway and its spokes",
        f"[vnets]\nhub = {{ gateway = {{}}, address_space = {prefixes(300)} }}\n"
        f"v0 = {{ address_space = {prefixes(301)} }}\n"
        "[peerings]\np = { between = ['v0', 'hub'], gateway_transit = 'hub' }",
        warning("vnets.hub.gateway", says=("601 prefixes", "600 are allowed")),
    ),
    case(
        "LIM001",
        "just as many prefixes of a gateway",
        f"vnets.hub = {{ gateway = {{}}, address_space = {prefixes(600)} }}",
    ),
    case(
        "LIM001",
        "prefixes of a gateway and its neighbours",
        f"[vnets]\nhub = {{ gateway = {{}}, address_space = {prefixes(300)} }}\n"
        f"v0 = {{ address_space = {prefixes(301)} }}\n"
        "[peerings]\np = { between = ['v0', 'hub'] }",
    ),
    case(
        "LIM001",
        "an override of prefixes",
        "limits.prefixes_per_gateway = 1\nvnets.a = { gateway = {}, address_space = ['10.0.0.0/24', '10.0.1.0/24'] }",
        warning("vnets.a.gateway", says=("2 prefixes", "limits.prefixes_per_gateway of this file")),
    ),
    case(
        "LIM001",
        "prefixes of a site",
        f"sites.s.address_space = {prefixes(1001)}\nsites.t.address_space = {prefixes(1000, 11)}",
        warning("sites.s", says=("1001 prefixes", "1000 are allowed")),
    ),
)


@pytest.mark.parametrize("one", CASES, ids=str)
def test_cases(one: Case) -> None:
    assert_holds(one)
