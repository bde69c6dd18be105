"""Parts by their key path: reading one out of a topology, and making a topology with another in its place.

Owns the walk down a path such as ("vnets", "app", "subnets", "web"), and the one door through which fields
are set. Invariant: what comes out has gone through the model's own validation.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pydantic import ValidationError

from tui.errors import EditError
from tui.topology.keypath import key_path
from tui.topology.model import (
    Connection,
    Device,
    Gateway,
    Part,
    Peering,
    Pool,
    Service,
    Site,
    SkuLimits,
    Subnet,
    Subscription,
    Topology,
    VNet,
    Waiver,
)
from tui.topology.table import Table

Path: TypeAlias = tuple[str, ...]

_CLASSES: dict[str, type[Part]] = {
    "subscriptions": Subscription,
    "vnets": VNet,
    "subnets": Subnet,
    "sites": Site,
    "devices": Device,
    "connections": Connection,
    "peerings": Peering,
    "services": Service,
    "waivers": Waiver,
    "pools": Pool,
    "skus": SkuLimits,
}


def part_class(path: Path) -> type[Part]:
    """Return the kind of part that stands at `path`. Raises EditError for a path that holds none."""
    if len(path) == 3 and path[0] == "vnets" and path[2] == "gateway":
        return Gateway
    if len(path) >= 2 and path[-2] in _CLASSES:
        return _CLASSES[path[-2]]
    raise EditError(f"nothing can stand at {key_path(path)}")


def table_at(topology: Topology, place: Path) -> Table[Any]:
    """Return the table at `place`, such as ("vnets",) or ("vnets", "app", "subnets"). Raises EditError."""
    found = _walk(topology, place)
    if not isinstance(found, Table):
        raise EditError(f"{key_path(place)} is no table of things")
    return found


def entry_at(topology: Topology, path: Path) -> Any:
    """Return the part at `path` (None for a gateway that is not there). Raises EditError if nothing can be there."""
    return _walk(topology, path)


def with_fields(part: Part, **fields: Any) -> Any:
    """Return the part with `fields` set; None takes a field away. Raises EditError for a name or type that is wrong."""
    kind = type(part)
    wrong = [name for name in fields if name not in kind.model_fields or name in ("identity", "sites_first")]
    if wrong:
        raise EditError(f"{kind.__name__} has no field {', '.join(wrong)}")
    values: dict[str, Any] = dict(part.__pydantic_extra__ or {})
    for name, field in kind.model_fields.items():
        if name in fields:
            value = fields[name]
        elif name in part.model_fields_set:
            value = getattr(part, name)
        else:
            continue
        if value is not None:
            values[field.alias or name] = value
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise EditError(f"{place} cannot be set so: {first['msg']}") from None


def replace_part(topology: Topology, path: Path, **fields: Any) -> Topology:
    """Return the topology with `fields` of the part at `path` set; itself if they were so before. Raises EditError."""
    if not path:
        changed: Topology = with_fields(topology, **fields)
        return topology if _same(changed, topology) else changed
    part = entry_at(topology, path)
    if not isinstance(part, Part):
        raise EditError(f"there is no {key_path(path)}")
    replacement = with_fields(part, **fields)
    return topology if _same(replacement, part) else _put(topology, path, replacement)


def _same(part: Part, other: Part) -> bool:
    if part != other or part.model_fields_set != other.model_fields_set:
        return False
    # Python calls 1, 1.0 and true equal, the file does not; only what is carried unread can hold either.
    return isinstance(part, Topology) or repr(part) == repr(other)


def with_table(topology: Topology, place: Path, table: Table[Any]) -> Topology:
    """Return the topology with `table` at `place`. Raises EditError."""
    return _put(topology, place, table)


def _walk(topology: Topology, path: Path) -> Any:
    found: Any = topology
    for depth, step in enumerate(path):
        if isinstance(found, Table) and step in found:
            found = found[step]
        elif isinstance(found, Part) and step in type(found).model_fields:
            found = getattr(found, step)
        else:
            raise EditError(f"there is no {key_path(path[: depth + 1])}")
    return found


def _put(topology: Topology, path: Path, value: Any) -> Topology:
    """Rebuild what lies above `path`, sharing everything beside it."""
    owners = [_walk(topology, path[:depth]) for depth in range(len(path))]
    for owner, step in zip(reversed(owners), reversed(path), strict=True):
        # Both sides are valid already: copying is enough, and does not look at the ten thousand others.
        value = owner.set(step, value) if isinstance(owner, Table) else owner.model_copy(update={step: value})
    result: Topology = value
    return result
