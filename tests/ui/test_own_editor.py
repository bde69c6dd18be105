"""Things and files in the person's own editor, opened from the workbench: what comes back is one edit, or is kept."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.driving import HUB, enter, lines, press, settled, workbench
from tests.ui.pty import Terminal
from tests.ui.test_files import hit, loaded, slow_disk
from tui.app.screens.picker import PickerScreen


def editor(folder: Path, monkeypatch: pytest.MonkeyPatch, *steps: str) -> Path:
    """Make an editor whose first run does the first of `steps` (Python on `text`), and so on; return what it saw."""
    seen = folder / "seen"
    seen.mkdir()
    script = folder / "editor.py"
    script.write_text(
        "import os, pathlib, re, sys\n"
        f"seen, steps = pathlib.Path({str(seen)!r}), {steps!r}\n"
        "path, run = pathlib.Path(sys.argv[-1]), len(list(seen.iterdir()))\n"
        "text = path.read_text()\n"
        "(seen / f'{run}.toml').write_text(text)\n"
        "names = {'text': text, 'path': path, 'os': os, 're': re}\n"
        "exec(steps[run], names)\n"
        "path.exists() and path.write_text(names['text'])\n"
    )
    monkeypatch.setenv("EDITOR", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")
    monkeypatch.setenv("TMPDIR", str(folder / "editing"))
    (folder / "editing").mkdir()
    return seen


def in_own_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test without a terminal give it away all the same."""
    from tui.app import external_editor

    monkeypatch.setattr(external_editor, "run_in_terminal", lambda app, run: run())


async def test_a_thing_is_changed_renamed_added_to_and_deleted_in_the_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = editor(
        tmp_path,
        monkeypatch,
        "text = text.replace('10.1.0.0/22', '10.7.0.0/22')",
        "text = text.replace('vnets.app', 'vnets.shop')",
        "text += '\\n[vnets.more]\\naddress_space = [\"10.9.0.0/24\"]\\n'",
        "text = '# nothing\\n'",
        "pass",
    )
    in_own_terminal(monkeypatch)
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "E")
        assert str(screen.store.topology.vnets["app"].address_space[0]) == "10.7.0.0/22"
        assert "10.1.0.0/22" in (seen / "0.toml").read_text()
        assert "hub" not in (seen / "0.toml").read_text()
        await press(pilot, "E")
        assert list(screen.store.topology.vnets) == ["shop", "hub"]
        await press(pilot, "2", "home", "E")
        assert "more" in screen.store.topology.vnets
        await press(pilot, "ctrl+s")
        assert "[vnets.shop]            # the shop" in path.read_text()
        await press(pilot, "2", "home", "E")
        assert "shop" not in screen.store.topology.vnets
        await press(pilot, "u", "u", "u", "u")
        assert screen.store.topology.vnets.keys() == {"app", "hub"}
        assert str(screen.store.topology.vnets["app"].address_space[0]) == "10.1.0.0/22"
        await press(pilot, "2", "home", "E")
        assert "nothing was changed" in lines(screen)
        assert list((tmp_path / "editing").iterdir()) == []


async def test_marked_things_are_opened_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = editor(tmp_path, monkeypatch, "text = text.replace('westeurope', 'northeurope')")
    in_own_terminal(monkeypatch)
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "space", "space", "E")
        assert {vnet.region for vnet in screen.store.topology.vnets.values()} == {"northeurope"}
        assert "office" not in (seen / "0.toml").read_text()
        await press(pilot, "u")
        assert not screen.store.unsaved


async def test_a_text_that_cannot_be_read_is_mended_in_the_editor_with_the_problems_on_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = editor(
        tmp_path,
        monkeypatch,
        "text = text.replace('10.1.0.0/22', '10.1.0.0/33')",
        "text = text.replace('10.1.0.0/33', '10.8.0.0/22')",
    )
    in_own_terminal(monkeypatch)
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "E")
        assert screen.prompt.is_open
        assert "10.1.0.0/33" in lines(screen)
        assert not screen.store.unsaved
        await press(pilot, "enter")
        assert (seen / "1.toml").read_text().startswith("# vnet-tui: ")
        assert str(screen.store.topology.vnets["app"].address_space[0]) == "10.8.0.0/22"
        assert list((tmp_path / "editing").iterdir()) == []


@pytest.mark.parametrize("keys", [("escape",), ("k", "enter"), ("ctrl+q",)])
async def test_a_text_that_is_given_up_stays_in_a_file_that_a_message_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    editor(tmp_path, monkeypatch, "text = '[broken'")
    in_own_terminal(monkeypatch)
    async with workbench(HUB, tmp_path, size=(200, 40)) as (pilot, screen, _):
        await press(pilot, "2", "E", *keys)
        (kept,) = (tmp_path / "editing").rglob("*.toml")
        assert kept.read_text() == "[broken"
        if keys != ("ctrl+q",):
            assert str(kept) in lines(screen)
        assert not screen.store.unsaved


