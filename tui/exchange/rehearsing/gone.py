"""What is gone: things that the file has as deployed, and that the sources would tell if they were still in Azure.

Owns what an import may delete when it is asked to. Sources tell a kind of things for a subscription when they tell at
least one of it: a list of VNets says nothing about connections.
Invariant: nothing goes that is planned, and no network to which something of the file still leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tui.exchange.assembling.assembly import Assembly
from tui.topology.keypath import key_path
from tui.topology.model import Topology
from tui.topology.parts import Path, table_at
from tui.topology.references import without_references
from tui.topology.table import Table


@dataclass(frozen=True, slots=True)
class Gone:
    """What is gone from Azure."""

    paths: tuple[Path, ...]
    """What can go from the file."""
    needed: Mapping[Path, str]
    """What cannot, with the reason and what to do."""
    inside: Mapping[Path, tuple[str, ...]]
    """The subnets of VNets and the devices of sites that are told without them."""


def gone_things(file: Topology, assembly: Assembly) -> Gone:
    """Return what of `file` the sources of `assembly` would tell and do not."""
    candidates = [path for path in _covered(file, assembly) if path not in assembly.present]
    leaving = set(candidates)
    users = _users(file, {path[1] for path in candidates if path[0] in ("vnets", "sites")})
    needed: dict[Path, str] = {}
    for path in candidates:
        staying = [user for user in users.get(path[1], ()) if user not in leaving] if path[0] != "connections" else []
        if path[0] in ("vnets", "sites") and staying:
            what = " and ".join(map(key_path, staying[:2])) + (" and others" if len(staying) > 2 else "")
            needed[path] = (
                f"it is no longer in Azure, and {what} of the file still names it: delete or change that first, or "
                "import the sources that tell it as well"
            )
    paths = tuple(path for path in candidates if path not in needed)
    return Gone(paths, needed, dict(_inside(file, assembly)))


def without_things(topology: Topology, paths: Sequence[Path]) -> Topology:
    """Return the topology without the things at `paths`, and without waivers that were for them alone."""
    for table in ("connections", "peerings", "vnets", "sites"):
        going = sorted(path for path in paths if path[0] == table)
        if going:
            topology = without_references(topology, *going)
            names = {path[1] for path in going}
            left = Table((key, part) for key, part in table_at(topology, (table,)).items() if key not in names)
            topology = topology.model_copy(update={table: left})
    return topology


def _covered(file: Topology, assembly: Assembly) -> Iterator[Path]:
    """The deployed things of the file in subscriptions for which the sources tell things of their kind."""
    covered = assembly.covered
    of_vnet = {key: vnet.subscription or "" for key, vnet in file.vnets.items()} if covered else {}
    circuits = {end for part in file.connections.values() if part.kind == "expressroute" for end in part.between}
    for key, vnet in file.vnets.items():
        if vnet.state != "planned" and ("vnets", of_vnet.get(key, "")) in covered:
            yield "vnets", key
    for key, site in file.sites.items():
        kinds = {"sites"} if site.devices or site.vpn_device is not None else {"circuits"}
        if kinds == {"circuits"} and key not in circuits:
            # It may be either: a local gateway without an address, or a circuit that has lost its connection.
            kinds.add("sites")
        if site.state != "planned" and all((kind, site.subscription or "") in covered for kind in kinds):
            yield "sites", key
    for key, connection in file.connections.items():
        subscriptions = [connection.subscription] if connection.subscription else map(of_vnet.get, connection.between)
        if connection.state != "planned" and any(("connections", one or "") in covered for one in subscriptions):
            yield "connections", key
    for key, peering in file.peerings.items():
        if peering.state != "planned" and any(("peerings", of_vnet.get(end, "")) in covered for end in peering.between):
            yield "peerings", key


def _users(file: Topology, networks: set[str]) -> dict[str, list[Path]]:
    """What names each of `networks`: links and services."""
    users: dict[str, list[Path]] = {}
    if networks:
        for table in ("connections", "peerings"):
            for key, link in table_at(file, (table,)).items():
                for end in networks.intersection(link.between):
                    users.setdefault(end, []).append((table, key))
        for key, service in file.services.items():
            for end in networks.intersection(service.vnets):
                users.setdefault(end, []).append(("services", key))
    return users


def _inside(file: Topology, assembly: Assembly) -> Iterator[tuple[Path, tuple[str, ...]]]:
    listed = {(end, name) for part in file.connections.values() for end in part.between for name in part.devices or ()}
    for key, told in assembly.topology.vnets.items():
        vnet = file.vnets.get(key)
        if vnet is not None and vnet.state != "planned" and ("subnets", told.subscription or "") in assembly.covered:
            names = {name.casefold() for name in told.subnets}
            missing = tuple(name for name in vnet.subnets if name.casefold() not in names)
            if missing:
                yield ("vnets", key), missing
    for key, of_site in assembly.topology.sites.items():
        site = file.sites.get(key)
        if site is not None and site.state != "planned":
            lost = tuple(name for name in site.devices if name not in of_site.devices and (key, name) not in listed)
            if lost:
                yield ("sites", key), lost
