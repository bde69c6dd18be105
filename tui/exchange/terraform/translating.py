"""Instances of azurerm and azapi in the words of Azure's REST API, so that one reader serves for both.

Owns which attribute of the provider is which property, and who an instance is: by its id, else by an id that serves
as its key, else by its name and resource group. An id that is known only after apply is found through the plan's
configuration.
Invariant: shared keys, authorization keys and certificates are never taken over, only that there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeGuard

from tui.exchange.found import Notice, NoticeKind
from tui.exchange.resource_ids import ResourceId, parsed_id
from tui.exchange.terraform.azapi import azapi_object
from tui.exchange.terraform.instances import Instance
from tui.exchange.terraform.references import References

_NETWORK: Final = "Microsoft.Network"
_VNET: Final = f"{_NETWORK}/virtualNetworks"
_GATEWAY: Final = f"{_NETWORK}/virtualNetworkGateways"

AZURE_TYPES: Final[Mapping[str, str]] = {
    "azurerm_virtual_network": _VNET,
    "azurerm_subnet": f"{_VNET}/subnets",
    "azurerm_virtual_network_peering": f"{_VNET}/virtualNetworkPeerings",
    "azurerm_virtual_network_gateway": _GATEWAY,
    "azurerm_local_network_gateway": f"{_NETWORK}/localNetworkGateways",
    "azurerm_virtual_network_gateway_connection": f"{_NETWORK}/connections",
    "azurerm_express_route_circuit": f"{_NETWORK}/expressRouteCircuits",
    "azurerm_virtual_hub": f"{_NETWORK}/virtualHubs",
    "azurerm_vpn_gateway": f"{_NETWORK}/vpnGateways",
    "azurerm_express_route_gateway": f"{_NETWORK}/expressRouteGateways",
    "azurerm_point_to_site_vpn_gateway": f"{_NETWORK}/p2sVpnGateways",
    "azurerm_vpn_site": f"{_NETWORK}/vpnSites",
}
"""What is translated; of Virtual WAN only who it is, because it has no place in a topology."""

_PARTS_OF_A_VNET: Final = frozenset({"azurerm_subnet", "azurerm_virtual_network_peering"})
_POLICY: Final = {
    "sa_lifetime": "saLifeTimeSeconds",
    "sa_datasize": "saDataSizeKilobytes",
    "ipsec_encryption": "ipsecEncryption",
    "ipsec_integrity": "ipsecIntegrity",
    "ike_encryption": "ikeEncryption",
    "ike_integrity": "ikeIntegrity",
    "dh_group": "dhGroup",
    "pfs_group": "pfsGroup",
}


class Translation:
    """Translates the instances of one file."""

    def __init__(self, instances: Iterable[Instance], references: References, tell: Callable[[Notice], None]) -> None:
        self._references = references
        self._tell = tell
        self._properties = {
            "azurerm_virtual_network": self._vnet,
            "azurerm_subnet": self._subnet,
            "azurerm_virtual_network_peering": self._peering,
            "azurerm_virtual_network_gateway": self._gateway,
            "azurerm_local_network_gateway": self._local_gateway,
            "azurerm_virtual_network_gateway_connection": self._connection,
        }
        self._vnets: dict[tuple[bool, str, str], set[str]] = {}
        for instance in instances:
            own = self._id(instance) if instance.type == "azurerm_virtual_network" else None
            found = parsed_id(own)
            if own is not None and found is not None:
                _, group, name = found.identity.folded
                self._vnets.setdefault((instance.data, group, name), set()).add(own)

    def resource(self, instance: Instance) -> dict[str, Any] | None:
        """Return the instance as an object of Azure's REST API; None where there is nothing to read, which is told."""
        if instance.type == "azapi_resource":
            return azapi_object(instance, self._tell)
        own_id = self._id(instance)
        if own_id is None:
            self._say("missing", "its name is known only after apply, so it is not read", instance)
            return None
        properties = self._properties.get(instance.type, _nothing)(instance)
        if properties is None:
            return None
        return {
            "id": own_id,
            "type": AZURE_TYPES[instance.type],
            "name": instance.values.get("name"),
            "location": instance.values.get("location"),
            "tags": instance.values.get("tags"),
            "properties": properties,
        }

    def _say(self, kind: NoticeKind, text: str, instance: Instance) -> None:
        self._tell(Notice(kind, text, instance.place))

    def _id(self, instance: Instance) -> str | None:
        """The resource id of an instance; made from what is known where Terraform does not know it yet."""
        values = instance.values
        if instance.type == "azapi_resource":
            made = azapi_object(instance, _silent)
            return made["id"] if made is not None and isinstance(made["id"], str) else None
        kind = AZURE_TYPES[instance.type]
        name = values.get("name")
        for candidate in (values.get("id"), instance.index):
            found = parsed_id(candidate)
            # A key of for_each may be any resource's id, so its name must be that of this one.
            fits = candidate is not instance.index or (found is not None and found.names[-1] == name)
            if found is not None and found.type == kind.lower() and fits:
                return str(candidate)
        if not _is_name(name):
            return None
        if instance.type in _PARTS_OF_A_VNET:
            vnet = self._vnet_of(instance)
            return f"{vnet}/{kind.rpartition('/')[2]}/{name}" if vnet else None
        return made_id(self._group(instance), kind, name)

    def _group(self, instance: Instance) -> str:
        group = instance.values.get("resource_group_name")
        if group is None:
            meant = self._references.meant(instance, "resource_group_name", ("azurerm_resource_group",))
            group = meant.values.get("name") if meant else None
        return group if _is_name(group) else ""

    def _vnet_of(self, instance: Instance) -> str | None:
        """The id of the VNet that a subnet or a peering is a part of."""
        told = parsed_id(instance.values.get("virtual_network_id"))
        if told is not None:
            return str(instance.values["virtual_network_id"])
        name = instance.values.get("virtual_network_name")
        if not _is_name(name):
            meant = self._references.meant(instance, "virtual_network_name", ("azurerm_virtual_network",))
            return self._id(meant) if meant else None
        group = self._group(instance)
        folded = group.casefold(), name.casefold()
        known = self._vnets.get((False, *folded)) or self._vnets.get((True, *folded), set())
        return min(known) if len(known) == 1 else made_id(group, _VNET, name)

    def _end(self, instance: Instance, attribute: str, *types: str) -> str | None:
        """The id that an attribute holds, or will hold."""
        value: Any = instance.values
        for key in attribute.split("."):
            value = value[0] if isinstance(value, list) and value else value
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            return value
        meant = self._references.meant(instance, attribute, (*types, "azapi_resource"))
        return self._id(meant) if meant else None

    def _vnet(self, instance: Instance) -> dict[str, Any]:
        values = instance.values
        prefixes = values.get("address_space") or self._from_pool(values, instance)
        subnets = [
            {"name": one.get("name"), "properties": {"addressPrefixes": _prefixes(one)}}
            for one in _blocks(values.get("subnet"))
        ]
        return {
            "addressSpace": {"addressPrefixes": prefixes},
            "dhcpOptions": {"dnsServers": values.get("dns_servers")},
            "subnets": subnets,
        }

    def _subnet(self, instance: Instance) -> dict[str, Any]:
        return {"addressPrefixes": _prefixes(instance.values) or self._from_pool(instance.values, instance)}

    def _from_pool(self, values: Mapping[str, Any], instance: Instance) -> list[Any]:
        pools = _blocks(values.get("ip_address_pool"))
        given = [prefix for pool in pools for prefix in _list(pool.get("allocated_ip_address_prefixes"))]
        if pools and not given:
            self._say("missing", "its prefixes come from an IPAM pool and are not in the file", instance)
        return given

    def _peering(self, instance: Instance) -> dict[str, Any] | None:
        remote = self._end(instance, "remote_virtual_network_id", "azurerm_virtual_network")
        if remote is None:
            self._unknown(instance, "remote_virtual_network_id")
            return None
        return {
            "remoteVirtualNetwork": {"id": remote},
            "allowGatewayTransit": instance.values.get("allow_gateway_transit"),
            "useRemoteGateways": instance.values.get("use_remote_gateways"),
        }

    def _gateway(self, instance: Instance) -> dict[str, Any]:
        values = instance.values
        subnet = self._end(instance, "ip_configuration.subnet_id", "azurerm_subnet", "azurerm_virtual_network")
        found = parsed_id(subnet)
        if found is not None and found.type == _VNET.lower():
            subnet = f"{subnet}/subnets/GatewaySubnet"
        clients = _blocks(values.get("vpn_client_configuration"))
        pools = [prefix for client in clients for prefix in _list(client.get("address_space"))]
        # What is known only after apply is not there.
        told = "vpn_client_configuration" in values
        return {
            "gatewayType": values.get("type"),
            "vpnType": values.get("vpn_type"),
            "sku": {"name": values.get("sku")},
            "vpnGatewayGeneration": values.get("generation"),
            "activeActive": values.get("active_active"),
            "bgpSettings": {"asn": _first(values.get("bgp_settings")).get("asn")},
            "ipConfigurations": [{"properties": {"subnet": {"id": subnet}}}],
            **({"vpnClientConfiguration": {"vpnClientAddressPool": {"addressPrefixes": pools}}} if told else {}),
        }

    def _local_gateway(self, instance: Instance) -> dict[str, Any]:
        values = instance.values
        bgp = _first(values.get("bgp_settings"))
        return {
            "gatewayIpAddress": values.get("gateway_address"),
            "fqdn": values.get("gateway_fqdn"),
            "localNetworkAddressSpace": {"addressPrefixes": values.get("address_space")},
            "bgpSettings": {"asn": bgp.get("asn"), "bgpPeeringAddress": bgp.get("bgp_peering_address")},
        }

    def _connection(self, instance: Instance) -> dict[str, Any] | None:
        values = instance.values
        begin = self._end(instance, "virtual_network_gateway_id", "azurerm_virtual_network_gateway")
        if begin is None:
            self._unknown(instance, "virtual_network_gateway_id")
            return None
        kind = values.get("type")
        ends = {
            "vnet2vnet": (
                "virtualNetworkGateway2",
                "peer_virtual_network_gateway_id",
                "azurerm_virtual_network_gateway",
            ),
            "ipsec": ("localNetworkGateway2", "local_network_gateway_id", "azurerm_local_network_gateway"),
            "expressroute": ("peer", "express_route_circuit_id", "azurerm_express_route_circuit"),
        }
        properties: dict[str, Any] = {
            "connectionType": kind,
            "virtualNetworkGateway1": {"id": begin},
            "enableBgp": values.get("bgp_enabled", values.get("enable_bgp")),
            "routingWeight": values.get("routing_weight"),
            # Only that there is a key is told; the key itself stays where it is.
            "sharedKey": bool(values.get("shared_key")),
            "authorizationKey": bool(values.get("authorization_key")),
            "ipsecPolicies": [
                {_POLICY[key]: value for key, value in policy.items() if key in _POLICY}
                for policy in _blocks(values.get("ipsec_policy"))
            ],
        }
        if isinstance(kind, str) and kind.lower() in ends:
            key, attribute, wanted = ends[kind.lower()]
            other = self._end(instance, attribute, wanted)
            if other is None:
                self._unknown(instance, attribute)
                return None
            properties[key] = {"id": other}
        return properties

    def _unknown(self, instance: Instance, attribute: str) -> None:
        self._say(
            "missing", f"its {attribute} is not in the file, and no configuration tells it; it is not read", instance
        )