@pytest.mark.parametrize(
    ("step", "said"),
    [("text = ''", "came back empty"), ("path.unlink()", "removed the file"), ("os._exit(3)", "status 3")],
)
async def test_an_editor_that_leaves_nothing_to_take_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, said: str
) -> None:
    editor(tmp_path, monkeypatch, step)
    in_own_terminal(monkeypatch)
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "E")
        assert said in lines(screen)
        assert not screen.prompt.is_open
        assert not screen.store.unsaved
        assert list((tmp_path / "editing").iterdir()) == []


@pytest.mark.parametrize("command", ["no-such-editor", "code", "'"])
async def test_an_editor_that_cannot_be_used_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("EDITOR", command)
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "E")
        assert "$EDITOR is" in lines(screen)
        assert not screen.store.unsaved


async def test_the_whole_file_is_edited_with_its_comments_and_undo_takes_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(
        tmp_path,
        monkeypatch,
        "text = text.replace('# the shop', '# the web shop')",
        "text = text.replace('10.1.0.0/22', '10.5.0.0/22').replace('[vnets.hub]', '# middle\\n[vnets.hub]')",
        "text = '[broken'",
    )
    in_own_terminal(monkeypatch)
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await palette(pilot, "File in $EDITOR")
        assert "unsaved" in lines(screen)
        await press(pilot, "ctrl+s")
        assert path.read_text() == HUB.replace("# the shop", "# the web shop")
        await palette(pilot, "File in $EDITOR")
        assert str(screen.store.topology.vnets["app"].address_space[0]) == "10.5.0.0/22"
        await press(pilot, "u", "u", "ctrl+s")
        assert path.read_text() == HUB
        await press(pilot, "ctrl+r", "ctrl+r", "ctrl+s")
        assert "# middle\n[vnets.hub]" in path.read_text()
        await palette(pilot, "File in $EDITOR")
        assert screen.prompt.is_open
        await press(pilot, "escape")
        assert "what you typed is in" in lines(screen)


async def palette(pilot: Pilot[None], title: str) -> None:
    """Run the command of that title."""
    await press(pilot, "colon")
    screen = pilot.app.screen
    assert isinstance(screen, PickerScreen)
    screen._line.value = title
    await press(pilot, "enter")


async def test_comments_typed_in_the_editor_while_a_file_is_written_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "text = '# on top\\n' + text")
    in_own_terminal(monkeypatch)
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d")
        with slow_disk(monkeypatch) as let_it_write:
            await hit(pilot, "ctrl+s", "colon", *"edit-file"[:0])
            screen.app.screen._line.value = "File in $EDITOR"  # type: ignore[attr-defined]
            await hit(pilot, "enter")
            let_it_write()
            await settled(pilot)
        assert not path.read_text().startswith("# on top\n")
        await press(pilot, "ctrl+s")
        assert path.read_text().startswith("# on top\n")
        assert loaded(path) == "hub"


def test_the_editor_has_the_terminal_and_the_screen_comes_back_whole(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(HUB)
    (tmp_path / "editor").write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[-1])\n"
        "print('\\x1b[2J\\x1b[Htyping here')\n"
        "input()\n"
        "path.write_text(path.read_text().replace('10.1.0.0/22', '10.7.0.0/22'))\n"
    )
    (tmp_path / "editor").chmod(0o700)
    environ = {"EDITOR": str(tmp_path / "editor"), "TMPDIR": str(tmp_path)}
    command = (sys.executable, "-m", "tui", str(tmp_path / "plan.toml"))
    with Terminal(command, 100, 30, environ) as terminal:
        terminal.wait_for("1 error")
        terminal.settle()
        terminal.press("2", "E", until="typing here")
        assert "Subscriptions" not in terminal.text()
        terminal.press("enter", until="Edit vnets.app in the editor")
        terminal.settle(0.5)
        shown = terminal.text()
        assert "Subscriptions" in shown
        terminal.resize(101, 30)
        terminal.settle(0.5)
        terminal.resize(100, 30)
        terminal.settle(0.5)
        assert terminal.text() == shown
        assert "typing here" not in shown


async def test_a_question_leaves_room_for_its_answer_on_a_small_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("a-folder-with-quite-a-long-name" * 4)
    folder.mkdir()
    async with workbench(HUB, folder, (80, 24)) as (pilot, screen, path):
        await press(pilot, "2", "d")
        path.write_text(HUB + "# theirs\n")
        await press(pilot, "ctrl+s")
        await enter(pilot, "overwrite")
        assert "plan.toml was changed" in lines(screen)
        assert "overwrite" in lines(screen).splitlines()[-1].rpartition(":")[2]
        await press(pilot, "escape", "q")
        await enter(pilot, "discard")
        assert "discard" in lines(screen).splitlines()[-1].rpartition(":")[2]
        await press(pilot, "escape")
        editor(tmp_path, monkeypatch, "text = text.replace('10.0.0.0/22', 'nonsense' * 20)")
        in_own_terminal(monkeypatch)
        await press(pilot, "2", "home", "E")
        await enter(pilot, "keep")
        assert "keep" in lines(screen).splitlines()[-1].rpartition(":")[2]
