"""Files, as a person handles them: saving, leaving, opening another; what is on disk counts."""

from __future__ import annotations

import gc
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.events import AppFocus
from textual.pilot import Pilot

from tests.bench.estates import estate
from tests.ui.driving import HUB, enter, lines, press, settled, typed, workbench
from tui.app import store as stores
from tui.app.screens.unreadable import UnreadableScreen
from tui.app.screens.workbench import WorkbenchScreen
from tui.app.store import Saving
from tui.errors import FileError
from tui.storage.load import Loaded, load


@contextmanager
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A disk that writes nothing before it is told to."""
    may_write = threading.Event()
    write = Saving.write

    def slowly(self: Saving) -> Loaded:
        assert may_write.wait(20)
        return write(self)

    with monkeypatch.context() as patch:
        patch.setattr(stores.Saving, "write", slowly)
        try:
            yield may_write.set
        finally:
            may_write.set()


async def hit(pilot: Pilot[None], *keys: str) -> None:
    """Press keys without waiting for what works beside."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def on_top(screen: WorkbenchScreen) -> Any:
    """The screen that is seen."""
    return screen.app.screen


def loaded(path: Path) -> str:
    """The names of the VNets in a file."""
    return " ".join(stores.Store.open(path).topology.vnets)


# Saving.


async def test_keys_work_while_a_file_is_written_and_what_they_edit_stays_unsaved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "ctrl+s", "j", "k", "d")
            assert list(screen.store.topology.vnets) == []
            assert path.read_text() == HUB
            let_it_write()
            await settled(pilot)
        assert loaded(path) == "hub"
        assert "unsaved" in lines(screen)
        await press(pilot, "u")
        assert "unsaved" not in lines(screen)


async def test_a_large_file_is_written_beside_the_keys(tmp_path: Path) -> None:
    async with workbench(estate(3000), tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        await hit(pilot, "ctrl+s", "d")
        assert "vnet-1" not in screen.store.topology.vnets
        await settled(pilot)
        assert "vnet-0" not in stores.Store.open(path).topology.vnets
        assert "vnet-1" in stores.Store.open(path).topology.vnets
        assert screen.store.unsaved


async def test_save_pressed_again_while_a_file_is_written_saves_what_came_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "ctrl+s", "d", "ctrl+s")
            assert "still saving" in lines(screen)
            let_it_write()
            await settled(pilot)
        assert loaded(path) == ""
        assert not screen.store.unsaved


async def test_quit_pressed_while_a_file_is_written_leaves_when_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "ctrl+s", "q")
            assert screen.app.is_running
            let_it_write()
            await settled(pilot)
        assert loaded(path) == "hub"
        assert screen.app._exit


async def test_an_edit_made_while_save_and_quit_writes_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", "colon")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "w", "q", "enter", "d")
            assert list(screen.store.topology.vnets) == []
            let_it_write()
            await settled(pilot)
        assert not screen.app._exit
        assert "still here" in lines(screen)
        assert screen.store.unsaved
        await press(pilot, "ctrl+s")
        assert loaded(path) == ""


async def test_a_save_that_waits_is_done_while_a_form_is_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "ctrl+s", "d", "ctrl+s", "a", "x")
            let_it_write()
            await settled(pilot)
        assert loaded(path) == ""
        assert screen.form.values["name"] == "x"


async def test_a_save_pressed_after_save_and_quit_is_done_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", "colon")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "w", "q", "enter", "d", "ctrl+s")
            let_it_write()
            await settled(pilot)
        assert loaded(path) == ""
        assert not screen.store.unsaved


async def test_leaving_that_waited_for_a_save_takes_no_form_away_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "ctrl+s", "q", "a", "x")
            let_it_write()
            await settled(pilot)
        assert not screen.app._exit
        assert screen.form.values["name"] == "x"
        assert "still here" in lines(screen)
        assert loaded(path) == "hub"


async def test_a_form_that_is_being_filled_in_is_not_taken_away_when_the_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "ctrl+s", "q", "a", "x")
            path.write_text(HUB + "# theirs\n")
            let_it_write()
            await settled(pilot)
        assert screen.form.is_open
        assert not screen.prompt.is_open
        assert not screen.app._exit
        assert path.read_text().endswith("# theirs\n")
        assert screen.store.unsaved


