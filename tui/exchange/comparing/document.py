"""A difference as one JSON document, which is a contract.

Owns the names of its keys, and how the values of a topology are written in JSON.
Invariant: it holds what JSON can hold, and every value that the file had is told from every other one of its type.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from tui.checks.rule import Finding
from tui.exchange.comparing.difference import Difference, Meter
from tui.topology.keypath import key_path
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
) -> dict[str, Any]:
    """Return the difference of what is called `before` and `after`.

    The positions tell where findings are; without them, or where a source has no lines, they are null.
    """
    return {
        "before": before,
        "after": after,
        "same": difference.same,
        "added": [{"path": key_path(one.path)} for one in difference.added],
        "removed": [{"path": key_path(one.path)} for one in difference.removed],
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
    """Return a value of a topology as JSON has it: prefixes and days as text, what is no number as its name."""
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
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def whole(value: float | None) -> int | float | None:
    """Return a figure without a useless fraction."""
    return int(value) if value is not None and value == int(value) else value


def _findings(findings: Iterable[Finding], at: Position | None) -> list[dict[str, Any]]:
    documents = []
    for finding in findings:
        line, column = at(finding.where[0]) if at is not None else (None, None)
        documents.append(
            {
                "code": finding.code,
                "severity": finding.severity,
                "where": list(finding.places),
                "line": line,
                "column": column,
                "message": finding.message,
                "help": finding.help,
                "waived": finding.waived,
            }
        )
    return documents


def _meter(meter: Meter | None) -> dict[str, Any] | None:
    if meter is None:
        return None
    return {
        "tunnels_used": meter.tunnels,
        "tunnels_limit": meter.tunnels_limit,
        "bandwidth_used_mbps": whole(meter.bandwidth_mbps),
        "bandwidth_limit_mbps": whole(meter.bandwidth_limit_mbps),
    }
