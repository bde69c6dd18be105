"""The import as a person uses it: files are named, what they would do is shown, and all or some of it is one edit."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.driving import _send, enter, lines, press, settled, typed, workbench
from tui.app.app import VnetTuiApp
from tui.app.screens import importing
from tui.app.screens.importing import ImportScreen
from tui.app.screens.source_names import completed, names_in
from tui.app.screens.workbench import WorkbenchScreen
from tui.errors import VnetTuiError
from tui.storage.in_force import in_force
from tui.topology.parts import Path as KeyPath

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
PLAN = f"""\
schema = 1

[subscriptions.prod]
id = "{SUBSCRIPTION}"

[vnets.app]   # the shop
subscription = "prod"
region = "westeurope"
resource_group = "rg"
azure_name = "app"
address_space = ["10.1.0.0/22"]
state = "deployed"
note = "ours"

[vnets.old]
subscription = "prod"
region = "westeurope"
resource_group = "rg"
azure_name = "old"
address_space = ["10.2.0.0/22"]
state = "deployed"

[vnets.later]   # not built yet
subscription = "prod"
region = "westeurope"
address_space = ["10.3.0.0/22"]
"""
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


def vnet(name: str, *prefixes: str, **more: object) -> dict[str, Any]:
    """A VNet as the tools print it."""
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network"
    return {
        "id": f"{group}/virtualNetworks/{name}",
        "name": name,
        "type": "Microsoft.Network/virtualNetworks",
        "location": "westeurope",
        "resourceGroup": "rg",
        "addressSpace": {"addressPrefixes": list(prefixes)},
        "subnets": [],
        **more,
    }


def source(folder: Path, *things: dict[str, Any], name: str = "list.json") -> Path:
    """A file that holds a list."""
    path = folder / name
    path.write_text(json.dumps(things))
    return path


AZURE = (vnet("app", "10.1.0.0/22", "10.8.0.0/24"), vnet("web", "10.4.0.0/24"), vnet("db", "10.5.0.0/24"))
"""One VNet has another prefix, two are new, and "old" is gone."""


async def begin(pilot: Pilot[None], *paths: Path) -> ImportScreen:
    """Name the files; the rehearsal is there then."""
    await press(pilot, "I")
    await typed(pilot, " ".join(map(str, paths)))
    screen = pilot.app.screen
    assert isinstance(screen, ImportScreen), lines(screen)
    return screen


def said(screen: WorkbenchScreen) -> str:
    """The status line."""
    return str(screen.status.render())


def words(pilot: Pilot[None]) -> str:
    """The text of the screen, as it reads where lines are broken."""
    return " ".join(lines(pilot.app.screen).split())


def spaces(screen: WorkbenchScreen) -> dict[str, str]:
    """The address space of each VNet."""
    return {name: ", ".join(map(str, one.address_space)) for name, one in screen.store.topology.vnets.items()}


async def to(pilot: Pilot[None], key: tuple[object, ...]) -> None:
    """Go down to the line of that key."""
    screen = pilot.app.screen
    assert isinstance(screen, ImportScreen)
    await press(pilot, "home")
    for _ in screen.list.rows:
        if screen.list.cursor_key == key:
            return
        await press(pilot, "down")
    raise AssertionError(f"no line {key}\n{lines(screen)}")


def item(*path: str) -> tuple[str, KeyPath]:
    """The key of a thing's line."""
    return ("item", path)


