"""What a save promises for every topology, every layout and every row of edits."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import tomledit
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tui.errors import EditError
from tui.storage.file_form import file_form
from tui.storage.literal import literal, same
from tui.storage.load import parse
from tui.storage.save import edited_text, new_text
from tui.topology.edits import Edit, add, add_gateway, change, connect, delete, peer, rename
from tui.topology.keypath import toml_key
from tui.topology.model import Device, Gateway, Pool, Service, Site, Subnet, Subscription, Topology, VNet, Waiver
from tui.topology.prefix import Prefix

SEEDS = st.integers(0, 2**32)
EXAMPLES = settings(max_examples=int(os.environ.get("SAVE_EXAMPLES", "60")))

NAMES = ["a", "b", "C", "hub-weu", "a.b", "é x", 'q"', "it's", "\n", "#", "[z]", "1", "", "😀", "\x1b", "gateway"]
TEXTS = ["x", "", "# no comment", '"', "'''", "\x1b[31m\n", "é😀", "a = 1"]
BLOCKS = ["10.0.0.0/16", "10.1.0.0/24", "192.168.0.0/23", "fd00::/48", "FD01:0::/64", "0.0.0.0/0", "10.2.0.0/15"]
Path = tuple[str, ...]


# Topologies, as the data of a file


class Maker:
    """Makes the data of one file."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def some(self, **fields: Callable[[], Any]) -> dict[str, Any]:
        chosen = [name for name in fields if self.rng.random() < 0.4]
        self.rng.shuffle(chosen)
        extra = {"zzz": self.rng.choice([1, "x", [1, {"a": []}], {"n": {"m": 2}}])} if self.rng.random() < 0.1 else {}
        return {name: fields[name]() for name in chosen} | extra

    def table(self, entry: Callable[[], Any], most: int = 3) -> dict[str, Any]:
        return {name: entry() for name in self.rng.sample(NAMES, self.rng.randint(0, most))}

    def text(self) -> str:
        return self.rng.choice(TEXTS)

    def blocks(self) -> list[str]:
        return self.rng.sample(BLOCKS, self.rng.randint(0, 5))

    def flag(self) -> bool:
        return self.rng.random() < 0.5

    def number(self) -> int:
        return self.rng.randint(0, 9)

    def name(self) -> str:
        return self.rng.choice(NAMES)

    def tags(self) -> dict[str, Any]:
        return self.table(lambda: self.rng.choice(["x", 1, True, [1, 2, 3, 4], {"k": "v"}]))

    def subnet(self) -> Any:
        return self.rng.choice([BLOCKS[0], self.blocks(), self.some(prefixes=self.blocks, note=self.text)])

    def pool(self) -> Any:
        return self.rng.choice([self.blocks(), self.some(prefixes=self.blocks, region=self.text, note=self.text)])

    def device(self) -> Any:
        return self.rng.choice([self.text(), self.some(address=self.text, asn=self.number, note=self.text)])

    def gateway(self) -> Any:
        return self.some(
            sku=self.text, asn=self.number, active_active=self.flag, p2s_pools=self.blocks, zones=self.blocks
        )

    def vnet(self) -> Any:
        return self.some(
            subscription=self.name, region=self.text, address_space=self.blocks, growth=self.blocks, note=self.text,
            isolated=self.flag, state=lambda: self.rng.choice(["planned", "deployed"]), tags=self.tags, pool=self.name,
            subnets=lambda: self.table(self.subnet), gateway=self.gateway,
        )  # fmt: skip

    def site(self) -> Any:
        return self.some(
            address_space=self.blocks, vpn_device=self.text, devices=lambda: self.table(self.device), tags=self.tags,
        )  # fmt: skip

    def link(self) -> Any:
        return {"between": [self.name(), self.name()], **self.some(note=self.text, tags=self.tags)}

    def planning(self) -> Any:
        return self.some(
            own_public=self.blocks,
            pools=lambda: self.table(self.pool),
            avoid=lambda: dict.fromkeys(self.blocks(), "why"),
        )

    def limits(self) -> Any:
        return self.some(
            skus=lambda: self.table(lambda: self.some(tunnels=self.number)),
            vnets_per_region=self.number,
        )

    def file(self) -> dict[str, Any]:
        return {
            "schema": 1,
            **self.some(
                name=self.text,
                planning=self.planning,
                checks=lambda: self.table(lambda: "off"),
                limits=self.limits,
                subscriptions=lambda: self.table(lambda: self.some(name=self.text, tags=self.tags)),
                services=lambda: self.table(lambda: {"kind": "cloud-service", "vnets": [self.name()]}),
                waivers=lambda: self.table(lambda: {"code": "X", "where": ["vnets.hub-weu", "vnets.a", "sites.*"]}),
                peerings=lambda: self.table(self.link),
                connections=lambda: self.table(self.link),
                sites=lambda: self.table(self.site),
            ),
            "vnets": self.table(self.vnet, 5),
        }  # fmt: skip


