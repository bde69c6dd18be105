"""Keys: the names that a topology uses for what an import brings, readable and always the same.

Owns who may have which name when several want it. Invariant: the keys depend on the set of those that want one, not
on their order, and no two of them, nor one of them and a taken one, differ in case alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from tui.exchange.found import Identity

T = TypeVar("T")

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NO_SLUG = re.compile(r"[^a-z0-9]+")


def keys_for(wanted: Mapping[T, Sequence[str]], taken: Iterable[str]) -> dict[T, str]:
    """Return a key for each of `wanted`, which says the keys that it would like, the best first.

    A key that several want at the same step goes to none of them; whoever runs out of wishes gets a number after the
    last one. `taken` holds the keys of others. Case makes no difference between keys, as it makes none in Azure.
    """
    used = {key.casefold() for key in taken}
    chosen: dict[T, str] = {}
    left = {one: wishes for one, wishes in wanted.items() if wishes}
    step = 0
    while any(step < len(wishes) for wishes in left.values()):
        asked = Counter(wishes[step].casefold() for wishes in left.values() if step < len(wishes))
        given = {
            one: wishes[step]
            for one, wishes in left.items()
            if step < len(wishes) and asked[wishes[step].casefold()] == 1 and wishes[step].casefold() not in used
        }
        chosen |= given
        used |= {key.casefold() for key in given.values()}
        left = {one: wishes for one, wishes in left.items() if one not in given}
        step += 1
    next_number: dict[str, int] = {}
    for one, wishes in sorted(left.items(), key=lambda entry: (tuple(entry[1]), repr(entry[0]))):
        base = wishes[-1]
        number = next_number.get(base, 2)
        while f"{base}-{number}".casefold() in used:
            number += 1
        chosen[one] = f"{base}-{number}"
        used.add(chosen[one].casefold())
        next_number[base] = number + 1
    return chosen


def wishes_of(identity: Identity, subscription: str | None, kind: str = "") -> tuple[str, ...]:
    """Return the keys that a resource would like: its name, then with its resource group and its subscription.

    `subscription`: the key of its subscription, which people know better than an id. `kind`: what sort of network it
    is, in a word, which is tried before those where a network of another sort may have the name.
    """
    wishes = [identity.name]
    if kind:
        wishes.append(f"{identity.name}-{kind}")
    longest = identity.name
    for part in (identity.resource_group, subscription):
        if part:
            longest = f"{longest}-{part}"
            wishes.append(longest)
    return tuple(dict.fromkeys(wishes))


def subscription_wishes(id_or_name: str, name: str | None) -> tuple[str, ...]:
    """Return the keys that a subscription would like: from its name, else `sub-` and the beginning of its id."""
    from_name = slug(name) if name else ""
    if not is_subscription_id(id_or_name):
        return (from_name or slug(id_or_name) or "subscription",)
    short = id_or_name[:8].lower()
    if from_name:
        return from_name, f"{from_name}-{short}", f"{from_name}-{id_or_name.lower()}"
    return f"sub-{short}", f"sub-{id_or_name.lower()}"


def is_subscription_id(text: str) -> bool:
    """Whether `text` has the form of a subscription's id; anything else is a name that somebody gave it."""
    return _GUID.fullmatch(text) is not None


def slug(text: str) -> str:
    """Return `text` in lower case letters, digits and dashes, at most 64 of them; empty where it has none."""
    plain = unicodedata.normalize("NFKD", text[:256].casefold()).encode("ascii", "ignore").decode()
    return _NO_SLUG.sub("-", plain).strip("-")[:64].strip("-")
