"""Undo, redo and "unsaved", as a person sees them, and what a long session costs in memory.

Invariant: a history never changes; every statement about a new one is about what an edit, an undo or a redo returned.
"""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import EditError
from tui.topology.edits import Edit, add, change, delete, rename
from tui.topology.history import History
from tui.topology.model import Subnet, Topology, VNet
from tui.topology.prefix import Prefix

RENAME = rename(("vnets", "a"), "b")
NOTE = change(("vnets", "b"), note="x")


@pytest.fixture
def loaded() -> History:
    return History.of_file(topology("vnets.a = {}"))


def test_a_loaded_file_is_saved_and_has_nothing_to_undo(loaded: History) -> None:
    assert loaded.is_saved
    assert (loaded.undo_title, loaded.redo_title) == (None, None)


def test_a_new_topology_is_unsaved_until_it_is_saved() -> None:
    new = History.unsaved(topology(""))
    assert not new.is_saved
    assert new.marked_saved(new.present).is_saved


def test_an_edit_is_unsaved_and_can_be_undone_by_its_title(loaded: History) -> None:
    edited = loaded.edited(RENAME)
    assert list(edited.present.vnets) == ["b"]
    assert not edited.is_saved
    assert edited.undo_title == "Rename VNet a to b"
    assert edited.redo_title is None


def test_undoing_back_to_the_saved_topology_is_saved(loaded: History) -> None:
    undone = loaded.edited(RENAME).edited(NOTE).undone().undone()
    assert undone.present is loaded.present
    assert undone.is_saved
    assert undone.undo_title is None
    assert undone.redo_title == "Rename VNet a to b"


def test_redo_goes_forth_again_to_the_very_same_topologies(loaded: History) -> None:
    once, twice = loaded.edited(RENAME), loaded.edited(RENAME).edited(NOTE)
    redone = twice.undone().undone().redone()
    assert list(redone.present.vnets) == list(once.present.vnets)
    assert (redone.undo_title, redone.redo_title) == ("Rename VNet a to b", "Change note of VNet b")
    assert redone.redone().present is twice.present
    assert redone.redone().redo_title is None


def test_an_edit_after_an_undo_drops_what_could_be_redone(loaded: History) -> None:
    edited = loaded.edited(RENAME).undone().edited(change(("vnets", "a"), note="other"))
    assert edited.redo_title is None
    assert edited.redone() is edited
    assert edited.undone().present is loaded.present


def test_saving_in_between_makes_that_version_the_saved_one(loaded: History) -> None:
    edited = loaded.edited(RENAME)
    saved = edited.marked_saved(edited.present)
    assert saved.is_saved
    assert not saved.undone().is_saved
    assert saved.undone().redone().is_saved
    assert not saved.edited(NOTE).is_saved
    assert saved.edited(NOTE).undone().is_saved


def test_what_was_saved_while_one_went_on_editing_is_not_the_present(loaded: History) -> None:
    first = loaded.edited(RENAME)
    second = first.edited(NOTE).marked_saved(first.present)
    assert not second.is_saved
    assert second.undone().is_saved


def test_the_same_content_made_anew_is_unsaved(loaded: History) -> None:
    there_and_back = loaded.edited(add(("vnets", "b"), VNet())).edited(delete(("vnets", "b")))
    assert there_and_back.present == loaded.present
    assert not there_and_back.is_saved


def test_at_either_end_nothing_happens(loaded: History) -> None:
    assert loaded.undone() is loaded
    assert loaded.redone() is loaded


def test_an_edit_that_changes_nothing_is_no_step(loaded: History) -> None:
    noted = loaded.edited(change(("vnets", "a"), note="x"))
    assert noted.edited(change(("vnets", "a"), note="x")) is noted
    assert noted.edited(rename(("vnets", "a"), "a")) is noted
    undone = noted.undone()
    assert undone.edited(rename(("vnets", "a"), "a")).redo_title == "Change note of VNet a"


def test_an_edit_that_cannot_be_made_leaves_everything_as_it_was(loaded: History) -> None:
    edited = loaded.edited(RENAME)
    with pytest.raises(EditError):
        edited.edited(RENAME)
    assert edited.undone().present is loaded.present


def test_a_history_never_changes(loaded: History) -> None:
    edited = loaded.edited(RENAME)
    assert loaded.is_saved
    assert loaded.undo_title is None
    with pytest.raises(AttributeError):
        edited.present = loaded.present  # type: ignore[misc]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["edit", "edit", "undo", "redo", "save"]), max_size=30))
def test_any_session_is_a_line_with_a_place_in_it(steps: list[str]) -> None:
    history = History.of_file(topology("vnets.a = {}"))
    line, place, saved = [history.present], 0, history.present
    for number, step in enumerate(steps):
        if step == "edit":
            history = history.edited(change(("vnets", "a"), note=str(number)))
            line, place = [*line[: place + 1], history.present], place + 1
        elif step == "undo":
            history, place = history.undone(), max(place - 1, 0)
        elif step == "redo":
            history, place = history.redone(), min(place + 1, len(line) - 1)
        else:
            history, saved = history.marked_saved(history.present), history.present
        assert history.present is line[place]
        assert history.is_saved == (line[place] is saved)
        assert (history.undo_title is None) == (place == 0)
        assert (history.redo_title is None) == (place == len(line) - 1)


def test_a_long_session_can_be_shown_compared_and_undone() -> None:
    first, second = topology('name = "first"'), topology('name = "second"')
    history = start = History.of_file(first)
    for _ in range(3_000):
        history = history.edited(Edit("Flip", lambda present: first if present is second else second))
    assert len(repr(history)) < 5_000
    assert history != start
    assert history != history.undone().redone()  # by identity: it is not compared step by step
    assert isinstance(hash(history), int)
    while history.undo_title:
        history = history.undone()
    assert history.is_saved


def big_plan(vnets: int) -> Topology:
    subnets = {
        number: [f"10.{number >> 8 & 255}.{number & 255}.{block}/26" for block in (0, 64, 128)]
        for number in range(vnets)
    }
    return Topology.model_validate(
        {
            "schema": 1,
            "vnets": {
                f"vnet-{number}": {
                    "address_space": [f"10.{number >> 8 & 255}.{number & 255}.0/24"],
                    "subnets": dict(zip(("app", "web", "db"), blocks, strict=True)),
                }
                for number, blocks in subnets.items()
            },
            "connections": {
                f"link-{number}": {"between": [f"vnet-{number}", f"vnet-{number + 1}"]}
                for number in range(0, vnets, 10)
            },
        }
    )


def test_a_thousand_edits_of_ten_thousand_vnets_take_less_than_100_mb() -> None:
    history = start = History.of_file(big_plan(10_000))
    block = (Prefix.parse("10.0.0.192/28"),)
    tracemalloc.start()
    try:
        for number in range(0, 2_000, 10):
            for edit in (
                change(("vnets", f"vnet-{number}"), note="changed"),
                add(("vnets", f"vnet-{number}", "subnets", "new"), Subnet(prefixes=block)),
                rename(("vnets", f"vnet-{number}"), f"renamed-{number}"),
                add(("vnets", f"new-{number}"), VNet()),
                delete(("vnets", f"vnet-{number + 5_000}")),
            ):
                history = history.edited(edit)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < 100_000_000
    assert len(history.present.vnets) == 10_000
    steps = 0
    while history.undo_title:
        history, steps = history.undone(), steps + 1
    assert steps == 1_000
    assert history.present is start.present
    assert history.present == big_plan(10_000)