# Layouts


@dataclass
class Written:
    """A file with what each of its lines and comments belongs to."""

    text: str = ""
    lines: list[tuple[Path, str]] = field(default_factory=list)
    comments: dict[str, Path] = field(default_factory=dict)


class Writer:
    """Writes data as TOML, in forms chosen at random."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.out = Written()

    def write(self, data: dict[str, Any]) -> Written:
        top, sections = self._table((), (), data)
        self.rng.shuffle(sections)
        pieces = [*top, *(piece for section in sections for piece in section)]
        end = self.rng.choice(["\n", "\n", "\r\n", None])
        text = "".join(self._ended(piece, end) for _, piece in pieces)
        if self.rng.random() < 0.3:
            text = text.rstrip("\r\n")
        self.out.text = ("\ufeff" if self.rng.random() < 0.2 else "") + text
        self.out.lines = [(owner, line) for owner, piece in pieces for line in piece.split("\n") if line.strip()]
        return self.out

    def _ended(self, text: str, end: str | None) -> str:
        return "".join((end or self.rng.choice(["\n", "\r\n"])) if c == "\n" else c for c in text)

    def _table(
        self, path: Path, keys: Path, data: dict[str, Any]
    ) -> tuple[list[tuple[Path, str]], list[list[tuple[Path, str]]]]:
        """The statements of a table, in which it is called `keys`, and the sections below it."""
        statements: list[tuple[Path, str]] = []
        sections: list[list[tuple[Path, str]]] = []
        for name, value in data.items():
            here, inner = (*path, name), (*keys, name)
            form = self.rng.choice(["header", "header", "inline", "dotted"]) if isinstance(value, dict) else "inline"
            if form == "dotted" and value and not any(isinstance(item, dict) for item in value.values()):
                statements += self._table(here, inner, value)[0]
            elif form == "header" and not keys:
                own, below = self._table(here, (), value)
                implicit = not own and below and self.rng.random() < 0.5
                sections += [] if implicit else [[(here, self._header(here)), *own]]
                sections += below
            else:
                statements.append((here, self._statement(here, inner, value)))
        return statements, sections

    def _header(self, path: Path) -> str:
        indent = self.rng.choice(["", "", "  "])
        above = self.rng.choice(["", "\n", "\n"]) + self._comment_above(path)
        return f"{above}{indent}[{'.'.join(map(self._key, path))}]{self._comment_beside(path)}\n"

    def _statement(self, path: Path, keys: Path, value: Any) -> str:
        indent, equals = self.rng.choice(["", "", "\t"]), self.rng.choice([" = ", "=", "  = "])
        written = f"{'.'.join(map(self._key, keys))}{equals}{self._value(value)}"
        return f"{self._comment_above(path)}{indent}{written}{self._comment_beside(path)}\n"

    def _value(self, value: Any) -> str:
        if isinstance(value, list) and self.rng.random() < 0.4:
            return "[\n" + "".join(f"  {self._value(item)},\n" for item in value) + "]"
        if isinstance(value, list):
            return f"[{', '.join(map(self._value, value))}]"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self._key(name)} = {self._value(item)}" for name, item in value.items()) + "}"
        if isinstance(value, str) and value.isprintable() and "'" not in value and self.rng.random() < 0.3:
            return f"'{value}'"
        return literal(value)

    def _key(self, name: str) -> str:
        if name.isprintable() and "'" not in name and self.rng.random() < 0.2:
            return f"'{name}'"
        if self.rng.random() < 0.1:
            return '"' + "".join(f"\\U{ord(character):08x}" for character in name) + '"'
        return toml_key(name)

    def _comment(self, owner: Path) -> str:
        text = f"# c{len(self.out.comments)};"
        self.out.comments[text] = owner
        return text

    def _comment_above(self, owner: Path) -> str:
        return f"{self._comment(owner)}\n" if self.rng.random() < 0.3 else ""

    def _comment_beside(self, owner: Path) -> str:
        return f" {self._comment(owner)}" if self.rng.random() < 0.3 else ""


def document(seed: int) -> Written:
    """One file that loads."""
    rng = random.Random(seed)
    written = Writer(rng).write(Maker(rng).file())
    try:
        tomledit.Document.parse(written.text.removeprefix("\ufeff"))
    except ValueError:
        assume(False)
    return written


# Edits


def edits(rng: random.Random, topology: Topology) -> Iterator[Edit]:
    """Endless edits, some of which cannot be made."""
    maker = Maker(rng)

    def any_of(*places: Path) -> Path:
        place = rng.choice(places)
        table: Any = topology
        for step in place:
            table = table[step] if step in getattr(table, "keys", tuple)() else getattr(table, step, {}) or {}
        return (*place, rng.choice([*table, *NAMES]))

    def blocks() -> list[Prefix]:
        return [Prefix.parse(text.lower()) for text in BLOCKS if rng.random() < 0.4]

    while True:
        vnet, site = any_of(("vnets",)), any_of(("sites",))
        subnet, device = any_of((*vnet, "subnets")), any_of((*site, "devices"))
        thing = any_of(("subscriptions",), ("vnets",), ("sites",), ("connections",), ("peerings",), ("services",))
        pool = any_of(("planning", "pools"))
        named = rng.choice([vnet, site, subnet, device, thing, pool])
        text: str | None = rng.choice([*TEXTS, None])
        yield rng.choice(
            [
                rename(named, maker.name()),
                rename(named, maker.name()),
                delete(named),
                delete((*vnet, "gateway")),
                add(vnet, VNet(region="x", address_space=tuple(blocks()))),
                add(vnet, VNet()),
                add(site, Site()),
                add(("subscriptions", maker.name()), Subscription()),
                add(subnet, Subnet(prefixes=tuple(blocks()))),
                add(subnet, Subnet(note="x")),
                add(device, Device(address="fw")),
                add(pool, Pool(prefixes=tuple(blocks()))),
                add(("services", maker.name()), Service(kind="online-backup")),
                add(("waivers", maker.name()), Waiver(code="X", where=("vnets.a",))),
                add((*vnet, "gateway"), Gateway()),
                add_gateway(vnet[-1], Gateway(sku="VpnGw1")),
                connect(vnet[-1], site[-1]),
                peer(vnet[-1], maker.name()),
                change(vnet, region=text, note=rng.choice([None, "n"])),
                change(vnet, address_space=blocks(), isolated=rng.choice([None, True, False])),
                change(vnet, tags=maker.tags() or {"k": "v"}),
                change((*vnet, "gateway"), sku=text, asn=rng.choice([None, 65010])),
                change((*vnet, "gateway"), p2s_pools=blocks()),
                change(subnet, note=text),
                change(subnet, prefixes=blocks()),
                change(device, asn=rng.choice([None, 65010]), address=text),
                change(pool, prefixes=blocks(), region=text),
                change(thing, note=text),
                change((), name=text, note=text),
                change((), checks=dict.fromkeys(rng.sample(NAMES, 2), "info")),
                change(("planning",), avoid=dict.fromkeys([*map(str, blocks())], "y")),
                change(("planning",), own_public=rng.choice([None, blocks()])),
            ]
        )


def edited(seed: int, topology: Topology, most: int = 5) -> tuple[Topology, list[str]]:
    """The topology after some edits, and their titles."""
    rng = random.Random(seed)
    titles: list[str] = []
    wanted = rng.randint(1, most)
    for _ in range(30):
        edit = next(edits(rng, topology))
        try:
            topology = edit.apply(topology)
        except EditError:
            continue
        titles.append(edit.title)
        if len(titles) == wanted:
            break
    return topology, titles


def touched(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """The paths at which two plain values differ, as deep as they are tables."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            if key not in before or key not in after:
                yield (*path, key)
            else:
                yield from touched(before[key], after[key], (*path, key))
    elif not same(before, after):
        yield path


