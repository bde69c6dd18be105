"""Networks as they are typed: a list of names, parted by commas or blanks.

Invariant: a name that exists is found as it is written, blanks and commas in it included.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from itertools import islice

from tui.app.forms.foreseeing import Notes
from tui.connectivity.links import neighbours, networks
from tui.topology import catalog
from tui.topology.model import Site, Topology

_FEW = 400
"""So many names are compared with a word letter by letter while one types."""

_LETTERS = string.ascii_lowercase + string.digits + "-_."


def words(text: str, known: Container[str]) -> list[str]:
    """Return the names that a list holds, each once. A stretch between commas that is a name is not parted further."""
    found: list[str] = []
    whole = text.strip()
    for stretch in [whole] if whole in known else whole.split(","):
        name = stretch.strip()
        found += [name] if name in known else name.split()
    return list(dict.fromkeys(found))


def named(notes: Notes, topology: Topology, key: str, text: str, *, sites: bool = True) -> list[str]:
    """Return the networks that a field names; refuse a name that is none, and offer the nearest. Not `sites`: VNets."""
    known = networks(topology)
    typed = words(text, known)
    for name in typed:
        if name not in known:
            nearest = nearest_name(name, known.keys() - set(typed) if len(known) <= _FEW else known)
            hint = f"; did you mean {nearest}?" if nearest else ""
            offer = ", ".join(dict.fromkeys(nearest if word == name else word for word in typed)) if nearest else None
            notes.refuse(key, f"there is no network {name}{hint}", offer)
        elif not sites and isinstance(known[name], Site):
            notes.refuse(key, f"{name} is a site; a peering joins two VNets", None)
    return [name for name in typed if name in known and (sites or not isinstance(known[name], Site))]


def nearest_name(word: str, known: Collection[str]) -> str | None:
    """Return the name that `word` begins, or was most likely meant to be; among many names, off by one letter at most.

    Comparing ten thousand names letter by letter takes longer than a key may.
    """
    begun = word.casefold()
    first = next((name for name in known if name.casefold().startswith(begun)), None)
    if first is not None:
        return first
    if len(known) <= _FEW:
        return catalog.nearest(word, known)
    return next((name for name in _off_by_one(begun) if name in known), None)


def _off_by_one(word: str) -> Iterator[str]:
    """The words that differ from `word` by one letter: a wrong one, one missing or too many, or two changed places."""
    yield word
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    for head, tail in halves:
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        if tail:
            yield head + tail[1:]
        for letter in _LETTERS:
            yield head + letter + tail[1:]
            yield head + letter + tail


def not_yet_linked(topology: Topology, origin: str, *, sites: bool = True) -> list[str]:
    """Return the networks that `origin` could be linked with and is not, in the order of the file."""
    known, near = networks(topology), set(neighbours(topology).get(origin, ()))
    sites = sites and not isinstance(known.get(origin), Site)
    return [
        name
        for name, network in known.items()
        if name != origin and name not in near and (sites or not isinstance(network, Site))
    ]


def free_name(taken: Container[str], also: Mapping[str, object] | set[str], wanted: str) -> str:
    """Return `wanted`, with a number behind it where that name is taken."""
    number, name = 1, wanted
    while name in taken or name in also:
        number += 1
        name = f"{wanted}-{number}"
    return name


def pairs_text(pairs: Iterable[tuple[str, str]], most: int = 3) -> str:
    """Return pairs as a sentence lists them: "a – b, a – c and 4 more"."""
    every = list(pairs)
    shown = ", ".join(f"{a} – {b}" for a, b in islice(every, most))
    return f"{shown} and {len(every) - most} more" if len(every) > most else shown