@SIZES
async def test_all_of_it_is_one_edit_and_one_undo(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        before = spaces(screen)
        await begin(pilot, source(tmp_path, *AZURE))
        shown = lines(pilot.app.screen)
        assert "Esc" in shown.splitlines()[0], "how to leave is not cut off"
        assert "2 new, 1 changed, 1 identical; new findings: none" in shown
        assert "new VNets (2)" in shown
        assert "changed VNets (1)" in shown
        assert "address_space: +10.8.0.0/24" in shown, "the field that changes stands below its VNet"
        assert spaces(screen) == before
        await press(pilot, "enter")
        assert pilot.app.screen is screen
        assert spaces(screen) == {
            "app": "10.1.0.0/22, 10.8.0.0/24",
            "old": "10.2.0.0/22",
            "later": "10.3.0.0/22",
            "db": "10.5.0.0/24",
            "web": "10.4.0.0/24",
        }
        assert screen.store.topology.vnets["app"].note == "ours"
        assert screen.store.undo_title == "Import 3 things"
        assert screen.focused is screen.overview.current.list
        await press(pilot, "u")
        assert spaces(screen) == before
        await press(pilot, "ctrl+s")
        assert path.read_text() == PLAN


@SIZES
async def test_what_is_left_out_stays_as_it_is(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await begin(pilot, source(tmp_path, *AZURE))
        await to(pilot, item("vnets", "web"))
        assert "●  ▸ web" in lines(pilot.app.screen)
        await press(pilot, "space", "up")
        assert "●  ▸ web" not in lines(pilot.app.screen)
        assert "new VNets (1 of 2)" in lines(pilot.app.screen)
        await press(pilot, "enter")
        assert "web" not in spaces(screen)
        assert "db" in spaces(screen)
        assert screen.store.undo_title == "Import 2 things"


async def test_space_on_a_group_leaves_all_of_it_out_and_takes_it_again(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await begin(pilot, source(tmp_path, *AZURE))
        await to(pilot, ("group", "new vnets"))
        await press(pilot, "space")
        assert "new VNets (0 of 2)" in lines(pilot.app.screen)
        await press(pilot, "space")
        assert "new VNets (2)" in lines(pilot.app.screen)
        await press(pilot, "down", "space", "up", "up", "space")
        assert "new VNets (2)" in lines(pilot.app.screen), "where some are left out, all are taken first"
        await press(pilot, "space", "enter")
        assert spaces(screen)["app"] == "10.1.0.0/22, 10.8.0.0/24"
        assert "web" not in spaces(screen)
        assert screen.store.undo_title == "Import VNet app"


async def test_with_everything_left_out_enter_says_so_and_stays(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await begin(pilot, source(tmp_path, *AZURE))
        for group in ("new vnets", "changed vnets"):
            await to(pilot, ("group", group))
            await press(pilot, "space")
        await press(pilot, "enter")
        assert "everything is left out: space takes it again, Escape changes nothing" in words(pilot)
        assert isinstance(pilot.app.screen, ImportScreen)
        assert not screen.store.unsaved


async def test_a_second_import_finds_its_own_and_has_nothing_to_take(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        path = source(tmp_path, *AZURE)
        await begin(pilot, path)
        await press(pilot, "enter")
        await begin(pilot, path)
        assert "4 identical" in words(pilot)
        await press(pilot, "enter")
        assert "there is nothing to take; Escape leaves" in words(pilot)
        await press(pilot, "escape")
        assert screen.store.undo_title == "Import 3 things"


@SIZES
async def test_p_takes_out_what_is_not_in_azure_any_more(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await begin(pilot, source(tmp_path, *AZURE))
        assert "not in Azure any more: stays, p takes it out (1)" in lines(pilot.app.screen)
        await to(pilot, ("absent", ("vnets", "old")))
        assert "vnets.old is deployed according to the file, and the sources do not tell of it" in words(pilot)
        await press(pilot, "space")
        assert "vnets.old stays; p takes out" in words(pilot)
        await press(pilot, "p")
        assert "gone VNets (1)" in lines(pilot.app.screen)
        assert "1 gone" in lines(pilot.app.screen)
        await press(pilot, "p")
        assert "gone VNets" not in lines(pilot.app.screen)
        await press(pilot, "p", "enter")
        assert set(spaces(screen)) == {"app", "later", "web", "db"}, "what is planned never goes"
        await press(pilot, "u")
        assert set(spaces(screen)) == {"app", "old", "later"}


async def test_what_is_left_out_stays_so_when_what_is_gone_is_to_go(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await begin(pilot, source(tmp_path, *AZURE))
        await to(pilot, item("vnets", "web"))
        await press(pilot, "space", "p", "enter")
        assert set(spaces(screen)) == {"app", "later", "db"}


@SIZES
async def test_a_conflict_cannot_be_taken_and_says_why(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        paths = [
            source(tmp_path, *AZURE),
            source(tmp_path, vnet("web", "10.99.0.0/24"), name="other.json"),
        ]
        await begin(pilot, *paths)
        assert "1 in conflict" in lines(pilot.app.screen)
        await to(pilot, item("vnets", "web"))
        assert "vnets.web is in conflict; " in words(pilot)
        await press(pilot, "space")
        assert "it is in conflict and stays as it is: " in words(pilot)
        await press(pilot, "enter")
        assert "web" not in spaces(screen)
        assert "db" in spaces(screen)


@SIZES
async def test_what_would_be_wrong_then_is_counted_and_named(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, _, _):
        bad = vnet("web", "10.4.0.0/24", subnets=[{"name": "far", "addressPrefix": "172.16.0.0/24"}])
        await begin(pilot, source(tmp_path, *AZURE[::2], bad))
        assert "new findings: 1 error" in lines(pilot.app.screen)
        assert "new findings (1)" in lines(pilot.app.screen)
        await to(pilot, ("finding", 0))
        assert "what to do: " in words(pilot)
        await press(pilot, "space")
        assert "there is nothing to take here, or to leave out" in words(pilot)
        await to(pilot, item("vnets", "web"))
        await press(pilot, "space")
        await shown_soon(pilot, "new findings: none")


async def shown_soon(pilot: Pilot[None], text: str) -> None:
    """Wait until that is on the screen: what is marked is checked when the person rests."""
    for _ in range(1_000):
        await asyncio.sleep(0.02)
        await settled(pilot)
        if text in words(pilot):
            return
    raise AssertionError(lines(pilot.app.screen))


async def test_what_is_left_out_and_needed_comes_along_and_says_so(tmp_path: Path) -> None:
    async with workbench("schema = 1\n", tmp_path) as (pilot, screen, _):
        await begin(pilot, source(tmp_path, vnet("web", "10.4.0.0/24")))
        (subscription,) = [one for one in keys_of(pilot) if one[0] == "item" and one[1][0] == "subscriptions"]
        await to(pilot, subscription)
        await press(pilot, "space", "up")
        await shown_soon(pilot, "comes along: what is taken leads to it")
        assert "was left out and comes along" in words(pilot)
        await press(pilot, "enter")
        assert screen.store.topology.vnets["web"].subscription in screen.store.topology.subscriptions


def keys_of(pilot: Pilot[None]) -> list[Any]:
    """The keys of all lines."""
    screen = pilot.app.screen
    assert isinstance(screen, ImportScreen)
    return [row.key for row in screen.list.rows]


@SIZES
async def test_a_large_group_is_folded_and_unfolds(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        many = [vnet(f"v{number}", f"10.77.{number}.0/24") for number in range(40)]
        await begin(pilot, source(tmp_path, *AZURE, *many))
        assert "▸ new VNets (42)" in lines(pilot.app.screen)
        await to(pilot, ("group", "new vnets"))
        await press(pilot, "right")
        assert "▾ new VNets (42)" in lines(pilot.app.screen)
        await press(pilot, "down", "space", "down", "left")
        assert "▸ new VNets (41 of 42)" in lines(pilot.app.screen)
        assert "▌ ▸ new VNets" in lines(pilot.app.screen), "the cursor is on the group then"
        await press(pilot, "enter")
        assert len(spaces(screen)) == 3 + 41


async def test_escape_changes_nothing(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        path = source(tmp_path, *AZURE)
        for key in ("escape", "q"):
            await begin(pilot, path)
            await press(pilot, "space", key)
            assert pilot.app.screen is screen
        await press(pilot, "I", "escape")
        assert not screen.store.unsaved
        assert screen.focused is screen.overview.current.list


async def test_a_read_only_session_shows_the_rehearsal_and_takes_nothing(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, read_only=True) as (pilot, screen, _):
        before = spaces(screen)
        await begin(pilot, source(tmp_path, *AZURE))
        assert "2 new, 1 changed" in lines(pilot.app.screen)
        await press(pilot, "enter")
        assert "this session is read-only" in words(pilot)
        await press(pilot, "escape")
        assert spaces(screen) == before


@SIZES
async def test_what_cannot_be_read_is_said_and_nothing_else_happens(size: tuple[int, int], tmp_path: Path) -> None:
    page = tmp_path / "page.json"
    page.write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        for name, message in (
            (str(tmp_path / "none.json"), "there is no such file"),
            (str(page), "page.json"),
            (f"{source(tmp_path, *AZURE)} {page}", "page.json"),
            ("'half", "a quotation has no end"),
            ("-", "the keys come from the standard input here"),
            ("", "nothing was named"),
            (str(tmp_path / "plan.toml"), "this is a topology of vnet-tui already"),
        ):
            await press(pilot, "I", "ctrl+u")
            await typed(pilot, "")
            await press(pilot, "I")
            await typed(pilot, name)
            assert pilot.app.screen is screen, name
            assert message in " ".join(said(screen).split()), (name, said(screen))
            assert screen.focused is screen.overview.current.list
        assert not screen.store.unsaved


async def test_a_name_with_a_slip_in_it_is_not_typed_anew(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        path = source(tmp_path, *AZURE)
        await press(pilot, "I")
        await typed(pilot, f"{path}x")
        await press(pilot, "I", "end", "backspace", "enter")
        assert "2 new, 1 changed" in lines(pilot.app.screen)


async def test_several_files_quoted_names_and_folders_belong_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "two words"
    folder.mkdir()
    source(folder, AZURE[1], name="web.json")
    source(tmp_path, AZURE[2], name="db.json")
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "I")
        await typed(pilot, '~/"two words" ~/db.json')
        await press(pilot, "enter")
        assert {"web", "db"} <= set(spaces(screen))


async def test_right_completes_a_name(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        path = source(tmp_path, *AZURE)
        await press(pilot, "I")
        await enter(pilot, str(path)[:-4])
        await press(pilot, "right", "enter", "enter")
        assert "web" in spaces(screen)
        await press(pilot, "slash")
        await enter(pilot, str(tmp_path)[:-1])
        assert str(tmp_path) not in lines(screen), "another question completes nothing of the sort"
        await press(pilot, "escape")


def test_the_last_name_is_completed_with_what_a_shell_needs_before_its_blanks(tmp_path: Path) -> None:
    for name in ("one.json", "only.json", "a b*.json", ".hidden", "x\x1b[31m.json", "it's.json"):
        (tmp_path / name).write_text("")
    (tmp_path / "fold er").mkdir()
    assert completed(f"first.json {tmp_path}/o") == f"first.json {tmp_path}/one.json"
    assert completed(f"{tmp_path}/fo") == f"{tmp_path}/fold\\ er/"
    assert completed(f"'{tmp_path}/fo") == f"'{tmp_path}/fold er/"
    for begun, whole in (
        (f"{tmp_path}/a", f"{tmp_path}/a\\ b\\*.json"),
        (f"'{tmp_path}/a", f"'{tmp_path}/a b*.json'"),
        (f'one "{tmp_path}/a b', f'one "{tmp_path}/a b*.json"'),
        (f"{tmp_path}/a\\ ", f"{tmp_path}/a\\ b\\*.json"),
        (f"{tmp_path}/i", f"{tmp_path}/it\\'s.json"),
    ):
        assert completed(begun) == whole
        assert names_in(whole)[-1] in (f"{tmp_path}/a b*.json", f"{tmp_path}/it's.json")
    for nothing in (f"{tmp_path}/x", f"{tmp_path}/.h", f"'{tmp_path}/i", "", "a ", "a\\", "/no/such/place/"):
        assert completed(nothing) is None, nothing


def test_wildcards_mean_the_files_that_there_are(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c.csv", "x*.json", "with space.json"):
        (tmp_path / name).write_text("")
    assert names_in(f"{tmp_path}/?.json {tmp_path}/c.csv") == [
        f"{tmp_path}/{one}" for one in ("a.json", "b.json", "c.csv")
    ]
    assert names_in(f"{tmp_path}/x*.json") == [f"{tmp_path}/x*.json"], "a file that is called so is meant itself"
    assert names_in(f"{tmp_path}/n*.json") == [f"{tmp_path}/n*.json"], "it is said that there is none"
    assert names_in(f"{tmp_path}/with space.json") == [f"{tmp_path}/with space.json"], (
        "a name as a whole needs no quotes"
    )


def test_names_are_split_as_a_shell_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert names_in("a.json 'b c.json' ~/d\\ e") == ["a.json", "b c.json", "/home/ann/d e"]
    assert names_in("  ") == []
    assert names_in("./-") == ["./-"]
    for wrong in ("'", "a -"):
        with pytest.raises(VnetTuiError):
            names_in(wrong)


def is_rehearsing(pilot: Pilot[None]) -> bool:
    """Whether the import is on the screen."""
    return isinstance(pilot.app.screen, ImportScreen)


class SlowReading:
    """Reading that goes on until it is told to stop."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.ended = threading.Event()
        self.read = importing.read

    def __call__(self, names: Sequence[str], reading: Any) -> Any:
        try:
            reading("reading a slow one")
            self.go_on.wait(20)
            return self.read(names, reading)
        finally:
            self.ended.set()


async def until(pilot: Pilot[None], text: str) -> None:
    """Wait for a text on the screen, while something goes on beside."""
    for _ in range(3_000):
        await asyncio.sleep(0.01)
        if text in words(pilot):
            return
    raise AssertionError(lines(pilot.app.screen))


@SIZES
async def test_keys_are_answered_while_it_reads(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowReading()
    monkeypatch.setattr(importing, "read", slow)
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        path = source(tmp_path, *AZURE)
        await press(pilot, "I")
        await enter(pilot, str(path))
        _send(pilot, "enter")
        await until(pilot, "reading a slow one")
        for key in ("space", "p", "right", "enter"):
            _send(pilot, key)
        await asyncio.sleep(0.05)
        assert is_rehearsing(pilot), "there is nothing to take yet"
        _send(pilot, "escape")
        for _ in range(3_000):
            await asyncio.sleep(0.01)
            if pilot.app.screen is screen:
                break
        assert pilot.app.screen is screen, "nobody has to wait"
        slow.go_on.set()
        assert await asyncio.to_thread(slow.ended.wait, 20)
        await settled(pilot)
        assert pilot.app.screen is screen
        assert not screen.store.unsaved


async def test_it_says_what_it_reads_and_then_what_it_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowReading()
    monkeypatch.setattr(importing, "read", slow)
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "I")
        await enter(pilot, str(source(tmp_path, *AZURE)))
        _send(pilot, "enter")
        await until(pilot, "reading a slow one")
        slow.go_on.set()
        await until(pilot, "2 new, 1 changed")
        await press(pilot, "enter")
        assert "web" in spaces(screen)


async def test_a_fault_of_ours_is_said_and_takes_nothing_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(names: Sequence[str], reading: object) -> Any:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(importing, "read", faulty)
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "I")
        await typed(pilot, "x.json")
        assert pilot.app.screen is screen
        assert "a fault in vnet-tui: ZeroDivisionError" in said(screen)


async def test_the_rehearsal_is_readable_in_ascii_without_colour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    app = VnetTuiApp(path, looks=in_force(None, {}, ascii_only=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await begin(pilot, source(tmp_path, *AZURE))
        before = lines(app.screen)
        assert before.isascii()
        await to(pilot, item("vnets", "web"))
        await press(pilot, "space")
        after = lines(app.screen)
        assert after.isascii()
        (marked,) = [line for line in before.splitlines() if line[2:].startswith("  > web")]
        (unmarked,) = [line for line in after.splitlines() if line[2:].startswith("  > web")]
        assert marked[1] != unmarked[1], "whether a thing is taken is told without colour"


async def test_the_gravest_findings_are_named_first(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        small = vnet("web", "10.4.0.0/24", subnets=[{"name": "GatewaySubnet", "addressPrefix": "10.4.0.0/29"}])
        far = vnet("db", "10.5.0.0/24", subnets=[{"name": "far", "addressPrefix": "172.16.0.0/24"}])
        await begin(pilot, source(tmp_path, small, far, {**vnet("odd", "10.6.0.0/24"), "location": "nowhere"}))
        screen = pilot.app.screen
        assert isinstance(screen, ImportScreen)
        named = [row.cells[0].text.split()[0] for row in screen.list.rows if is_finding(row.key)]
        ranks = ["error", "warning", "info"]
        assert len(set(named)) > 1
        assert named == sorted(named, key=ranks.index)


def is_finding(key: Any) -> bool:
    """Whether it is the key of a finding's line."""
    return isinstance(key, tuple) and key[:1] == ("finding",)


async def test_an_empty_question_says_how_names_are_written(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        for key in ("I", "K"):
            await press(pilot, key)
            assert "Tab completes; several, 'a b" in lines(screen)
            await press(pilot, "escape", "slash")
            assert "Tab completes" not in lines(screen)
            await press(pilot, "escape")


async def test_a_filter_shows_what_holds_it_and_escape_shows_all_again(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=(80, 24)) as (pilot, screen, _):
        many = [vnet(f"v{number}", f"10.{number}.0.0/24") for number in range(20, 60)]
        rehearsal = await begin(pilot, source(tmp_path, *many))
        await press(pilot, "slash")
        await enter(pilot, "v3")
        shown = [row.key for row in rehearsal.list.rows if not row.group]
        assert shown == [item("vnets", f"v{number}") for number in range(30, 40)]
        await press(pilot, "enter")
        assert "only what holds v3; Escape shows all again, n and N go through it" in words(pilot)
        await to(pilot, ("group", "new vnets"))
        await press(pilot, "space")
        assert "new VNets (30 of 40)" in lines(rehearsal), "of a group, what is shown is left out"
        await press(pilot, "escape")
        assert is_rehearsing(pilot)
        assert rehearsal.wanted == ""
        await press(pilot, "enter")
        assert not is_rehearsing(pilot)
        assert len([name for name in screen.store.topology.vnets if name.startswith("v")]) == 30


async def test_the_matches_of_a_filter_are_gone_through_in_both_directions(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        rehearsal = await begin(pilot, source(tmp_path, vnet("aa", "10.20.0.0/24"), vnet("ab", "10.21.0.0/24")))
        await press(pilot, "n")
        assert "filter for something first (/)" in words(pilot)
        await press(pilot, "slash")
        await enter(pilot, "10.2")
        await press(pilot, "enter", "escape", "home", "n")
        first = rehearsal.list.cursor_key
        await press(pilot, "n")
        assert (first, rehearsal.list.cursor_key) == (item("vnets", "aa"), item("vnets", "ab"))
        await press(pilot, "N")
        assert rehearsal.list.cursor_key == first
        await press(pilot, "slash")
        await enter(pilot, "zzz")
        assert "nothing here holds zzz" in words(pilot)
        await press(pilot, "escape", "escape")
        assert not is_rehearsing(pilot)


async def test_a_new_thing_unfolds_and_folds_again(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        screen = await begin(pilot, source(tmp_path, *AZURE))
        await to(pilot, item("vnets", "web"))
        await press(pilot, "right")
        assert "address_space: [10.4.0.0/24]" in lines(pilot.app.screen)
        await press(pilot, "down", "left")
        fields = [row for row in screen.list.rows if row.cells[0].text.startswith("      ")]
        assert len(fields) == 1, "those of what changes stay"
        seen: list[object] = [screen.list.cursor_key]
        await press(pilot, "left")
        seen.append(screen.list.cursor_key)
        assert seen == [item("vnets", "web"), ("group", "new vnets")]


async def test_ctrl_q_leaves_a_filtered_rehearsal_at_once(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        await begin(pilot, source(tmp_path, *AZURE))
        await press(pilot, "slash")
        await enter(pilot, "web")
        await press(pilot, "enter", "ctrl+q")
        assert not is_rehearsing(pilot)
