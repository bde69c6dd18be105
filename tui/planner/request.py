"""Request: which address space is asked for, and how a person writes that in one line.

Owns the grammar of that line: a size or a number of hosts, how many, for which pool or region, with how much growth.
Invariant: a request that is read can be answered: its lengths are those of its family, its pool exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from tui.errors import PrefixError, VnetTuiError
from tui.topology import catalog
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import length_for_hosts

MAY_BE = 'write a size such as "/22" or "500 hosts"; and if you like "3 x /24", "in POOL", a region, "grow /20", "ipv6"'

_MOST_NAMED = 6
_MOST_BLOCKS = 1000
"""Blocks that one request may ask for."""

# Words of their own: "weu-ipv6" and "lab-2x4" are names.
_COUNT = re.compile(r"(?<!\S)([0-9]{1,6})\s*[x×*]\s*(?=[/0-9])|(?<!\S)[x×*]\s*([0-9]{1,6})(?!\S)", re.IGNORECASE)
_GROWTH = re.compile(r"(?<!\S)(?:to\s+)?gro(?:w|ws|wth|wing)\s*(?:to\s*)?(/?\s*[0-9]{1,3})(?!\S)", re.IGNORECASE)
_FAMILY = re.compile(r"(?<!\S)ip\s?v([46])(?!\S)", re.IGNORECASE)
_SIZE = re.compile(r"(/)?\s*([0-9]{1,12})(?:\s*(hosts?|addresses|ips?)(?!\S)|(?!\S))", re.IGNORECASE)
_IN_POOL = re.compile(r"\s(?:in|from|for)\s+(\S.*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `count` blocks of the prefix length `length`."""

    length: int
    count: int = 1
    family: int = 4
    pool: str | None = None
    """A pool's name, or any block as text."""
    region: str | None = None
    growth: int | None = None
    """The prefix length that each block shall be able to grow to: as much is held for it."""
    hosts: int | None = None
    """The number of hosts that was asked for, where it was a number of hosts."""

    @property
    def searched(self) -> int:
        """The prefix length of the block that has to be free: with growth, the larger one."""
        return self.length if self.growth is None else min(self.length, self.growth)


def parse_request(text: str, topology: Topology) -> Request:
    """Return what `text` asks for: "/22", "500 hosts", "3 x /24 in weu-prod", "/24 northeurope grow /22", "/56 ipv6".

    A number alone is a prefix length, as everywhere: hosts are asked for with the word, IPv6 lengths with a slash.
    Raises VnetTuiError that says what may be typed.
    """
    rest, pool = _in_pool(text.strip(), topology)
    rest, count = _taken(_COUNT, rest)
    rest, grown = _taken(_GROWTH, rest)
    rest, version = _taken(_FAMILY, rest)
    size = _SIZE.match(rest.strip())
    if size is None:
        raise VnetTuiError(f'"{text.strip()}" is no size' if text.strip() else "no size is given", MAY_BE)
    pool, region = _place(rest.strip()[size.end() :], topology, pool)
    number = int(size[2])
    family = int(version or 0) or _family(topology, pool)
    if size[3] and not size[1]:
        hosts, length = number, length_for_hosts(number, family or 4)
    else:
        hosts, length = None, number
        if not size[1] and not family and BITS[4] < number <= BITS[6]:
            hint = f'for a number of hosts write "{number} hosts", for an IPv6 prefix length "/{number}"'
            raise VnetTuiError(f"an IPv4 prefix length is at most 32, {number} is none", hint)
        family = family or (6 if BITS[4] < number <= BITS[6] else 4)
    return checked(
        Request(
            length=length,
            count=int(count or 1),
            family=family or 4,
            pool=pool,
            region=region,
            growth=int(grown.strip(" /")) if grown else None,
            hosts=hosts,
        )
    )


def request_text(request: Request) -> str:
    """Return how a person would type `request`; a number of hosts as the prefix length that it needs."""
    return "".join(
        (
            f"{request.count} x " if request.count > 1 else "",
            f"/{request.length}",
            f" grow /{request.growth}" if request.growth is not None else "",
            " ipv6" if request.family == 6 else "",
            f" {request.region}" if request.region is not None else "",
            f" in {request.pool}" if request.pool is not None else "",
        )
    )


