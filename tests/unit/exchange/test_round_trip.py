"""A topology, printed as Azure's tools would print it and imported, is that topology."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.exchange.azure_printed import SHAPES, SHARED_KEY, Shape, accounts, printed, resources
from tests.unit.exchange.azure_side import in_azure
from tests.unit.exchange.deployed_estates import estates
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Found
from tui.exchange.gathering import Gathered, gathered
from tui.exchange.rehearsing.rehearsal import merged
from tui.topology.model import Topology


def read(*sources: bytes) -> Gathered:
    return gathered([(f"{number}.json", data, True) for number, data in enumerate(sources)])


def told(found: Found) -> list[str]:
    """What an import says, but for the shared keys, which always lie in what is printed here."""
    return [f"{one.kind}: {one.text}" for one in found.notices if one.kind != "secret"]


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=60)
@given(topology=estates(), inline=st.booleans())
def test_what_a_tool_prints_of_a_topology_is_that_topology(shape: Shape, topology: Topology, inline: bool) -> None:
    azure = in_azure(topology)
    read_back = read(printed(resources(azure, inline=inline), shape), printed(accounts(azure), "az"))
    assembly = assembled(read_back.found, state=read_back.state)
    assert assembly.topology == topology
    assert not assembly.conflicts
    assert told(read_back.found) == []
    assert SHARED_KEY not in repr((read_back, assembly))


@settings(max_examples=100)
@given(estates(), st.data())
def test_sources_may_be_split_in_any_way_and_come_in_any_order(topology: Topology, data: st.DataObject) -> None:
    azure = in_azure(topology)
    every = data.draw(st.permutations(resources(azure, inline=data.draw(st.booleans()))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(every)), max_size=4)))
    parts = [every[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(every)], strict=True)]
    files = [printed(part, data.draw(st.sampled_from(SHAPES))) for part in parts]
    read_back = read(*data.draw(st.permutations([*files, printed(accounts(azure), "az")])))
    assert assembled(read_back.found).topology == topology


@settings(max_examples=60)
@given(estates(renamed=True), st.sampled_from(SHAPES))
def test_a_file_with_names_of_its_own_finds_everything_identical(topology: Topology, shape: Shape) -> None:
    azure = in_azure(topology)
    found = read(printed(resources(azure), shape), printed(accounts(azure), "az")).found
    rehearsal = merged(topology, assembled(found, topology), prune=True)
    assert {item.status for item in rehearsal.items} <= {"identical"}
    assert rehearsal.after is topology


@settings(max_examples=60)
@given(estates(), st.sampled_from(SHAPES))
def test_ids_in_another_case_are_the_same_ids(topology: Topology, shape: Shape) -> None:
    azure = in_azure(topology)
    shouting = [{**one, "id": one["id"].upper()} for one in resources(replace(azure, peerings=()))]
    found = read(printed(shouting, shape), printed(accounts(azure), "az")).found
    rehearsal = merged(topology, assembled(found, topology))
    assert {item.status for item in rehearsal.items} <= {"identical"}