async def test_save_as_asks_before_it_replaces_a_file_and_goes_on_with_the_new_one(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("schema = 1\n# theirs\n")
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", "S", "ctrl+u")
        await typed(pilot, str(other))
        assert screen.prompt.is_open
        await press(pilot, "escape")
        assert "not saved" in lines(screen)
        assert "theirs" in other.read_text()
        await press(pilot, "S", "ctrl+u")
        await typed(pilot, str(other))
        await typed(pilot, "overwrite")
        assert loaded(other) == "hub"
        assert path.read_text() == HUB
        assert "other.toml" in lines(screen).splitlines()[0]
        await press(pilot, "d", "ctrl+s")
        assert loaded(other) == ""


async def test_save_as_understands_the_home_folder_and_refuses_what_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "S", "ctrl+u")
        await typed(pilot, "~/mine.toml")
        assert (tmp_path / "mine.toml").read_text() == HUB
        for name, said in (
            ("", "needs a name"),
            ("~nobody-of-that-name/x.toml", "cannot"),
            (str(tmp_path), "cannot"),
            (f"{tmp_path}/no/such/x.toml", "cannot"),
        ):
            await press(pilot, "S", "ctrl+u")
            await typed(pilot, name)
            if screen.prompt.is_open:
                await typed(pilot, "overwrite")
            assert said in lines(screen)
        assert screen.store.path == tmp_path / "mine.toml"
        assert (tmp_path / "mine.toml").read_text() == HUB


async def test_a_save_that_fails_says_so_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Saving) -> Loaded:
        raise FileError(f"cannot save {self.path}: No space left on device", "the old file is whole")

    async with workbench(HUB, tmp_path, (250, 40)) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with monkeypatch.context() as patch:
            patch.setattr(Saving, "write", full)
            await press(pilot, "ctrl+s")
            assert "No space left on device" in lines(screen)
            await press(pilot, "q")
            await typed(pilot, "s")
            assert not screen.app._exit
            assert "No space left on device" in lines(screen)
        assert path.read_text() == HUB
        assert screen.store.unsaved
        await press(pilot, "ctrl+s")
        assert loaded(path) == "hub"