def checked(request: Request, *, hosts: str = '"{} hosts"') -> Request:
    """Return `request`. Raises VnetTuiError where no answer could be given.

    `hosts`: how a number of hosts is written where the request was.
    """
    bits = BITS[request.family]
    for length in (request.length, request.searched):
        if not 0 <= length <= bits:
            at_most = f"an IPv{request.family} prefix length is at most {bits}, /{length} is none"
            raise VnetTuiError(at_most, f"for a number of hosts write {hosts.format(length)}")
    if request.growth is not None and request.growth > request.length:
        raise VnetTuiError(
            f"a /{request.length} cannot grow to a /{request.growth}, which is smaller", 'write "grow /20", say'
        )
    if not 1 <= request.count <= _MOST_BLOCKS:
        raise VnetTuiError(f"{request.count} blocks cannot be asked for at once", f"ask for 1 to {_MOST_BLOCKS}")
    return request


def _in_pool(text: str, topology: Topology) -> tuple[str, str | None]:
    """The text without "in POOL" at its end or before a region, and the pool.

    A pool's name may hold whatever else is understood, so it is looked for first.
    """
    match = _IN_POOL.search(text)
    words = match[1].split() if match is not None else []
    for end in range(len(words), 0, -1):
        pool, behind = _named(" ".join(words[:end]), topology), " ".join(words[end:])
        if match is not None and pool is not None and (not behind or _region(behind, topology) is not None):
            return f"{text[: match.start()]} {behind}", pool
    return text, None


def _named(wanted: str, topology: Topology) -> str | None:
    """The pool of this name, in whatever case it is written."""
    pools = topology.planning.pools
    if wanted in pools:
        return wanted
    return next((name for name in pools if name.casefold() == wanted.casefold()), None)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str | None]:
    """The text without the first match, and what the match says."""
    match = pattern.search(text)
    if match is None:
        return text, None
    return f"{text[: match.start()]} {text[match.end() :]}", next(group for group in match.groups() if group)


def _family(topology: Topology, pool: str | None) -> int | None:
    """The family of a pool that holds one family only."""
    if pool is None:
        return None
    known = topology.planning.pools.get(pool)
    families = {prefix.version for prefix in known.prefixes} if known is not None else {Prefix.parse(pool).version}
    return families.pop() if len(families) == 1 else None


def _place(text: str, topology: Topology, pool: str | None) -> tuple[str | None, str | None]:
    """The pool and the region that are named, either or both, in either order. `pool`: that was found before."""
    named = _squeezed(text)
    wanted = _without_in(named)
    if pool is not None:
        region = _region(wanted, topology) if wanted else None
        if wanted and region is None:
            raise VnetTuiError(f'"{wanted}" is no region', _hint(wanted, topology))
        return pool, region
    # A name may begin with "in", and a name that is known comes before one that is put together.
    for whole in dict.fromkeys((named, wanted)):
        if not whole:
            return None, None
        pool, region = _named(whole, topology), _region(whole, topology)
        if pool is not None or region is not None:
            return pool, region if pool is None else None
    words = wanted.split(" ")
    for end in range(len(words) - 1, 0, -1):
        one, other = " ".join(words[:end]), _without_in(" ".join(words[end:]))
        for first, second in ((one, other), (other, one)):
            pool, region = _pool_or_block(first, topology), _region(second, topology)
            if pool is not None and region is not None:
                return pool, region
    if "/" in wanted:
        return str(_block(wanted)), None
    raise VnetTuiError(f'"{wanted}" is no pool and no region', _hint(wanted, topology))


def _without_in(text: str) -> str:
    return re.sub(r"^(in|from|for)( |$)", "", text, flags=re.IGNORECASE)


def _pool_or_block(text: str, topology: Topology) -> str | None:
    pool = _named(text, topology)
    if pool is not None or "/" not in text:
        return pool
    try:
        return str(Prefix.parse(text))
    except PrefixError:
        return None


def _region(text: str, topology: Topology) -> str | None:
    """The region of this name: as a pool of the file writes it, for that is what pools are chosen by."""
    written = (one.region for one in topology.planning.pools.values() if one.region is not None)
    of_pool = next((region for region in written if catalog.same_region(region, text)), None)
    return of_pool or catalog.canonical_region(text)


def _hint(wanted: str, topology: Topology) -> str:
    """What may have been meant: a region, or a pool."""
    pools = topology.planning.pools
    written = (one.region for one in pools.values() if one.region is not None)
    near = catalog.nearest(wanted, (*pools, *dict.fromkeys(written), *catalog.region_names()))
    if near:
        return f"did you mean {near}?"
    shown = ", ".join(islice(pools, _MOST_NAMED)) + (", …" if len(pools) > _MOST_NAMED else "")
    return f"name a region, or one of the pools: {shown or 'none yet'}"


def _block(text: str) -> Prefix:
    try:
        return Prefix.parse(text)
    except PrefixError as error:
        raise VnetTuiError(f'"{text}" is no pool, no region and no CIDR block', error.hint) from error
