"""What is gone: things that the file has as deployed, and that the sources would tell if they were still in Azure.

Owns what an import may delete when it is asked to: what complete lists cover and do not tell, and with a network or a
gateway that is gone its links, which Azure cannot have without it. A gateway, a subnet and a device are deployed as
what they are in is.
Invariant: nothing goes that is planned, and no network to which something would still lead after the import.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tui.exchange.assembling.assembly import Assembly
from tui.exchange.assembling.coverage import Coverage
from tui.exchange.resource_ids import parsed_id
from tui.topology.keypath import key_path
from tui.topology.model import Connection, Device, Site, Topology, VNet
from tui.topology.parts import Path, entry_at, table_at, with_fields
from tui.topology.references import without_references
from tui.topology.table import Table

_NETWORKS = ("vnets", "sites")
_LINKS = ("connections", "peerings")


@dataclass(frozen=True, slots=True)
class Gone:
    """What is gone from Azure."""

    paths: tuple[Path, ...]
    """What can go from the file."""
    needed: Mapping[Path, str]
    """What cannot, with the reason and what to do."""
    inside: Mapping[Path, tuple[Path, ...]]
    """The subnets and gateways of VNets and the devices of sites that are gone, by what they are in, which stays."""
    uncovered: tuple[Path, ...]
    """What is deployed according to the file and not told, and of which no source would tell."""


def gone_things(file: Topology, assembly: Assembly, after: Topology) -> Gone:
    """Return what of `file` the sources of `assembly` would tell and do not.

    `after`: the file with all that they tell, which decides what still leads to what.
    """
    untold = [path for path in _deployed(file) if path not in assembly.present]
    circuits = {end for part in file.connections.values() if part.kind == "expressroute" for end in part.between}
    leaving = {path for path in untold if _is_covered(path, file, assembly.covered, circuits)}
    # Where a VNet and a site have the same name, links mean the VNet.
    networks = {path[1]: path for path in leaving if path[0] == "vnets" or _is_site_of_its_own(path, file)}
    gateways = {path[1]: path for path in _gateways_gone(file, assembly)}
    with_gateways = networks.keys() | gateways.keys()
    leaving.update(
        path
        for path in untold
        if path[0] in _LINKS
        and not (with_gateways if _is_vpn(file, path) else networks.keys()).isdisjoint(entry_at(file, path).between)
    )
    needed: dict[Path, str] = {}
    for name, users in _users(after, networks.keys()).items():
        staying = [key_path(user) for user in users if user not in leaving]
        if staying:
            needed[networks[name]] = _why_needed(staying)
    inside: dict[Path, list[Path]] = {}
    for path in chain(gateways.values(), _subnets_gone(file, assembly), _devices_gone(assembly, file, after)):
        if path[:2] not in leaving:
            inside.setdefault(path[:2], []).append(path)
    return Gone(
        paths=tuple(path for path in untold if path in leaving and path not in needed),
        needed={path: needed[path] for path in untold if path in needed},
        inside={path: tuple(parts) for path, parts in inside.items()},
        uncovered=tuple(path for path in untold if path not in leaving),
    )


def without_things(topology: Topology, paths: Sequence[Path]) -> Topology:
    """Return the topology without the things at `paths`, and without waivers that were for them alone."""
    for table in (*_LINKS, *_NETWORKS):
        going = sorted(path for path in paths if path[0] == table)
        if going:
            topology = _left(without_references(topology, *going), table, going)
    return topology


def without_networks_alone(topology: Topology, paths: Collection[Path]) -> Topology:
    """Return the topology without the networks at `paths`; what still names them stays, and names nothing then."""
    for table in _NETWORKS:
        going = [path for path in paths if path[0] == table]
        topology = _left(topology, table, going) if going else topology
    return topology


def without_inside(part: Any, going: Collection[Path]) -> Any:
    """Return a VNet or a site without the gateway, the subnets or the devices at `going`."""
    names = {(path[2], path[3]) for path in going if len(path) == 4}
    for table in ("subnets", "devices"):
        before: Table[Any] = getattr(part, table, Table())
        left = Table((name, one) for name, one in before.items() if (table, name) not in names)
        if len(left) < len(before):
            part = with_fields(part, **{table: left or None})
    return with_fields(part, gateway=None) if any(path[2:] == ("gateway",) for path in going) else part


def _left(topology: Topology, table: str, going: Collection[Path]) -> Topology:
    names = {path[1] for path in going}
    left = Table((key, part) for key, part in table_at(topology, (table,)).items() if key not in names)
    return topology.model_copy(update={table: left})


def _deployed(file: Topology) -> Iterator[Path]:
    for table in (*_NETWORKS, *_LINKS):
        for key, part in table_at(file, (table,)).items():
            if part.state != "planned":
                yield table, key


def _is_covered(path: Path, file: Topology, covered: Coverage, circuits: Collection[str]) -> bool:
    """Whether the sources would tell of the thing at `path`; `circuits` are the sites that ExpressRoute leads to."""
    part = entry_at(file, path)
    match path:
        case ("sites", key):
            kinds = {"sites"} if part.devices or part.vpn_device is not None else {"circuits"}
            if kinds == {"circuits"} and key not in circuits:
                # It may be either: a local gateway without an address, or a circuit that has lost its connection.
                kinds.add("sites")
            homes = {home for one in (part, *part.devices.values()) for home in _homes_of_device(one, part, file)}
            return all(covered.of_group(kind, *home) for kind in kinds for home in homes)
        case ("connections", _):
            return any(all(covered.of_group("connections", *home) for home in homes) for homes in _homes(part, file))
        case ("peerings", _):
            # Azure needs both sides: where one is gone, there is no peering.
            return any(covered.of_vnet("peerings", end) for end in part.between)
    return covered.of_group("vnets", part.subscription, part.resource_group)


def _homes(connection: Connection, file: Topology) -> Iterator[set[tuple[str, str]]]:
    """The places, by subscription and resource group, of which each set alone would tell of a connection.

    A connection resource lies in the subscription of the gateway that it begins at, and mostly beside it. Of two halves
    in one subscription nobody knows that they do not lie together; one in another is looked for beside its gateway, if
    the one that is known lies beside its own.
    """
    beside = {_gateway_home(file.vnets[end]) for end in connection.between if end in file.vnets}
    homes = beside
    if connection.resource_group is not None:
        subscriptions = {connection.subscription} if connection.subscription else {home[0] for home in beside}
        homes = {(one, connection.resource_group.casefold()) for one in subscriptions}
        if not homes.isdisjoint(beside):
            homes |= {home for home in beside if home[0] not in subscriptions}
    for subscription in {home[0] for home in homes}:
        yield {home for home in homes if home[0] == subscription}


def _gateway_home(vnet: VNet) -> tuple[str, str]:
    group = (vnet.gateway.resource_group if vnet.gateway is not None else None) or vnet.resource_group
    return vnet.subscription or "", (group or "").casefold()


def _why_needed(users: Sequence[str]) -> str:
    what = " and ".join(users[:2]) + (" and others" if len(users) > 2 else "")
    return (
        f"it is no longer in Azure, and {what} of the file still name{'' if len(users) > 1 else 's'} it: delete or "
        "change that first, or import the sources that tell it as well"
    )


def _is_site_of_its_own(path: Path, file: Topology) -> bool:
    return path[0] == "sites" and path[1] not in file.vnets


def _is_vpn(file: Topology, path: Path) -> bool:
    return path[0] == "connections" and file.connections[path[1]].kind == "vpn"


def _users(topology: Topology, networks: Collection[str]) -> dict[str, list[Path]]:
    """What names each of `networks`: links and services."""
    users: dict[str, list[Path]] = {}
    if networks:
        for table in _LINKS:
            for key, link in table_at(topology, (table,)).items():
                for end in link.between:
                    if end in networks:
                        users.setdefault(end, []).append((table, key))
        for key, service in topology.services.items():
            for end in service.vnets:
                if end in networks:
                    users.setdefault(end, []).append(("services", key))
    return users


def _gateways_gone(file: Topology, assembly: Assembly) -> Iterator[Path]:
    for key, vnet in file.vnets.items():
        path = ("vnets", key, "gateway")
        if (
            vnet.gateway is not None
            and vnet.state != "planned"
            and assembly.covered.of_group("gateways", *_gateway_home(vnet))
            and path not in assembly.present
            and path[:2] not in assembly.conflicts
        ):
            yield path


def _subnets_gone(file: Topology, assembly: Assembly) -> Iterator[Path]:
    for key, told in assembly.topology.vnets.items():
        vnet = file.vnets.get(key)
        if vnet is not None and vnet.state != "planned" and assembly.covered.of_vnet("subnets", key):
            names = {name.casefold() for name in told.subnets}
            yield from (("vnets", key, "subnets", name) for name in vnet.subnets if name.casefold() not in names)


def _devices_gone(assembly: Assembly, file: Topology, after: Topology) -> Iterator[Path]:
    listed = {(end, name) for part in after.connections.values() for end in part.between for name in part.devices or ()}
    for key, told in assembly.topology.sites.items():
        site: Site | None = file.sites.get(key)
        if site is not None and site.state != "planned":
            for name, device in site.devices.items():
                homes = _homes_of_device(device, site, file)
                is_covered = all(assembly.covered.of_group("sites", *home) for home in homes)
                if is_covered and name not in told.devices and (key, name) not in listed:
                    yield "sites", key, "devices", name


def _homes_of_device(device: Site | Device, site: Site, file: Topology) -> set[tuple[str, str]]:
    """The subscriptions and resource groups in which the local gateways of a device lie, or of a site without any."""
    if not device.local_gateways:
        return {(site.subscription or "", (site.resource_group or "").casefold())}
    keys = {(one.id or "").casefold(): key for key, one in file.subscriptions.items()}
    # One that cannot be placed lies where no list covers it.
    return {
        (keys.get(resource.subscription.casefold(), ""), resource.resource_group.casefold()) if resource else ("", "")
        for resource in map(parsed_id, device.local_gateways)
    }