def concerned(owner: Path, paths: list[Path]) -> bool:
    return any(owner[: len(path)] == path or path[: len(owner)] == owner for path in paths)


@EXAMPLES
@given(SEEDS)
def test_a_save_without_an_edit_gives_the_same_text(seed: int) -> None:
    text = document(seed).text
    topology = parse(text, "x")
    assert edited_text(text, topology, topology) == text
    assert edited_text(text, topology, parse(text, "x")) == text


@EXAMPLES
@given(SEEDS, SEEDS)
def test_what_was_saved_loads_as_what_was_edited(seed: int, edit_seed: int) -> None:
    text = document(seed).text
    old = parse(text, "x")
    new, titles = edited(edit_seed, old)
    result = edited_text(text, old, new)
    assert same(file_form(parse(result, "x")), file_form(new)), (titles, text, result)


@EXAMPLES
@given(SEEDS, SEEDS)
def test_saves_in_a_row_and_the_way_back(seed: int, edit_seed: int) -> None:
    text = document(seed).text
    versions = [parse(text, "x")]
    for step in range(4):
        versions.append(edited(edit_seed + step, versions[-1], 2)[0])
    for before, after in pairwise([*versions, *versions[-2::-1]]):
        text = edited_text(text, before, after)
        assert same(file_form(parse(text, "x")), file_form(after))


