"""The form that adds a VNet for each block of a placement: what they are called, and where they belong.

Owns the names that are counted up, and the words where fewer blocks are free than were asked for.
Invariant: what is said of the names, the subscription and the region is what the form of a single VNet says of them;
all VNets are one edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count

from tui.app.forms import things, words_in_use
from tui.app.forms.foreseeing import Notes
from tui.app.forms.form import Field, Form, Judgement, Values
from tui.app.forms.kinds import NAME
from tui.display import displayable
from tui.planner.suggest import Suggestion
from tui.topology.edits import Edit, add, combined
from tui.topology.model import Topology, VNet

_SUBSCRIPTION, _REGION = "subscription", "region"
_USUAL_NAME = "vnet"
_MOST_SAID = 20
"""VNets that are listed one by one."""


def several_vnets(
    topology: Topology,
    blocks: Sequence[Suggestion],
    *,
    asked: int,
    subscription: str | None = None,
    region: str | None = None,
) -> Form:
    """Return the form that makes a VNet of each of `blocks`, of which `asked` were wanted.

    `region`: the one that was asked for; None: each VNet is in that of its pool.
    """
    fields = (
        Field(NAME, "Names begin", "with this; -1, -2 and so on follow, and names that are taken are left out"),
        Field(_SUBSCRIPTION, "Subscription", "which owns all of them", choices=words_in_use.subscriptions),
        Field(_REGION, "Region", "of all of them; empty: each in that of its pool", choices=words_in_use.regions),
    )
    usual = region if region is not None else _common_region(blocks)
    initial = {
        NAME: _USUAL_NAME,
        _SUBSCRIPTION: displayable(subscription or ""),
        _REGION: displayable(usual or ""),
    }
    return Form(f"New VNets: {len(blocks)} blocks", fields, partial(_judge, tuple(blocks), asked), initial)


def added(
    topology: Topology, name: str, blocks: Sequence[Suggestion], subscription: str | None, region: str | None = None
) -> Edit:
    """Return the edit that adds a VNet for each block: `name`-1, `name`-2 and so on, names that are taken left out.

    `region`: of all of them; None: each is in that of its pool.
    """
    edits = []
    for one, chosen in zip(blocks, _free_names(topology, name), strict=False):
        growth = {"growth": one.held} if one.held else {}
        vnet = VNet(
            subscription=subscription, region=region or one.source.region, address_space=(one.prefix,), **growth
        )
        edits.append(add(("vnets", chosen), vnet))
    return combined(f"Add {len(blocks)} VNet{'s' if len(blocks) != 1 else ''}", edits)


def _common_region(blocks: Sequence[Suggestion]) -> str | None:
    regions = {one.source.region for one in blocks}
    return regions.pop() if len(regions) == 1 else None


def _free_names(topology: Topology, name: str) -> Iterator[str]:
    taken = {*topology.vnets, *topology.sites}
    return (one for number in count(1) if (one := f"{name}-{number}") not in taken)


def _judge(blocks: tuple[Suggestion, ...], asked: int, topology: Topology, values: Values) -> Judgement:
    notes, name = Notes(), values.get(NAME, "").strip()
    subscription = values.get(_SUBSCRIPTION, "").strip() or None
    region = values.get(_REGION, "").strip() or None
    if len(blocks) < asked:
        notes.say(NAME, "warning", f"only {len(blocks)} of the {asked} that were asked for are free")
    if not name:
        notes.refuse(NAME, "they need a name")
        return notes.judged()
    names = [one for one, _ in zip(_free_names(topology, name), blocks, strict=False)]
    single = things.new(topology, "vnet", prefix=blocks[0].prefix)
    # The last name is the longest one.
    said = single.judge(
        topology, {**single.initial, NAME: names[-1], _SUBSCRIPTION: subscription or "", _REGION: region or ""}
    )
    for key in (NAME, _SUBSCRIPTION, _REGION):
        for notice in said.notices.get(key, ()):
            notes.say(key, notice.severity, notice.text, notice.offer if key != NAME else None)
    notes.refused |= said.edit is None
    lines = [f"{one}  {block.prefix}{_where(block, region)}" for one, block in zip(names, blocks, strict=True)]
    more = [f"and {len(lines) - _MOST_SAID} more"] if len(lines) > _MOST_SAID else []
    edit = added(topology, name, blocks, subscription, region)
    return notes.judged((*lines[:_MOST_SAID], *more), edit, ("vnets", names[0]))


def _where(block: Suggestion, region: str | None) -> str:
    where = region or block.source.region
    held = f", {', '.join(map(str, block.held))} held for it" if block.held else ""
    return f"{f' in {where}' if where else ''}{held}"
