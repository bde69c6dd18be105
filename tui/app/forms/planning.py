"""Forms that plan addresses while one types: several subnets at once, another size for a subnet, more room for a VNet.

Owns what is typed for each, and the words for what would come of it.
Invariant: what a form shows is what its edit does; a refusal names what is free, and the ways out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType

from tui.app.forms.form import Field, Form, Judgement, Notice, Values
from tui.app.forms.judging import new_in_vnet
from tui.app.forms.prefix_text import gravest_first
from tui.errors import EditError, VnetTuiError
from tui.planner.gaps import largest_of
from tui.planner.growth import grow
from tui.planner.refusal import Refusal
from tui.planner.renumber.consequences import of_growing
from tui.planner.subnets.edits import ONLY_WHILE_EMPTY, ipv4_prefix, subnet_of
from tui.planner.subnets.layout import free_for, spaces
from tui.planner.subnets.moves import resize
from tui.planner.subnets.planning import plan_subnets, planned
from tui.planner.subnets.wanted import parse_wanted
from tui.topology.edits import Edit
from tui.topology.model import Topology, VNet
from tui.topology.parts import Path, entry_at
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import IPV6_SUBNET, length_for_hosts, usable_addresses

_WANTED, _SIZE = "wanted", "size"


def subnets(topology: Topology, vnet: str) -> Form:
    """Return the form that plans several subnets of a VNet into its gaps. Raises EditError if it is gone."""
    _vnet(topology, vnet)
    field = Field(
        _WANTED,
        "Subnets",
        "names with a size or a number of hosts: GatewaySubnet, web 100 hosts, db /26",
        joint=", ",
    )
    return _form(f"Plan subnets of {vnet}", field, "", lambda now, text: _judge_subnets(now, vnet, text))


def resized(topology: Topology, vnet: str, subnet: str) -> Form:
    """Return the form that gives a subnet another size. Raises EditError if it is gone, or has not one IPv4 prefix."""
    present = ipv4_prefix(subnet, subnet_of(_vnet(topology, vnet), subnet))
    field = Field(_SIZE, "Size", f"a prefix length such as /26, or a number of hosts; it is {present}")
    title = f"Resize {subnet} of {vnet}"
    return _form(title, field, f"/{present.length}", lambda now, text: _judge_size(now, vnet, subnet, text))


def grown(topology: Topology, vnet: str) -> Form:
    """Return the form that gives a VNet more address space. Raises EditError for a VNet that has none."""
    space = _vnet(topology, vnet).address_space
    if not space:
        raise EditError(f"{vnet} has no address space that could grow", "e edits it: give it a prefix")
    family = space[0].version
    has = sum(prefix.size for prefix in space if prefix.version == family)
    twice = max(BITS[family] - has.bit_length(), 0)
    field = Field(_SIZE, "Size", f"how large it shall be, such as /{twice}; it has {', '.join(map(str, space))}")
    return _form(f"Grow {vnet}", field, f"/{twice}", lambda now, text: _judge_growth(now, vnet, text))


def _vnet(topology: Topology, name: str) -> VNet:
    vnet: VNet = entry_at(topology, ("vnets", name))
    return vnet


def _form(title: str, field: Field, text: str, judge: Callable[[Topology, str], Judgement]) -> Form:
    def judged(topology: Topology, values: Values) -> Judgement:
        typed = values.get(field.key, "").strip()
        try:
            return judge(topology, typed) if typed else Judgement({})
        except VnetTuiError as error:
            return _wrong(field.key, error.message, error.hint)

    return Form(title, (field,), judged, MappingProxyType({field.key: text}))


def _wrong(key: str, message: str, hint: str = "", effects: tuple[str, ...] = ()) -> Judgement:
    said = f"{message}; {hint}" if hint else message
    return Judgement(MappingProxyType({key: (Notice("error", said),)}), effects)


def _refused(key: str, refusal: Refusal) -> Judgement:
    return _wrong(key, refusal.message, effects=tuple(f"way out: {way.text}" for way in refusal.ways))


def _granted(
    topology: Topology, effects: tuple[str, ...], edit: Edit, path: Path, key: str, notices: Iterable[Notice] = ()
) -> Judgement:
    """What comes of it, with what the rules would find in the VNet then, about the field `key`."""
    found = (Notice(severity, said) for severity, said in new_in_vnet(topology, edit, path[1]))
    said = gravest_first((*notices, *found))
    return Judgement(MappingProxyType({key: said} if said else {}), effects, edit, path)


def _judge_subnets(topology: Topology, name: str, text: str) -> Judgement:
    vnet = _vnet(topology, name)
    found = plan_subnets(name, vnet, parse_wanted(text))
    if isinstance(found, Refusal):
        return _refused(_WANTED, found)
    edit = planned(name, found)
    lines = tuple(f"{one.name}  {one.prefix}{_usable(one.prefix)}: {one.reason}" for one in found)
    lines += tuple(_left(_vnet(edit.apply(topology), name), {one.prefix.version for one in found}))
    return _granted(topology, lines, edit, ("vnets", name, "subnets", found[0].name), _WANTED)


def _usable(prefix: Prefix) -> str:
    return f", {usable_addresses(prefix)} usable" if prefix.version == 4 else ""


def _left(vnet: VNet, families: Iterable[int]) -> Iterator[str]:
    """What the VNet still has free afterwards, of each of these families."""
    free = free_for(vnet)
    for family in sorted(families):
        gaps = [free.gaps(space) for space in spaces(vnet, family)]
        largest = largest_of(gaps)
        if largest is None:
            yield f"nothing of its IPv{family} space is left free then"
        elif family == 4:
            yield f"{sum(gap.addresses() for gap in gaps)} addresses are left free, the largest gap is {largest}"
        else:
            number = sum(gap.fitting(IPV6_SUBNET) for gap in gaps)
            yield f"{number} × /{IPV6_SUBNET} are left free, the largest gap is {largest}"


def _judge_size(topology: Topology, name: str, subnet: str, text: str) -> Judgement:
    vnet = _vnet(topology, name)
    present, length = ipv4_prefix(subnet, subnet_of(vnet, subnet)), _length(text, hosts_of=4)
    if length == present.length:
        return Judgement({})
    edit = resize(name, vnet, subnet, length)
    effects = (f"{edit.title}: {present} becomes {_prefix_after(edit, topology, name, subnet)}",)
    notices = [Notice("warning", ONLY_WHILE_EMPTY)] if vnet.state != "planned" else []
    return _granted(topology, effects, edit, ("vnets", name, "subnets", subnet), _SIZE, notices)


def _prefix_after(edit: Edit, topology: Topology, name: str, subnet: str) -> str:
    return str(ipv4_prefix(subnet, _vnet(edit.apply(topology), name).subnets[subnet]))


def _judge_growth(topology: Topology, name: str, text: str) -> Judgement:
    family = _vnet(topology, name).address_space[0].version
    found = grow(topology, name, _length(text, hosts_of=family), family)
    if isinstance(found, Refusal):
        return _refused(_SIZE, found)
    if found.before == found.after:
        return Judgement({}, (found.reason,))
    lines = [found.reason, f"address space: {', '.join(map(str, found.after))}"]
    if found.growth:
        lines.append(f"still held for it: {', '.join(map(str, found.growth))}")
    lines += of_growing(topology, name, [prefix for prefix in found.after if prefix not in found.before])
    return _granted(topology, tuple(lines), found.edit, ("vnets", name), _SIZE)


def _length(text: str, *, hosts_of: int) -> int:
    """The prefix length that was typed, or that a number of hosts needs. Raises VnetTuiError."""
    number = text.removeprefix("/").strip()
    word, _, unit = number.partition(" ")
    if not (word.isascii() and word.isdigit() and len(word) < 12):
        raise VnetTuiError(f'"{text}" is no size', "write a prefix length such as /26, or a number such as 100 hosts")
    if unit.strip() in ("host", "hosts") and not text.startswith("/"):
        return length_for_hosts(int(word), hosts_of)
    if unit or int(word) > BITS[hosts_of]:
        hint = f'write a prefix length up to /{BITS[hosts_of]}; for a number of hosts write "{int(word)} hosts"'
        raise VnetTuiError(f'"{text}" is no prefix length of IPv{hosts_of}', hint)
    return int(word)