def made_id(group: str, kind: str, name: str) -> str:
    """Return an id without a subscription, which the file does not tell."""
    return (f"/resourceGroups/{group}" if group else "") + f"/providers/{kind}/{name}"


def referred_ids(resource: Mapping[str, Any]) -> list[ResourceId]:
    """Return what a translated resource needs: the VNet it lies in, and the ends of a link."""
    properties = resource.get("properties")
    known = properties if isinstance(properties, dict) else {}
    ends = ("remoteVirtualNetwork", "virtualNetworkGateway1", "virtualNetworkGateway2", "localNetworkGateway2", "peer")
    texts = [known[end].get("id") for end in ends if isinstance(known.get(end), dict)]
    for configuration in _blocks(known.get("ipConfigurations")):
        inner = configuration.get("properties")
        subnet = inner.get("subnet") if isinstance(inner, dict) else None
        texts.append(subnet.get("id") if isinstance(subnet, dict) else None)
    own = parsed_id(resource.get("id"))
    return [found for found in (*map(parsed_id, texts), own if own and len(own.names) > 1 else None) if found]


def _nothing(_: Instance) -> dict[str, Any] | None:
    return {}


def _silent(_: Notice) -> None:
    """Takes a notice that is told elsewhere."""


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= 256 and "/" not in value


def _prefixes(values: Mapping[str, Any]) -> Any:
    return values.get("address_prefixes") or values.get("address_prefix")


def _blocks(value: object) -> list[dict[str, Any]]:
    """The blocks of one kind: a list of objects, or one object."""
    return [one for one in _list(value) if isinstance(one, dict)]


def _first(value: object) -> dict[str, Any]:
    return next(iter(_blocks(value)), {})


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []
