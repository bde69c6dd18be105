"""`vnet-tui suggest`: free address space of a size, best first, each block with its reason.

Invariant: exit status 0 means that all that was asked for is free, 1 that it is not, 2 that the question could not be
understood. The whole list is written block by block: it may have millions.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any

from tui.cli.opening import open_topology, telling_problems
from tui.cli.output import complain, say, say_json, say_table
from tui.errors import VnetTuiError
from tui.planner.placement import STRATEGIES, Strategy
from tui.planner.pools import sources
from tui.planner.refusal import Refusal
from tui.planner.request import Request, checked
from tui.planner.suggest import Suggestion, every, suggestions
from tui.topology import catalog
from tui.topology.model import Topology
from tui.topology.prefix import BITS
from tui.topology.subnet_sizes import length_for_hosts


@telling_problems
def run(options: argparse.Namespace) -> int:
    """Print the blocks that are free, and on stderr why there are fewer than were asked for."""
    request, strategy = _request(options), _strategy(options.strategy)
    topology, _ = open_topology(options.file)
    request = _with_pool(topology, request, options)
    if options.all:
        return _stream(topology, request, strategy, options.format)
    found = suggestions(topology, request, strategy)
    if options.format == "json":
        say_json(
            {
                "suggestions": [_document(one) for one in found.blocks],
                "free_blocks": found.free_blocks,
                "largest_free": str(found.largest_free) if found.largest_free is not None else None,
            }
        )
    elif found.blocks:
        say_table(("prefix", "pool", "reason"), [(one.prefix, one.source.prefix, one.reason) for one in found.blocks])
    if found.refusal is not None:
        _complain_of(found.refusal)
        return 1
    return 0


def _request(options: argparse.Namespace) -> Request:
    family = int(options.family) if options.family else None
    count = _number("--count", options.count)
    if options.hosts is not None:
        hosts = _number("--hosts", options.hosts)
        length = length_for_hosts(hosts, family or 4)
    else:
        hosts, length = None, _number("--size", options.size, "a prefix length such as /22", before="/")
    if family is None:
        family = 6 if BITS[4] < length <= BITS[6] else 4
    return _checked(Request(length=length, count=count, family=family, hosts=hosts))


def _number(option: str, text: str, what: str = "a number", before: str = "") -> int:
    digits = text.removeprefix(before)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12):
        raise VnetTuiError(f'{option} "{text}" is not {what}')
    return int(digits)


def _strategy(text: str) -> Strategy:
    return next(one for one in STRATEGIES if one == text)


def _with_pool(topology: Topology, request: Request, options: argparse.Namespace) -> Request:
    """The request with pool and region as the file knows them, and the family of a pool that has only one."""
    region = options.region
    if region is not None:
        written = {pool.region for pool in topology.planning.pools.values()}
        if not any(catalog.same_region(region, one) for one in written) and catalog.canonical_region(region) is None:
            near = catalog.nearest(region, (*filter(None, written), *catalog.region_names()))
            raise VnetTuiError(f"there is no region {region}", f"did you mean {near}?" if near else "")
    family = request.family
    if options.pool is not None and options.family is None and not sources(topology, pool=options.pool, family=family):
        family = 10 - family
        if options.hosts is not None:
            return Request(length_for_hosts(int(options.hosts), family), request.count, family, options.pool, region)
    return _checked(Request(request.length, request.count, family, options.pool, region, hosts=request.hosts))


def _checked(request: Request) -> Request:
    return checked(request, hosts="--hosts {}")


def _stream(topology: Topology, request: Request, strategy: Strategy, form: str) -> int:
    found = every(topology, request, strategy)
    first = next(found, None)
    rest: Iterator[Suggestion] = chain(() if first is None else (first,), found)
    if form == "json":
        say('{"suggestions": [')
        for number, one in enumerate(rest):
            say(f"{', ' if number else '  '}{json.dumps(_document(one))}")
            _show_the(number)
        about = suggestions(topology, request, strategy)
        largest = str(about.largest_free) if about.largest_free is not None else None
        say(f'], "free_blocks": {about.free_blocks}, "largest_free": {json.dumps(largest)}}}')
    else:
        for number, one in enumerate(rest):
            say(f"{one.prefix}  {one.reason}")
            _show_the(number)
    if first is None:
        refusal = suggestions(topology, request, strategy).refusal
        if refusal is not None:
            _complain_of(refusal)
        return 1
    return 0


def _show_the(number: int) -> None:
    """The first line is shown at once, those after it when a page of them is there."""
    if not number:
        sys.stdout.flush()


def _document(one: Suggestion) -> dict[str, Any]:
    return {"prefix": str(one.prefix), "pool": str(one.source.prefix), "reason": one.reason}


def _complain_of(refusal: Refusal) -> None:
    complain(refusal.message)
    for way in refusal.ways:
        complain(f"  {way.text}")
