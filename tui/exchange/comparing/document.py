"""A difference as one JSON document, which is a contract.

Owns the names of its keys, and how the values of a topology are written in JSON.
Invariant: it holds what JSON can hold, and every value that the file had is told from every other one of its type.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from tui.checks.finding_document import finding_document
from tui.checks.rule import Finding
from tui.display import whole
from tui.exchange.comparing.difference import Difference, Meter, Thing
from tui.exchange.comparing.fields import set_fields
from tui.topology.keypath import key_path
from tui.topology.model import Part
from tui.topology.parts import Path
from tui.topology.prefix import Prefix

Position: TypeAlias = Callable[[Path], tuple[int | None, int | None]]
"""Line and column of a thing in the file that it is from."""


def document(
    difference: Difference,
    before: str,
    after: str,
    *,
    before_at: Position | None = None,
    after_at: Position | None = None,
    untold: int = 0,
    in_conflict: int = 0,
) -> dict[str, Any]:
    """Return the difference of what is called `before` and `after`.

    The positions tell where findings are; without them, or where a source has no lines, they are null. `untold`,
    `in_conflict`: how much of what was compared is missing or not understood, and could not be put in.
    """
    return {
        "before": before,
        "after": after,
        "same": difference.same,
        "untold": untold,
        "in_conflict": in_conflict,
        "added": list(map(_thing, difference.added)),
        "removed": list(map(_thing, difference.removed)),
        "renamed": [{"from": key_path(one.old), "to": key_path(one.new)} for one in difference.renamed],
        "changed": [
            {
                "path": key_path(path),
                "fields": [
                    {"field": one.field, "before": plain(one.before), "after": plain(one.after)} for one in fields
                ],
            }
            for path, fields in difference.changed
        ],
        "findings": {
            "new": _findings(difference.findings_new, after_at),
            "gone": _findings(difference.findings_gone, before_at),
        },
        "meters": [
            {"vnet": one.vnet, "before": _meter(one.before), "after": _meter(one.after)} for one in difference.meters
        ],
    }


def plain(value: Any) -> Any:
    """Return a value of a topology as JSON has it: prefixes and days as text, what is no number as its name.

    Of a thing it has what the thing sets, under the keys of the file and in its long form.
    """
    if isinstance(value, Prefix):
        return str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Part):
        return {key: plain(entry) for key, _, entry in set_fields(value)}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _thing(thing: Thing) -> dict[str, Any]:
    return {"path": key_path(thing.path), "value": plain(thing.part)}


def _findings(findings: Iterable[Finding], at: Position | None) -> list[dict[str, Any]]:
    return [finding_document(one, *(at(one.where[0]) if at is not None else (None, None))) for one in findings]


def _meter(meter: Meter | None) -> dict[str, Any] | None:
    if meter is None:
        return None
    return {
        "tunnels_used": meter.tunnels,
        "tunnels_limit": meter.tunnels_limit,
        "bandwidth_used_mbps": whole(meter.bandwidth_mbps),
        "bandwidth_limit_mbps": whole(meter.bandwidth_limit_mbps),
    }