async def test_a_fault_of_the_program_while_saving_keeps_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with monkeypatch.context() as patch:
            patch.setattr(Saving, "write", lambda self: 1 // 0)
            await press(pilot, "ctrl+s")
        assert "a fault in vnet-tui" in lines(screen)
        await press(pilot, "ctrl+s")
        assert loaded(path) == "hub"


async def test_a_file_whose_folder_is_gone_is_saved_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    async with workbench(HUB, folder) as (pilot, screen, path):
        await press(pilot, "2", "d")
        path.unlink()
        folder.rmdir()
        await press(pilot, "ctrl+s")
        if screen.prompt.is_open:
            await typed(pilot, "overwrite")
        assert screen.store.unsaved
        assert "unsaved" in lines(screen)
        await press(pilot, "S", "ctrl+u")
        await typed(pilot, str(tmp_path / "mine.toml"))
        assert loaded(tmp_path / "mine.toml") == "hub"
        assert not screen.store.unsaved


async def test_a_file_that_was_removed_is_written_again_when_that_is_said(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        path.unlink()
        await press(pilot, "ctrl+s")
        await typed(pilot, "overwrite")
        assert loaded(path) == "hub"
        assert "# The hub and what hangs on it." in path.read_text()
        assert not screen.store.unsaved


# Leaving, and opening another.


@pytest.mark.parametrize("keys", [("q",), ("ctrl+q",), ("colon", "q", "enter"), ("question_mark", "ctrl+q")])
async def test_leaving_asks_about_what_is_unsaved(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", *keys)
        assert "There are unsaved changes" in lines(on_top(screen))
        await typed(pilot, "what")
        assert "nothing lost" in lines(screen)
        await press(pilot, *keys)
        await typed(pilot, "d")
        assert screen.app._exit
        assert path.read_text() == HUB


@pytest.mark.parametrize(
    "before",
    [("a", "x"), ("f", "x"), ("colon",), ("question_mark", "d"), ("T",), ("O",), ("slash", "h"), ("r", "x"), ("q",)],
    ids=["form", "find", "palette", "help", "theme", "open", "filter", "rename", "quit"],
)
async def test_ctrl_q_loses_nothing_wherever_one_is(tmp_path: Path, before: tuple[str, ...]) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", *before, "ctrl+q")
        assert not screen.app._exit
        assert list(screen.store.topology.vnets) == ["hub"]
        if before[0] == "a":
            assert "Escape leaves it" in lines(screen)
            await press(pilot, "escape", "escape", "ctrl+q")
        assert "There are unsaved changes" in lines(on_top(screen))
        await typed(pilot, "s")
        assert screen.app._exit
        assert loaded(path) == "hub"


async def test_ctrl_c_says_how_to_leave_and_covers_nothing(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        before = lines(screen).splitlines()[:-1]
        await press(pilot, "ctrl+c")
        assert "ctrl+q leaves" in lines(screen)
        assert lines(screen).splitlines()[:-1] == before
        assert not screen.app._exit


async def test_ctrl_q_leaves_at_once_where_nothing_is_unsaved(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "question_mark", "ctrl+q")
        assert screen.app._exit


async def test_opening_another_file_asks_first_and_can_save(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('schema = 1\n[vnets.elsewhere]\naddress_space = ["10.0.0.0/24"]\n')
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", "O")
        await typed(pilot, str(other))
        assert "There are unsaved changes" in lines(screen)
        await press(pilot, "escape")
        assert on_top(screen) is screen
        assert list(screen.store.topology.vnets) == ["hub"]
        await press(pilot, "O")
        await typed(pilot, str(other))
        await typed(pilot, "s")
        assert loaded(path) == "hub"
        assert list(on_top(screen).store.topology.vnets) == ["elsewhere"]
        assert "elsewhere" in lines(on_top(screen))


async def test_beginning_anew_asks_first(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", "colon")
        await typed(pilot, "enew")
        assert "begins anew" in lines(screen)
        await typed(pilot, "d")
        assert list(on_top(screen).store.topology.vnets) == []
        assert on_top(screen).store.path is None
        assert path.read_text() == HUB
        await press(pilot, "2", "a")
        await typed(pilot, "first")
        assert list(on_top(screen).store.topology.vnets) == ["first"]


async def test_a_file_that_does_not_open_leads_back_to_the_one_that_is_open(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("schema = 1\n[vnets.a\n")
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        for leave in (("q",), ("ctrl+q", "escape"), ("O", "escape")):
            await press(pilot, "2", "home", "d", "colon")
            await typed(pilot, f"e {broken}")
            await typed(pilot, "d")
            assert isinstance(on_top(screen), UnreadableScreen)
            assert "goes back" in lines(on_top(screen))
            await press(pilot, *leave)
            assert on_top(screen) is screen
            assert list(screen.store.topology.vnets) == ["hub"]
            assert screen.store.unsaved
            await press(pilot, "u")


async def test_while_a_large_file_is_read_nothing_can_be_edited_that_would_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large.toml"
    large.write_text("schema = 1\n[vnets.elsewhere]\n" + "# a remark\n" * 100_000)
    may_read, read = threading.Event(), load

    def slowly(path: Path) -> Loaded:
        assert may_read.wait(20)
        return read(path)

    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "colon")
        await enter(pilot, f"e {large}")
        monkeypatch.setattr(stores, "load", slowly)
        await hit(pilot, "enter", "d", "d")
        assert f"reading {large}" in lines(on_top(screen))
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        may_read.set()
        await settled(pilot)
        assert on_top(screen).store.path == large
        assert screen not in screen.app.screen_stack


async def test_reading_again_is_undone_like_an_edit(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        path.write_text(HUB.replace("vnets.hub", "vnets.centre"))
        await press(pilot, "ctrl+l")
        assert list(screen.store.topology.vnets) == ["app", "centre"]
        assert not screen.store.unsaved
        await press(pilot, "u")
        assert list(screen.store.topology.vnets) == ["hub"]
        path.write_text("[broken")
        await press(pilot, "ctrl+l")
        assert list(screen.store.topology.vnets) == ["hub"]
        path.unlink()
        await press(pilot, "ctrl+l")
        assert "no file to read again" in lines(screen)


async def test_what_one_is_saving_oneself_was_changed_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_return = threading.Event()
    write = Saving.write

    def write_and_wait(self: Saving) -> Loaded:
        written = write(self)
        assert may_return.wait(20)
        return written

    monkeypatch.setattr(stores.Saving, "write", write_and_wait)
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        await hit(pilot, "ctrl+s")
        while path.read_text() == HUB:
            await pilot.pause(0.01)
        screen.on_app_focus(AppFocus())
        for _ in range(20):
            await pilot.pause(0.01)
            assert "somebody else" not in lines(screen)
        may_return.set()
        await settled(pilot)


async def test_a_check_that_is_overtaken_before_it_began_leaves_nothing_behind(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        async with workbench(HUB, tmp_path) as (pilot, screen, _):
            await press(pilot, "2", "d")
            screen.store.undo()
            screen.store.redo()
            while not screen.store.is_checked:
                await pilot.pause(0.01)
        del pilot, screen
        gc.collect()
    assert [str(one.message) for one in complaints if "never awaited" in str(one.message)] == []