@EXAMPLES
@given(SEEDS, SEEDS)
def test_lines_that_no_edit_concerns_stay_with_their_comments(seed: int, edit_seed: int) -> None:
    written = document(seed)
    old = parse(written.text, "x")
    new, titles = edited(edit_seed, old)
    assume(not any(title.startswith("Rename") for title in titles))
    result = edited_text(written.text, old, new)
    paths = list(touched(file_form(old), file_form(new)))
    left = result.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for owner, line in written.lines:
        if not concerned(owner, paths):
            assert line in left, (titles, line, written.text, result)


@EXAMPLES
@given(SEEDS, SEEDS)
def test_comments_go_only_with_what_is_deleted(seed: int, edit_seed: int) -> None:
    written = document(seed)
    old = parse(written.text, "x")
    new, titles = edited(edit_seed, old)
    assume(not any(title.startswith(("Rename", "Delete")) for title in titles))
    result = edited_text(written.text, old, new)
    deleted = [path for path in touched(file_form(old), file_form(new)) if not exists(file_form(new), path)]
    replaced = [path for path in touched(file_form(old), file_form(new)) if exists(file_form(new), path)]
    for comment, owner in written.comments.items():
        gone = any(owner[: len(path)] == path for path in deleted) or any(
            # A form that changes as a whole takes with it what stands between its lines.
            path == owner[: len(path)] and len(owner) > len(path)
            for path in replaced
        )
        assert gone or comment in result, (titles, comment, owner, written.text, result)


def exists(form: Any, path: Path) -> bool:
    for step in path:
        if not isinstance(form, dict) or step not in form:
            return False
        form = form[step]
    return True


@EXAMPLES
@given(SEEDS, st.sampled_from(NAMES))
def test_a_rename_keeps_every_line_but_those_that_name_it_and_every_comment(seed: int, name: str) -> None:
    written = document(seed)
    old = parse(written.text, "x")
    victim = next(filter(None, old.vnets), "")
    assume(victim and name not in old.vnets and name not in old.sites)
    new = rename(("vnets", victim), name).apply(old)
    result = edited_text(written.text, old, new)
    assert all(comment in result for comment in written.comments)
    if old.vnets[victim].state != "deployed":
        assert result.count("\n") == written.text.count("\n")
        assert list(parse(result, "x").vnets) == [name if key == victim else key for key in old.vnets]


@EXAMPLES
@given(SEEDS, SEEDS)
def test_a_new_file_loads_as_the_topology(seed: int, edit_seed: int) -> None:
    topology, _ = edited(edit_seed, parse(document(seed).text, "x"))
    assert same(file_form(parse(new_text(topology), "x")), file_form(topology))
