"""Requests: the file that says which VNets are to be planned.

Owns its format (`[vnets.NAME]` with a size and, if wanted, a pool, growth and subnets) and how it is read. A key that
is not known is a problem here: a request is made once, and a misspelled word in it would be lost.
Invariant: either every request is understood, or all problems are told with their places, texts displayable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tui.display import displayable
from tui.errors import VnetTuiError
from tui.planner.batch.wanted import VNetWanted, length_of
from tui.planner.subnets.wanted import SubnetWanted, is_reserved, usual_length
from tui.storage.files import decode, read_text
from tui.storage.layout import Layout
from tui.storage.load import plain
from tui.storage.nesting import check_nesting
from tui.storage.problems import Problem, UnreadableTopologyError, name_problems
from tui.topology.catalog import nearest
from tui.topology.keypath import key_path
from tui.topology.subnet_sizes import IPV6_SUBNET, LARGEST_SUBNET, SMALLEST_SUBNET, length_for_hosts

KEYS: Final = ("size", "hosts", "region", "pool", "subscription", "family", "growth", "note", "subnets")
"""What a VNet of the file may have."""

SUBNET_KEYS: Final = ("size", "hosts", "note")
"""What a subnet in its long form may have."""

_MOST_FOUND: Final = 60
_LENGTH: Final = re.compile(r"/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])")
_SIZE: Final = 'a prefix length in quotes, such as "/22"'
_HOSTS: Final = "a whole number from 1 up"


@dataclass(frozen=True)
class Requests:
    """What a file of requests says."""

    wanted: tuple[VNetWanted, ...]
    """In the order of the file."""
    layout: Layout

    def position(self, path: Sequence[str]) -> tuple[int, int]:
        """Return line and column, from 1, of a VNet or of what stands under it: ("app", "pool")."""
        return self.layout.position(("vnets", *path))


def read_requests(path: Path) -> Requests:
    """Read the requests at `path`. Raises FileError, or UnreadableTopologyError with all problems."""
    return parse_requests(read_text(path).text, str(path))


def parse_requests_bytes(data: bytes, source: str) -> Requests:
    """Return the requests that `data` (from standard input, say) holds. Raises as `read_requests` does."""
    return parse_requests(decode(data, source), source)


def parse_requests(text: str, source: str) -> Requests:
    """Return the requests that `text` says. Raises as `read_requests` does, naming `source`."""
    check_nesting(text, source)
    data = plain(text, source)
    if unnameable := name_problems(text, data):
        raise UnreadableTopologyError(source, unnameable)
    reader = _Reader(text)
    wanted = reader.requests(data)
    if reader.problems:
        problems = sorted(reader.problems, key=lambda problem: (problem.line or 0, problem.column or 0))
        raise UnreadableTopologyError(source, problems)
    return Requests(wanted, reader.layout)


class _Reader:
    """One file, and what is wrong with it as it is read."""

    def __init__(self, text: str) -> None:
        self.layout = Layout(text)
        self.problems: list[Problem] = []

    def requests(self, data: Mapping[str, Any]) -> tuple[VNetWanted, ...]:
        self._unknown(data, (), ("vnets",))
        vnets = data.get("vnets")
        if isinstance(vnets, dict) and vnets:
            read = [self._vnet(name, value) for name, value in vnets.items()]
            return tuple(one for one in read if one is not None)
        if vnets is None or vnets == {}:
            message = 'nothing is asked for: write a table such as [vnets.app] with size = "/22"'
            self._add(("vnets",), "", "a table for each VNet", None, message)
        else:
            self._wrong(("vnets",), vnets, "a table for each VNet")
        return ()

    def _vnet(self, name: str, value: Any) -> VNetWanted | None:
        path = ("vnets", name)
        before = len(self.problems)
        if not name.strip():
            self._add(path, '""', "a name", None, "a VNet has an empty name; give it one")
        if not isinstance(value, dict):
            self._wrong(path, value, "a table")
            return None
        self._unknown(value, path, KEYS)
        family = value.get("family", 4)
        if type(family) is not int or family not in (4, 6):
            self._wrong((*path, "family"), family, "4 or 6")
            family = 4
        if "size" in value and "hosts" in value:
            message = f"{displayable(key_path(path))} has a size and hosts; one of them says how large it is"
            self._add((*path, "hosts"), "", "a size or hosts", None, message)
        length = self._size((*path, "size"), value)
        hosts = self._hosts((*path, "hosts"), value, family)
        growth = self._size((*path, "growth"), value)
        subnets, notes = self._subnets((*path, "subnets"), value.get("subnets", {}), family)
        texts = {key: self._text((*path, key), value) for key in ("region", "pool", "subscription", "note")}
        if len(self.problems) > before:
            return None
        wanted = VNetWanted(
            name,
            length=length,
            hosts=hosts,
            subnets=subnets,
            subnet_notes=notes,
            family=family,
            growth=growth,
            **texts,
        )
        self._check_size(path, wanted)
        return wanted

    def _check_size(self, path: tuple[str, ...], wanted: VNetWanted) -> None:
        """What contradicts itself whatever the topology is; its pools may have a size for those that have none."""
        has_pools = wanted.pool is not None or wanted.region is not None
        if wanted.length is None and wanted.hosts is None and not wanted.subnets and has_pools:
            return
        try:
            length_of(wanted)
        except VnetTuiError as error:
            about_growth = wanted.growth is not None and _is_possible(replace(wanted, growth=None))
            key = "growth" if about_growth else "size" if wanted.length is not None else ""
            self._add((*path, key) if key else path, "", displayable(error.hint), None, _sentence(error))

    def _subnets(
        self, path: tuple[str, ...], value: Any, family: int
    ) -> tuple[tuple[SubnetWanted, ...], tuple[tuple[str, str], ...]]:
        if not isinstance(value, dict):
            self._wrong(path, value, 'a table of subnets, such as { web = "/26" }')
            return (), ()
        wanted: list[SubnetWanted] = []
        notes: list[tuple[str, str]] = []
        # Azure's names do not tell upper and lower case apart.
        seen: dict[str, str] = {}
        for name, entry in value.items():
            other = seen.setdefault(name.casefold(), name)
            if other != name:
                message = f"{displayable(key_path((*path, name)))} and {displayable(other)} are one name to Azure"
                self._add((*path, name), f'"{displayable(name, _MOST_FOUND)}"', "another name", None, message)
            one, note = self._subnet((*path, name), name, entry, family)
            if one is not None:
                wanted.append(one)
            if note is not None:
                notes.append((name, note))
        return tuple(wanted), tuple(notes)

    def _subnet(
        self, path: tuple[str, ...], name: str, value: Any, family: int
    ) -> tuple[SubnetWanted | None, str | None]:
        before = len(self.problems)
        note = None
        if not name.strip():
            self._add(path, '""', "a name", None, f"{displayable(key_path(path[:-1]))} has an empty name; give it one")
        if isinstance(value, str):
            length = self._size(path, {name: value})
        elif isinstance(value, dict):
            self._unknown(value, path, SUBNET_KEYS)
            if "size" in value and "hosts" in value:
                message = f"{displayable(key_path(path))} has a size and hosts; one of them says how large it is"
                self._add((*path, "hosts"), "", "a size or hosts", None, message)
            note = self._text((*path, "note"), value)
            length = self._size((*path, "size"), value)
            hosts = self._hosts((*path, "hosts"), value, family)
            usual = usual_length(name)
            if length is None and hosts is not None:
                length = length_for_hosts(hosts, family)
                # A service that has a size of its own does not do with less, however few addresses are asked for.
                length = length if usual is None or family == 6 else min(length, usual)
            if length is None and hosts is None:
                length = usual
        else:
            self._wrong(path, value, "a prefix length in quotes, or a table with a size or hosts")
            return None, None
        if len(self.problems) > before:
            return None, note
        if family == 6 and is_reserved(name):
            message = f"{displayable(key_path(path))}: its service needs IPv4, and this VNet is to be of IPv6"
            self._add(path, "", "", None, f"{message}; ask for it in a VNet of family 4")
            return None, note
        if length is None:
            message = f"{displayable(key_path(path))} has no size"
            self._add(
                path, "a table", 'a size such as "/26", or hosts', None, f'{message}; write size = "/26", or hosts'
            )
            return None, note
        try:
            return SubnetWanted(name, length, family), note
        except VnetTuiError as error:
            allowed = f"/{IPV6_SUBNET}" if family == 6 else f"/{LARGEST_SUBNET} to /{SMALLEST_SUBNET}"
            self._add(path, f"/{length}", allowed, None, f"{displayable(key_path(path))}: {_sentence(error)}")
            return None, note

    # Values

    def _size(self, path: tuple[str, ...], table: Mapping[str, Any]) -> int | None:
        """The prefix length that stands in `table` under the last key of `path`."""
        value = table.get(path[-1])
        if value is None:
            return None
        match = _LENGTH.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            meant = re.fullmatch(r"\s*/?\s*([0-9]{1,3})\s*", str(value)) if not isinstance(value, bool) else None
            near = f'"/{int(meant[1])}"' if meant and int(meant[1]) <= 128 else None
            self._wrong(path, value, _SIZE, near)
            return None
        return int(match[1])

    def _hosts(self, path: tuple[str, ...], table: Mapping[str, Any], family: int) -> int | None:
        value = table.get("hosts")
        if value is None:
            return None
        if type(value) is not int or value < 1:
            self._wrong(path, value, _HOSTS)
            return None
        try:
            length_for_hosts(value, family)
        except VnetTuiError as error:
            self._add(
                path, _shown(value), displayable(error.hint), None, f"{displayable(key_path(path))}: {_sentence(error)}"
            )
            return None
        return value

    def _text(self, path: tuple[str, ...], table: Mapping[str, Any]) -> str | None:
        value = table.get(path[-1])
        if value is None or isinstance(value, str):
            return value
        self._wrong(path, value, "text in quotes")
        return None

    # Problems

    def _wrong(self, path: tuple[str, ...], value: Any, allowed: str, near: str | None = None) -> None:
        found = _shown(value)
        hint = f"; did you mean {near}?" if near else ""
        self._add(path, found, allowed, near, f"{displayable(key_path(path))} is {found}; allowed is {allowed}{hint}")

    def _unknown(self, table: Mapping[str, Any], above: tuple[str, ...], known: Iterable[str]) -> None:
        for key in table:
            if key not in known:
                path = (*above, key)
                near = nearest(key[:_MOST_FOUND], known)
                hint = f"did you mean {near}?" if near else f"allowed is {', '.join(known)}"
                shown = displayable(key_path(path), 2 * _MOST_FOUND)
                found = displayable(key, _MOST_FOUND)
                self._add(path, found, ", ".join(known), near, f"{shown} is no key of a request; {hint}")

    def _add(self, path: tuple[str, ...], found: str, allowed: str, near: str | None, message: str) -> None:
        line, column = self.layout.position(path)
        self.problems.append(Problem(line, column, displayable(key_path(path)), found, allowed, near, message))


def _is_possible(wanted: VNetWanted) -> bool:
    try:
        length_of(wanted)
    except VnetTuiError:
        return False
    return True


def _sentence(error: VnetTuiError) -> str:
    return displayable("; ".join(filter(None, (error.message, error.hint))))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{displayable(value, _MOST_FOUND)}"'
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return displayable(str(value).lower() if isinstance(value, bool) else str(value), _MOST_FOUND)
