"""Random topologies whose every word Azure can tell, and the words beyond that a person adds.

Owns what the import's properties are tried on. Networks of one estate never overlap, except under a summary.
Beside them stand sources in which nothing is in order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.unit.exchange.azure_side import ONE, TWO
from tui.exchange.found import (
    Found,
    FoundCircuit,
    FoundConnection,
    FoundGateway,
    FoundLocalGateway,
    FoundPeering,
    FoundSubnet,
    FoundSubscription,
    FoundVNet,
    Identity,
    Place,
)
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

_VNETS = ("hub", "app", "data", "web")
_SITES = ("dublin", "york", "paris")
_GROUPS = st.sampled_from(("rg", "rg-network"))


@st.composite
def estates(draw: st.DrawFn, *, renamed: bool = False) -> Topology:
    """A topology that is in Azure as it stands. `renamed`: some keys differ from the names in Azure."""
    subscriptions = {"sub-11111111": {"id": ONE}, "production": {"id": TWO, "name": "Production!"}}
    vnets = {name: draw(_vnet(number)) for number, name in enumerate(_VNETS[: draw(st.integers(1, 4))])}
    connections: dict[str, dict[str, Any]] = {}
    peerings: dict[str, dict[str, Any]] = {}
    with_gateway = [name for name, part in vnets.items() if "gateway" in part]
    for a in vnets:
        for b in vnets:
            if a < b and draw(st.booleans()):
                peerings[f"{a}-with-{b}"] = {"between": [a, b], "state": "deployed"}
                if draw(st.booleans()):
                    peerings[f"{a}-with-{b}"]["gateway_transit"] = draw(st.sampled_from((a, b)))
            if a < b and a in with_gateway and b in with_gateway and draw(st.booleans()):
                connections[f"c-{a}-{b}"] = {"between": [a, b], **draw(_link())}
    sites: dict[str, dict[str, Any]] = {}
    for number, name in enumerate(_SITES[: draw(st.integers(0, 3))]):
        linked = [vnet for vnet in with_gateway if draw(st.booleans())]
        sites[name] = draw(_site(name, number, bool(linked)))
        for vnet in linked:
            connections[f"c-{vnet}-{name}"] = {"between": [vnet, name], **draw(_link())}
    if draw(st.booleans()):
        sites["circuit"] = {"subscription": "production", "resource_group": "rg-er", "state": "deployed"}
        connections["c-circuit"] = {"between": ["hub", "circuit"], "kind": "expressroute", **draw(_link(bgp=False))}
    data: dict[str, dict[str, dict[str, Any]]] = {
        "vnets": vnets,
        "sites": sites,
        "connections": connections,
        "peerings": peerings,
    }
    for table in data.values():
        for key, part in table.items():
            if renamed and draw(st.booleans()) and len(part.get("devices", ())) < 2:
                part["azure_name"] = draw(st.sampled_from((f"az-{key}", "same")))
    used = {part["subscription"] for table in data.values() for part in table.values() if "subscription" in part}
    for table in data.values():
        seen: set[Any] = set()
        for key, part in table.items():
            # Two things of one kind with one identity are no two things.
            of_which = part.get("subscription"), part.get("resource_group"), part.get("azure_name", key)
            if of_which in seen:
                del part["azure_name"]
            seen.add(of_which)
    return Topology.model_validate(
        {
            "schema": 1,
            "subscriptions": {key: subscriptions[key] for key in sorted(used)},
            **{name: dict(sorted(table.items())) for name, table in data.items() if table},
        }
    )


@st.composite
def _vnet(draw: st.DrawFn, number: int) -> dict[str, Any]:
    part: dict[str, Any] = {
        "subscription": draw(st.sampled_from(("sub-11111111", "production"))),
        "resource_group": draw(_GROUPS),
        "region": draw(st.sampled_from(("westeurope", "northeurope"))),
        "address_space": [f"10.{number}.0.0/16", *draw(st.sampled_from(([], [f"fd00:{number}::/48"])))],
        "state": "deployed",
        "subnets": draw(
            st.sampled_from(
                (
                    {"GatewaySubnet": {"prefixes": [f"10.{number}.0.0/27"]}},
                    {
                        "GatewaySubnet": {"prefixes": [f"10.{number}.0.0/27"]},
                        "app": {"prefixes": [f"10.{number}.1.0/24", f"10.{number}.2.0/24"]},
                    },
                )
            )
        ),
        "tags": {"owner": "network team"},
    }
    if draw(st.booleans()):
        part["gateway"] = draw(
            st.fixed_dictionaries(
                {"name": st.just(f"gw-{number}"), "sku": st.just("VpnGw1AZ")},
                optional={
                    "generation": st.sampled_from((1, 2)),
                    "asn": st.just(65010 + number),
                    "active_active": st.just(True),
                    "vpn_type": st.just("PolicyBased"),
                    "p2s_pools": st.just([f"172.16.{number}.0/24"]),
                    "resource_group": st.just("rg-gateways"),
                },
            )
        )
    if draw(st.booleans()):
        part["dns_servers"] = ["10.0.0.4", "10.0.0.5"]
    return part


@st.composite
def _site(draw: st.DrawFn, name: str, number: int, linked: bool) -> dict[str, Any]:
    part: dict[str, Any] = {
        "subscription": "sub-11111111",
        "resource_group": draw(_GROUPS),
        "address_space": [f"192.168.{number}.0/24"],
        "state": "deployed",
    }
    if draw(st.booleans()):
        part["advertises"] = draw(st.sampled_from((["10.0.0.0/8"], ["0.0.0.0/0"], ["10.0.0.0/8", "::/0"])))
    if linked and draw(st.booleans()):
        part["devices"] = {
            f"{name}-fw{one}": {"address": f"203.0.113.{10 * number + one}", "asn": 64900 + one} for one in (1, 2, 3)
        }
    else:
        part |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "vpn_device": st.just(f"203.0.113.{10 * number}"),
                    "asn": st.just(64900),
                    "bgp_peer": st.just("192.168.0.1"),
                },
            )
        )
    return part


def _link(bgp: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"subscription": st.just("sub-11111111"), "resource_group": _GROUPS, "state": st.just("deployed")},
        optional={"tags": st.just({"ticket": "NET-1"}), **({"bgp": st.just(True)} if bgp else {})},
    )


def _identities(complete: bool = False) -> st.SearchStrategy[Identity]:
    return st.builds(
        Identity,
        st.sampled_from((ONE, TWO, TWO.upper()) if complete else ("", ONE, ONE, TWO, TWO.upper(), "Production")),
        st.sampled_from(("rg", "RG", "rg-b") if complete else ("", "rg", "RG", "rg-b")),
        st.sampled_from(("hub", "app", "App", "fw1", "rg")),
    )


def _where_its_vnet_is(gateway: FoundGateway) -> FoundGateway:
    """Azure has a gateway in the subscription of its VNet."""
    if gateway.vnet is None:
        return gateway
    return replace(gateway, identity=gateway.identity._replace(subscription=gateway.vnet.subscription))


def _space() -> st.SearchStrategy[tuple[Prefix, ...]]:
    texts = ("10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.1.0.0/16", "fd00::/48", "0.0.0.0/0")
    return st.lists(st.sampled_from(texts).map(Prefix.parse), max_size=2, unique=True).map(tuple)


def _many(what: Any, complete: bool, /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    places = st.builds(Place, st.sampled_from(("a.json", "b.json")), st.sampled_from(("value[0]", "value[1]")))
    return st.lists(st.builds(what, identity=_identities(complete), place=places, **fields), max_size=4).map(tuple)


def wild_founds(complete: bool = False) -> st.SearchStrategy[Found]:
    """Sources in which everything can be everything: told twice, told in part, contradicting, leading nowhere.

    `complete`: every identity is told whole, and gateways lie where Azure can have them.
    """
    identities = _identities(complete)
    flags = st.booleans()
    addresses = st.sampled_from((None, "203.0.113.1", "203.0.113.2"))
    subnets = st.lists(st.builds(FoundSubnet, name=st.sampled_from(("app", "App", "b")), prefixes=_space()), max_size=2)
    tags = st.sampled_from(({}, {"owner": "a"}, {"Owner": "b"}))
    return st.builds(
        Found,
        subscriptions=st.sampled_from(((), (FoundSubscription(id=TWO, name="Production", place=Place("a.json")),))),
        vnets=_many(
            FoundVNet,
            complete,
            prefixes=_space(),
            region=st.sampled_from((None, "westeurope")),
            subnets=subnets.map(tuple),
            tags=tags,
        ),
        gateways=_many(
            FoundGateway,
            complete,
            vnet=st.none() | identities,
            kind=st.sampled_from(("vpn", "vpn", "expressroute")),
            sku=st.sampled_from((None, "VpnGw1")),
            asn=st.sampled_from((None, 65515, 65010)),
            active_active=flags,
        ).map(lambda ones: tuple(map(_where_its_vnet_is, ones)) if complete else ones),
        local_gateways=_many(FoundLocalGateway, complete, prefixes=_space(), address=addresses, tags=tags),
        circuits=_many(FoundCircuit, complete),
        connections=_many(
            FoundConnection,
            complete,
            kind=st.sampled_from(("Vnet2Vnet", "IPsec", "ExpressRoute")),
            gateway=identities,
            other=identities,
            bgp=flags,
        ),
        peerings=_many(
            FoundPeering,
            complete,
            vnet=identities,
            remote=identities,
            allows_gateway_transit=flags,
            uses_remote_gateways=flags,
            state=st.sampled_from((None, "Connected", "Initiated")),
        ),
    )
