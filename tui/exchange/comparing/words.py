"""Words: how names, values, changes and meters are written for people, in text, Markdown and the editor alike.

Invariant: a value cannot be taken for another one, and all that comes out is displayable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from tui.display import displayable, whole
from tui.exchange.comparing.difference import Difference, Meter
from tui.exchange.comparing.document import plain
from tui.exchange.comparing.fields import FieldChange
from tui.topology.keypath import key_path
from tui.topology.model import Gateway, Part
from tui.topology.parts import Path
from tui.topology.prefix import Prefix
from tui.topology.table import Table

NOTHING = "–"
_MOST_NAMED = 4
"""So many items of a list are named where a thing is told in a few words."""

_TELLING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "between": "{}",
        "address_space": "{}",
        "advertises": "advertises {}",
        "prefixes": "{}",
        "vpn_device": "device {}",
        "devices": "devices {}",
        "sku": "{}",
        "code": "{}",
        "kind": "{}",
        "bgp": "BGP",
        "bandwidth_mbps": "{} Mbps",
        "gateway_transit": "by the gateway of {}",
        "where": "at {}",
        "vnets": "in {}",
        "address": "{}",
        "name": "{}",
        "region": "{}",
        "subscription": "{}",
        "subnets": "subnets {}",
        "gateway": "gateway {}",
        "reason": "{}",
    }
)
"""The fields that say in a few words what a thing is, where it has them, and how they say it."""

_PLAIN = re.compile(r"[\w./:@+-]+( [\w./:@+-]+)*")
_OTHER = re.compile(
    r"true|false|none|null|[+-]?(nan|inf|\d+(\.\d+)?(e[+-]?\d+)?)|\d+-\d+-\d+.*|\d+:\d+.*|[–-]", re.IGNORECASE
)
"""Texts that would be read as a number, a day or a word of the file format."""


def name_of(path: Path) -> str:
    """Return what the thing at `path` is called, displayable: its key path."""
    return displayable(key_path(path)) if path else "the topology"


def says(part: Part) -> str:
    """Return in a few words what a thing is, displayable: ends, prefixes, devices, what is in it."""
    told = []
    for name, words in _TELLING.items():
        value = getattr(part, name, None)
        if value:
            told.append(words.format(_few(value)).rstrip())
    return ", ".join(told)


def _few(value: Any) -> str:
    if isinstance(value, Gateway):
        return shown(value.sku) if value.sku is not None else ""
    if isinstance(value, Table) or (isinstance(value, tuple) and not isinstance(value, Prefix)):
        more = [f"{len(value) - _MOST_NAMED} more"] if len(value) > _MOST_NAMED + 1 else []
        return ", ".join([*map(shown, islice(value, _MOST_NAMED if more else None)), *more])
    return shown(value)


def shown(value: object) -> str:
    """Return a value as one reads it, displayable: a text in quotes where it could be taken for something else."""
    if value is None:
        return NOTHING
    if isinstance(value, tuple) and not isinstance(value, Prefix):
        return f"[{', '.join(map(shown, value))}]"
    form = plain(value)
    if isinstance(form, str) and (not isinstance(value, str) or _is_plain(form)):
        return displayable(form)
    return displayable(json.dumps(form, ensure_ascii=False))


def _is_plain(given: str) -> bool:
    return _PLAIN.fullmatch(given) is not None and not _OTHER.fullmatch(given)


def field_text(change: FieldChange) -> str:
    """Return what became of a field, displayable: what a list gained and lost, else both values."""
    if change.came or change.went:
        signed = [f"+{shown(item)}" for item in change.came] + [f"-{shown(item)}" for item in change.went]
        return "  ".join(signed)
    return f"{shown(change.before)} → {shown(change.after)}"


def tunnels_text(meter: Meter | None) -> str:
    """Return the tunnels of a meter, used and allowed."""
    return NOTHING if meter is None else f"{meter.tunnels}/{_limit(meter.tunnels_limit)}"


def bandwidth_text(meter: Meter | None) -> str:
    """Return the bandwidth of a meter, used and there, in Mbps."""
    return NOTHING if meter is None else f"{whole(meter.bandwidth_mbps)}/{_limit(meter.bandwidth_limit_mbps)}"


def _limit(value: float | None) -> str:
    return "?" if value is None else str(whole(value))


def summary(difference: Difference) -> str:
    """Return how much differs, in one line."""
    waived = sum(one.waived is not None for one in difference.findings_new)
    things = (
        (len(difference.added), "added"),
        (len(difference.removed), "removed"),
        (len(difference.changed), "changed"),
        (len(difference.renamed), "renamed"),
    )
    findings = (
        (len(difference.findings_new) - waived, "new"),
        (waived, "new and waived"),
        (len(difference.findings_gone), "gone"),
    )
    return f"{_counted(things)}; findings: {_counted(findings) or 'none new, none gone'}"


def _counted(counts: Iterable[tuple[int, str]]) -> str:
    return ", ".join(f"{count} {word}" for count, word in counts if count)
