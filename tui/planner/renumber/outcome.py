"""Outcome: what of an estate stays where it is, and what still collides, when some blocks have moved.

Invariant: a prefix that lies in a block that has moved has moved with it, and no block that has moved lies in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from tui.planner.renumber.carried import Blocks
from tui.planner.renumber.conflicts import Conflicts, Standing
from tui.planner.renumber.moving import Block
from tui.topology.prefix import Prefix

MOST_NAMED = 100
"""Networks that are named as the reason for one step, or as what stays unsolved with one network."""


class Outcome:
    """The blocks that have moved, and what stays."""

    def __init__(self, conflicts: Conflicts, placed: Mapping[Block, Prefix]) -> None:
        """`placed`: what has moved, and where to."""
        self._conflicts = conflicts
        self._moved: dict[str, dict[Prefix, Prefix]] = {}
        for (name, old), new in placed.items():
            self._moved.setdefault(name, {})[old] = new
        self._standing = Standing(conflicts.of)
        self.stays: dict[str, list[Prefix]] = {}
        """What may collide of each network and has not moved, sorted, by its name."""
        for name, prefixes in conflicts.prefixes.items():
            self.stays[name] = [one for one in prefixes if not self._has_moved(name, one)]
            self._standing.add(name, self.stays[name])

    @property
    def placed(self) -> dict[str, Blocks]:
        """What has moved, and where to, by network."""
        return {name: tuple(sorted(moved.items())) for name, moved in sorted(self._moved.items()) if moved}

    @property
    def new(self) -> list[Prefix]:
        """The blocks that are taken."""
        return [new for moved in self._moved.values() for new in moved.values()]

    def _has_moved(self, name: str, prefix: Prefix) -> bool:
        return any(old.contains(prefix) for old in self._moved.get(name, ()))

    def move(self, placed: Mapping[Block, Prefix]) -> None:
        """Let more blocks move."""
        for (name, old), new in placed.items():
            moved = self._moved.setdefault(name, {})
            for inner in [one for one in moved if old.contains(one)]:
                del moved[inner]
            moved[old] = new
            gone = [one for one in self.stays[name] if old.contains(one)]
            self._standing.remove(name, gone)
            self.stays[name] = [one for one in self.stays[name] if not old.contains(one)]

    def put_back(self, name: str, old: Prefix) -> None:
        """Let a block that has moved stay after all."""
        del self._moved[name][old]
        back = [one for one in self._conflicts.prefixes[name] if old.contains(one)]
        self._standing.add(name, back)
        self.stays[name] = sorted([*self.stays[name], *back])

    def against(self, name: str, prefixes: Iterable[Prefix]) -> tuple[str, ...]:
        """Return the networks that collide with `prefixes` of `name` and stay: MOST_NAMED of them, sorted."""
        found = islice(self._standing.against(name, prefixes), 10 * MOST_NAMED)
        return tuple(sorted(islice(dict.fromkeys(found), MOST_NAMED)))

    def collides(self, name: str, prefix: Prefix) -> bool:
        """True if `prefix` of `name` overlaps what stays of a joined network."""
        return next(self._standing.against(name, (prefix,)), None) is not None

    def colliding(self, name: str) -> dict[str, list[Prefix]]:
        """Return with which networks `name` still collides, MOST_NAMED of them, and with which of its own blocks.

        The blocks are sorted, none within another.
        """
        found: dict[str, list[Prefix]] = {}
        for prefix in self.stays[name]:
            for other in self.against(name, (prefix,)):
                own = found.setdefault(other, [])
                if not (own and own[-1].contains(prefix)):
                    own.append(prefix)
        return dict(islice(sorted(found.items()), MOST_NAMED))

    @property
    def pairs(self) -> int:
        """How many pairs still collide, of each network MOST_NAMED."""
        total = 0
        for name, stays in self.stays.items():
            self._standing.remove(name, stays)
            total += len(self.against(name, stays))
        for name, stays in self.stays.items():
            self._standing.add(name, stays)
        return total

    def unsolved(self, order: Iterable[str]) -> list[tuple[str, dict[str, list[Prefix]]]]:
        """Return each network that still collides as `colliding` says, each pair with the one that comes first."""
        found: list[tuple[str, dict[str, list[Prefix]]]] = []
        seen: list[str] = []
        for name in order:
            with_others = self.colliding(name)
            if with_others:
                found.append((name, with_others))
            self._standing.remove(name, self.stays[name])
            seen.append(name)
        for name in seen:
            self._standing.add(name, self.stays[name])
        return found
