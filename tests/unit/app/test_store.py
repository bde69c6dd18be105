"""The store: what is unsaved, what is on disk, and what becomes of edits made meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui.app.store import Store
from tui.errors import EditError, FileError
from tui.storage import files
from tui.storage.files import FileChangedError
from tui.storage.problems import UnreadableTopologyError
from tui.topology.edits import change, delete, rename

PLAN = """\
schema = 1
# the hub
[vnets.hub]
address_space = ["10.0.0.0/22"]   # all of it
[vnets.app]
address_space = ["10.1.0.0/22"]
"""
NOTE = change(("vnets", "hub"), note="shared")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "plan.toml"
    file.write_text(PLAN)
    return file


def test_an_edit_is_unsaved_until_it_is_saved_or_undone(path: Path) -> None:
    store = Store.open(path)
    assert not store.unsaved
    store.apply(NOTE)
    assert store.unsaved
    store.undo()
    assert not store.unsaved
    store.redo()
    store.save()
    assert not store.unsaved
    assert 'note = "shared"' in path.read_text()
    store.undo()
    assert store.unsaved


def test_what_is_edited_while_a_save_is_under_way_stays_unsaved_and_is_saved_next(path: Path) -> None:
    store = Store.open(path)
    store.apply(NOTE)
    saving = store.saving()
    store.apply(delete(("vnets", "app")))
    store.saved(saving, saving.write())
    assert store.unsaved
    assert "vnets.app" in path.read_text()
    store.save()
    assert "vnets.app" not in path.read_text()
    assert "# the hub" in path.read_text()


def test_undoing_back_to_what_was_saved_meanwhile_leaves_nothing_unsaved(path: Path) -> None:
    store = Store.open(path)
    store.apply(NOTE)
    saving = store.saving()
    store.apply(delete(("vnets", "app")))
    store.saved(saving, saving.write())
    store.undo()
    assert not store.unsaved


def test_a_file_that_somebody_else_changed_is_not_written_over(path: Path) -> None:
    store = Store.open(path)
    store.apply(NOTE)
    path.write_text(PLAN.replace("10.1.", "10.9."))
    assert store.changed_on_disk()
    with pytest.raises(FileChangedError):
        store.save()
    assert "10.9." in path.read_text()
    assert store.unsaved


def test_saving_under_another_name_keeps_comments_and_goes_on_there(path: Path, tmp_path: Path) -> None:
    store = Store.open(path)
    other = tmp_path / "other.toml"
    store.save_as(other)
    assert other.read_text() == PLAN
    store.apply(NOTE)
    store.save()
    assert path.read_text() == PLAN
    assert "shared" in other.read_text()


def test_another_file_is_not_written_over_by_saving_under_its_name(path: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.toml"
    theirs.write_text("# theirs\n")
    store = Store.open(path)
    with pytest.raises(FileChangedError):
        store.save_as(theirs)
    assert theirs.read_text() == "# theirs\n"
    store.save_as(theirs, overwrite=True)
    assert theirs.read_text() == PLAN


def test_a_text_becomes_the_topology_with_its_comments_and_is_one_undo_step(path: Path) -> None:
    store = Store.open(path)
    store.take_text(PLAN.replace("# the hub", "# the great hub").replace("10.1.", "10.2."), "Edit the file")
    assert store.undo_title == "Edit the file"
    assert str(store.topology.vnets["app"].address_space[0]) == "10.2.0.0/22"
    store.save()
    assert "# the great hub" in path.read_text()
    store.undo()
    assert store.unsaved
    store.save()
    assert path.read_text() == PLAN
    store.redo()
    store.save()
    assert "# the great hub" in path.read_text()


def test_a_comment_alone_is_something_unsaved(path: Path) -> None:
    store = Store.open(path)
    store.take_text(PLAN + "# the end\n", "Edit the file")
    assert store.unsaved
    store.undo()
    assert not store.unsaved
    store.redo()
    store.save()
    assert path.read_text() == PLAN + "# the end\n"
    assert not store.unsaved


def test_a_text_that_cannot_be_understood_changes_nothing(path: Path) -> None:
    store = Store.open(path)
    before = store.topology
    with pytest.raises(UnreadableTopologyError):
        store.take_text("[vnets.hub]\naddress_space = 7\n", "Edit the file")
    assert store.topology is before
    assert store.text == PLAN


def test_what_a_text_does_not_change_stays_the_same_object(path: Path) -> None:
    store = Store.open(path)
    hub = store.topology.vnets["hub"]
    store.take_text(PLAN.replace("10.1.", "10.2."), "Edit the file")
    assert store.topology.vnets["hub"] is hub


def test_reading_again_can_be_undone_and_then_the_file_is_what_is_unsaved(path: Path) -> None:
    store = Store.open(path)
    path.write_text(PLAN.replace("10.1.", "10.9."))
    store.reload()
    assert str(store.topology.vnets["app"].address_space[0]) == "10.9.0.0/22"
    assert not store.unsaved
    store.undo()
    assert str(store.topology.vnets["app"].address_space[0]) == "10.1.0.0/22"
    assert store.unsaved


def test_a_read_only_session_changes_nothing_but_can_be_saved_elsewhere(path: Path, tmp_path: Path) -> None:
    store = Store.open(path, read_only=True)
    with pytest.raises(EditError):
        store.apply(NOTE)
    with pytest.raises(EditError):
        store.take_text(PLAN + "#\n", "Edit the file")
    with pytest.raises(FileError):
        store.save()
    store.save_as(tmp_path / "mine.toml")
    assert not store.read_only


def test_something_new_is_unsaved_once_it_holds_something() -> None:
    store = Store.new()
    assert not store.unsaved
    store.apply(change((), name="WAN"))
    assert store.unsaved
    with pytest.raises(FileError):
        store.save()


def test_comments_that_were_not_saved_come_back_when_reading_again_is_undone(path: Path) -> None:
    store = Store.open(path)
    mine = PLAN.replace("# the hub", "# mine")
    store.take_text(mine, "Edit the file")
    store.reload()
    assert store.text == PLAN
    assert not store.unsaved
    store.undo()
    assert store.text == mine
    assert store.unsaved


def test_each_side_of_reading_again_has_its_own_comments(path: Path) -> None:
    store = Store.open(path)
    theirs = PLAN.replace("# the hub", "# theirs").replace("10.1.", "10.9.")
    path.write_text(theirs)
    store.reload()
    store.undo()
    assert store.text == PLAN
    store.redo()
    assert store.text == theirs
    assert not store.unsaved
    store.undo()
    store.save()
    assert path.read_text() == PLAN


def test_reading_again_what_is_here_already_is_no_edit(path: Path) -> None:
    store = Store.open(path)
    store.reload()
    assert store.undo_title is None
    assert not store.unsaved


def test_an_edit_that_changes_nothing_says_so(path: Path) -> None:
    store = Store.open(path)
    said: list[str] = []
    store.subscribe(lambda change: said.append(change.said))
    store.apply(rename(("vnets", "app"), "app"))
    assert said == ["nothing was changed"]
    assert store.undo_title is None


def test_a_text_that_was_undone_leaves_something_new_as_empty_as_it_was() -> None:
    store = Store.new()
    store.take_text("schema = 1\n[vnets.hub]\n", "Edit the file")
    assert store.unsaved
    store.undo()
    assert not store.unsaved
    store.redo()
    assert store.text == "schema = 1\n[vnets.hub]\n"


def test_what_is_saved_while_the_file_is_looked_at_was_changed_by_nobody_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(path)
    store.apply(NOTE)
    look = files.fingerprint_of

    def look_when_it_is_written(*arguments: Any) -> Any:
        saving = store.saving()
        written = saving.write()
        found = look(*arguments)
        store.saved(saving, written)
        return found

    monkeypatch.setattr("tui.app.store.fingerprint_of", look_when_it_is_written)
    assert not store.changed_on_disk()
