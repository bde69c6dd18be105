"""Subscriptions of an import: from the ids that resources carry; a list of accounts tells their names.

A person has far more accounts than networks: one under which nothing was found, and which the file does not have, is
left out. Owns which subscription of the file an id means: the one with this id, else the one that goes by the
account's name, else the one in which the file has the very VNets that were found under the id.
Invariant: every subscription that a found thing names has exactly one key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tui.exchange.assembling.identities import Folded
from tui.exchange.assembling.keys import is_subscription_id, keys_for, subscription_wishes
from tui.exchange.assembling.ledger import Ledger
from tui.exchange.found import Found, FoundSubscription, Identity
from tui.topology.model import Subscription, Topology
from tui.topology.table import Table


class SubscriptionKeys:
    """The subscriptions of the file and of the sources, each under one word (its id where it is known)."""

    def __init__(self, found: Found, file: Topology) -> None:
        self._file = file
        self._accounts = _accounts(found.subscriptions)
        named_so = {one.name.casefold(): word for word, one in sorted(self._accounts.items()) if one.name}
        self._told: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        for text in sorted({identity.subscription for identity in _identities(found) if identity.subscription}):
            word = text.casefold()
            if word not in self._accounts and word in named_so:
                self._aliases[word] = named_so[word]
            else:
                self._told.setdefault(word, text)
        with_networks = {*self._told, *self._aliases.values()}
        for word, listed in self._accounts.items():
            self._told.setdefault(word, listed.id)
        self._keys: dict[str, str] = {}
        by_name: dict[str, list[str]] = {}
        for key, part in file.subscriptions.items():
            if part.id:
                self._keys.setdefault(part.id.casefold(), key)
            for name in {key.casefold(), (part.name or key).casefold()}:
                by_name.setdefault(name, []).append(key)
        for word in self._told:
            name = (self._account_name(word) or "") if is_subscription_id(word) else word
            named = by_name.get(name.casefold(), ()) if word not in self._keys else ()
            if len(named) == 1 and not (is_subscription_id(word) and file.subscriptions[named[0]].id):
                self._keys[word] = named[0]
        self._left_out = [word for word in self._told if word not in with_networks and word not in self._keys]
        for word in self._left_out:
            del self._told[word]
        self._words: dict[str, str] = {}
        for word, key in self._keys.items():
            self._words.setdefault(key, word)

    def fold(self, identity: Identity) -> Folded:
        """Return the identity in the form in which identities are compared."""
        subscription, group, name = identity.folded
        subscription = self._aliases.get(subscription, subscription)
        key = self._keys.get(subscription)
        return (subscription if key is None else self._words.get(key, subscription)), group, name

    def of_file(self, key: str | None, group: str | None, name: str) -> tuple[Folded, Folded]:
        """Return the identity of a thing in the file, and what of it is certain: its subscription may have no id."""
        folded = (group or "").casefold(), name.casefold()
        if key is None:
            return ("", *folded), ("", *folded)
        word = self._words.get(key)
        if word is not None:
            return (word, *folded), (word, *folded)
        part = self._file.subscriptions.get(key)
        return (key.casefold(), *folded), ("" if part is None or not part.id else part.id.casefold(), *folded)

    def learn(self, pairs: Iterable[tuple[Folded, str | None]]) -> None:
        """Take the subscription in which the file has found things for the one that they were found under.

        `pairs`: identities that were found, with the subscription's key of the same thing in the file.
        """
        under: dict[str, set[str]] = {}
        of: dict[str, set[str]] = {}
        for (word, _, _), key in pairs:
            if word and key is not None and word not in self._keys and key not in self._words:
                under.setdefault(word, set()).add(key)
                of.setdefault(key, set()).add(word)
        for word, keys in under.items():
            (key, *others) = keys
            if not others and len(of[key]) == 1:
                self._keys[word] = key
                self._words[key] = word

    def settle(self) -> None:
        """Give every subscription that the file does not have a key."""
        new = {word: text for word, text in self._told.items() if word not in self._keys}
        wanted = {word: subscription_wishes(text, self._account_name(word)) for word, text in new.items()}
        self._keys |= keys_for(wanted, self._file.subscriptions)

    def key(self, identity: Identity) -> str | None:
        """Return the key of the subscription of `identity`, or None where it is not told; after `settle`."""
        word = identity.subscription.casefold()
        return self._keys.get(self._aliases.get(word, word))

    def table(self, ledger: Ledger) -> Table[Subscription]:
        """Return the subscriptions that the sources tell, sorted by their keys; after `settle`."""
        if self._left_out:
            places = [self._accounts[word].place for word in self._left_out]
            what = "account" if len(places) == 1 else "accounts"
            text = f"{len(places)} {what} without networks in the sources"
            ledger.notice("left out", text, min(places)._replace(where=""))
        parts: dict[str, Subscription] = {}
        for word, text in self._told.items():
            key = self._keys[word]
            account = self._accounts.get(word)
            name = self._account_name(word) or (None if is_subscription_id(text) else text)
            fields: dict[str, Any] = {"id": text} if is_subscription_id(text) else {}
            if name is not None and name != key:
                fields["name"] = name
            if account is not None:
                ledger.enter(("subscriptions", key), account.place)
                if account.cloud not in (None, "public"):
                    fields["cloud"] = account.cloud
            ledger.present.add(("subscriptions", key))
            if key not in parts or "id" in fields:
                parts[key] = Subscription.model_validate(fields)
        return Table(sorted(parts.items()))

    def _account_name(self, word: str) -> str | None:
        account = self._accounts.get(word)
        return account.name if account else None


def _accounts(subscriptions: Iterable[FoundSubscription]) -> Mapping[str, FoundSubscription]:
    known: dict[str, FoundSubscription] = {}
    for one in sorted(subscriptions, key=lambda one: (one.name is None, one.name or "", one.place)):
        if one.id:
            known.setdefault(one.id.casefold(), one)
    return known


def _identities(found: Found) -> Iterable[Identity]:
    for vnet in found.vnets:
        yield vnet.identity
    for gateway in found.gateways:
        yield gateway.identity
    for local in found.local_gateways:
        yield local.identity
    for circuit in found.circuits:
        yield circuit.identity
    for connection in found.connections:
        yield connection.identity
        if connection.kind == "ExpressRoute":
            yield connection.other
