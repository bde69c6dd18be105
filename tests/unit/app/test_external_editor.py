"""The person's own editor: which one is run, the file that it gets, and whatever comes back."""

from __future__ import annotations

import os
import shlex
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.app import App

from tui.app.external_editor import (
    EditorError,
    EditorSession,
    edit_in_place,
    edit_text,
    editor_command,
    run_in_terminal,
)
from tui.errors import EditError, VnetTuiError
from tui.storage.files import MAX_BYTES
from tui.storage.load import parse

TEXT = "# Save and leave.\n\n[vnets.app]\nregion = 5\n"


def program(folder: Path, name: str, script: str = "exit 0") -> Path:
    """An editor that is a shell script; `$1` is the file."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def where(folder: Path, script: str) -> dict[str, str]:
    """An environment whose editor is a script, with a folder for its files."""
    (folder / "tmp").mkdir(exist_ok=True)
    editor = program(folder, "editor", script)
    return {"EDITOR": shlex.quote(str(editor)), "PATH": os.environ["PATH"], "TMPDIR": str(folder / "tmp")}


def left(folder: Path) -> list[Path]:
    """The files that were not removed."""
    return [path for path in (folder / "tmp").rglob("*") if path.is_file()]


def edited(folder: Path, script: str, text: str = TEXT) -> str | None:
    """What comes back from one run of a script as the editor."""
    return edit_text(text, name="vnets.app", command=None, environ=where(folder, script))


# Which editor


def test_the_settings_come_before_visual_before_editor_before_what_is_there(tmp_path: Path) -> None:
    for name in ("visual", "editor", "setting", "nano"):
        program(tmp_path, name)
    environ = {"VISUAL": "visual -a 'b c'", "EDITOR": "editor", "PATH": str(tmp_path)}
    assert editor_command("setting -x", environ) == [str(tmp_path / "setting"), "-x"]
    assert editor_command(None, environ) == [str(tmp_path / "visual"), "-a", "b c"]
    assert editor_command(None, {**environ, "VISUAL": " "}) == [str(tmp_path / "editor")]
    assert editor_command(None, {"PATH": str(tmp_path)}) == [str(tmp_path / "nano")]
    program(tmp_path, "vi")
    assert editor_command("", {"PATH": str(tmp_path)}) == [str(tmp_path / "vi")]


@pytest.mark.parametrize(
    ("environ", "command", "said"),
    [
        ({"VISUAL": "nosuch -w", "EDITOR": "vi"}, None, "$VISUAL is nosuch -w, and there is no program nosuch"),
        ({"EDITOR": "vi 'x"}, None, "$EDITOR is vi 'x"),
        ({"EDITOR": "''"}, None, "there is no program"),
        ({}, "nosuch", "the editor in the settings is nosuch"),
        ({}, None, "there is no editor"),
        ({"EDITOR": "code -n"}, None, "does not wait"),
    ],
)
def test_an_editor_that_cannot_be_run_is_said_with_what_to_set(
    tmp_path: Path, environ: Mapping[str, str], command: str | None, said: str
) -> None:
    program(tmp_path, "code")
    with pytest.raises(EditorError) as caught:
        editor_command(command, {**environ, "PATH": str(tmp_path)})
    assert said in caught.value.message
    assert caught.value.hint


def test_a_window_that_is_told_to_wait_is_an_editor_like_others(tmp_path: Path) -> None:
    program(tmp_path, "code")
    assert editor_command("code --wait", {"PATH": str(tmp_path)})[1:] == ["--wait"]


def test_a_program_that_does_not_start_is_said(tmp_path: Path) -> None:
    environ = where(tmp_path, "")
    (tmp_path / "editor").write_text("#!/no/such/interpreter\n")
    with pytest.raises(EditorError, match="cannot be run"):
        edit_text(TEXT, name="x", command=None, environ=environ)
    assert left(tmp_path) == []


# The file


def test_the_file_is_the_persons_alone_and_gone_afterwards(tmp_path: Path) -> None:
    script = (
        f'stat -c "%a" "$1" "$(dirname "$1")" > {tmp_path}/modes; echo "$1" > {tmp_path}/name; cp "$1" {tmp_path}/was'
    )
    before = os.umask(0)
    try:
        assert edited(tmp_path, script) is None
    finally:
        os.umask(before)
    assert (tmp_path / "modes").read_text().split() == ["600", "700"]
    assert (tmp_path / "name").read_text().endswith("/vnets.app.toml\n")
    assert (tmp_path / "was").read_text() == TEXT
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("name", ['vnets."../../etc/passwd"', "", "\x1b]0;x\x07", "-rf", "x" * 400, "日本"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with EditorSession(TEXT, name=name, command=None, environ=where(tmp_path, "")) as session:
        assert session.path.parent.parent == tmp_path / "tmp"
        assert session.path.name.isascii()
        assert session.path.name.isprintable()
        assert session.path.suffix == ".toml"
        assert not session.path.name.startswith("-")


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(EditorError, match="no file for the editor"):
        edit_text(TEXT, name="x", command=None, environ=where(tmp_path, "") | {"TMPDIR": str(tmp_path / "none")})


# What comes back


def test_what_was_typed_comes_back(tmp_path: Path) -> None:
    assert edited(tmp_path, 'printf "\\303\\244\\r\\n" >> "$1"') == TEXT + "ä\r\n"
    assert left(tmp_path) == []


def test_an_editor_that_replaces_the_file_is_as_good(tmp_path: Path) -> None:
    assert edited(tmp_path, 'cp "$1" "$1.2"; echo x=1 >> "$1.2"; mv "$1.2" "$1"') == TEXT + "x=1\n"


@pytest.mark.parametrize(
    ("end", "said"), [("exit 3", "ended with status 3"), ("kill -15 $$", "was ended by signal 15")]
)
def test_the_file_counts_and_not_how_the_editor_ended(tmp_path: Path, end: str, said: str) -> None:
    for change, expected in (('echo x=1 >> "$1"', TEXT + "x=1\n"), ("true", None)):
        environ = where(tmp_path, f"{change}; {end}")
        with EditorSession(TEXT, name="x", command=None, environ=environ) as session:
            assert session.edit() == expected
            assert said in session.note
            assert ("what it had saved counts" in session.note) == (expected is not None)


def test_what_an_editor_that_crashed_left_beside_the_file_stays(tmp_path: Path) -> None:
    environ = where(tmp_path, 'echo typed > "$(dirname "$1")/.x.swp"; kill -9 $$')
    with EditorSession(TEXT, name="x", command=None, environ=environ) as session:
        assert session.edit() is None
        assert str(session.path.parent) in session.note
    assert (session.path.parent / ".x.swp").read_text() == "typed\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('rm "$1"', "the editor removed the file"),
        (': > "$1"', "the text came back empty"),
        ('printf "\\n \\n" > "$1"', "the text came back empty"),
    ],
)
def test_a_file_that_is_gone_or_empty_deletes_nothing(tmp_path: Path, script: str, said: str) -> None:
    with pytest.raises(EditorError, match=said) as caught:
        edited(tmp_path, script)
    assert "nothing was changed" in caught.value.hint
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('printf "x = \\377\\n" >> "$1"', "not UTF-8"),
        ('printf "x\\000" >> "$1"', "binary"),
        (f'truncate -s {MAX_BYTES + 1} "$1"', "larger than"),
        ('truncate -s 1G "$1"', "larger than"),
        ('rm "$1"; mkdir "$1"; echo x > "$1/typed"', "it is a folder"),
        ('echo typed > "$1.2"; rm "$1"; mkfifo "$1"', "named pipe"),
    ],
)
def test_a_text_that_cannot_be_used_stays_and_it_is_said_where(tmp_path: Path, script: str, said: str) -> None:
    with pytest.raises(EditorError, match=said) as caught:
        edited(tmp_path, script)
    path = Path(caught.value.hint.rpartition(" ")[2])
    assert os.path.lexists(path)
    assert path.suffix == ".toml"


_UNREADABLE = """
import os, sys
from tui.app.external_editor import EditorError, edit_text
import tui.storage.files
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)  # root may read every file
environ = {"EDITOR": "chmod 0", "PATH": os.environ["PATH"], "TMPDIR": sys.argv[1]}
try:
    edit_text("x = 1", name="x", command=None, environ=environ)
except EditorError as error:
    print(error.message, error.hint)
"""


def test_a_file_that_was_made_unreadable_stays_and_it_is_said_where() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        done = subprocess.run([sys.executable, "-c", _UNREADABLE, folder], capture_output=True, text=True, check=True)
        assert "permission denied" in done.stdout
        assert os.path.lexists(done.stdout.split()[-1])


# Again


def wrong(text: str) -> VnetTuiError:
    """Why a text is no topology."""
    with pytest.raises(VnetTuiError) as caught:
        parse(text, "x")
    return caught.value


def test_problems_stand_above_what_was_typed_by_the_line_that_one_sees(tmp_path: Path) -> None:
    environ = where(tmp_path, f'cp "$1" {tmp_path}/seen; echo "# more" >> "$1"')
    typed = "schema = 1\n[vnets.app]\nregion = 5\n"
    with EditorSession(typed, name="x", command=None, environ=environ) as session:
        first = session.edit()
        assert first == typed + "# more\n"
        session.refuse(wrong(first))
        assert session.edit() == typed + "# more\n# more\n"
    shown = (tmp_path / "seen").read_text()
    head = shown.splitlines()[0]
    assert "vnets.app.region is 5; allowed is text in quotes" in head
    number = int(head.split("line ")[1].split(":")[0])
    assert shown.splitlines()[number - 1] == "region = 5"
    assert shown.endswith(first)
    assert left(tmp_path) == []


def test_complaints_go_by_themselves_touched_or_not_and_the_persons_own_comments_stay(tmp_path: Path) -> None:
    own = "# vnet-tui: our own plan\n# and more\nschema = 1\n"
    environ = where(tmp_path, 'sed -i -e "1s/$/ really?/" -e "s/schema = 1/schema = 2/" "$1"')
    with EditorSession(own, name="x", command=None, environ=environ) as session:
        first = session.edit()
        assert first is not None
        session.refuse(EditError("it is so", "do this"))
        assert "# vnet-tui: it is so; do this\n" in session.path.read_text()
        again = session.edit()
        assert again == first
        session.refuse(EditError("it is so", "do this"))
        session.refuse(EditError("something else"))
        assert "it is so" not in session.path.read_text()


def test_a_complaint_is_one_line_of_plain_text(tmp_path: Path) -> None:
    with EditorSession(TEXT, name="x", command=None, environ=where(tmp_path, 'echo x=1 >> "$1"')) as session:
        session.edit()
        session.refuse(EditError("a\n[b]\x1b[31m\u202e"))
        lines = session.path.read_text().splitlines()
    assert lines[0] == "# vnet-tui: a\\x0a[b]\\x1b[31m\\u202e"
    assert lines[2] == TEXT.splitlines()[0]


def test_leaving_the_second_time_without_a_word_gives_the_same_text_and_undoing_it_all_gives_none(
    tmp_path: Path,
) -> None:
    flag = tmp_path / "undo"
    environ = where(
        tmp_path, f'if [ -e {flag} ]; then sed -i "/^x=1/d" "$1"; else grep -q x=1 "$1" || echo x=1 >> "$1"; fi'
    )
    with EditorSession(TEXT, name="x", command=None, environ=environ) as session:
        first = session.edit()
        session.refuse(EditError("no"))
        assert session.edit() == first
        flag.touch()
        assert session.edit() is None


def test_a_text_that_is_kept_stays_and_it_is_said_where(tmp_path: Path) -> None:
    with EditorSession(TEXT, name="x", command=None, environ=where(tmp_path, 'echo x=1 >> "$1"')) as session:
        session.edit()
        said = session.keep()
    assert left(tmp_path) == [session.path]
    assert str(session.path) in said
    assert stat.S_IMODE(session.path.stat().st_mode) == 0o600


def test_a_crash_of_this_program_leaves_what_was_typed(tmp_path: Path) -> None:
    def crash() -> None:
        with EditorSession(TEXT, name="x", command=None, environ=where(tmp_path, 'echo x=1 >> "$1"')) as session:
            session.edit()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert [path.read_text() for path in left(tmp_path)] == [TEXT + "x=1\n"]


def test_an_unusable_text_can_be_put_right_in_place(tmp_path: Path) -> None:
    environ = where(tmp_path, 'if grep -qa GOOD "$1"; then echo GOOD > "$1"; else printf "GOOD \\377" >> "$1"; fi')
    with EditorSession(TEXT, name="x", command=None, environ=environ) as session:
        with pytest.raises(EditorError):
            session.edit()
        assert session.edit() == "GOOD\n"
    assert left(tmp_path) == []


# Signals and the terminal


def test_ctrl_c_is_the_editors_alone(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    script = f"import os, signal; os.kill({os.getpid()}, signal.SIGINT); print(signal.getsignal(signal.SIGINT))"
    environ = where(
        tmp_path, f'{shlex.quote(sys.executable)} -c {shlex.quote(script)} > {tmp_path}/handler; echo x=1 >> "$1"'
    )
    assert edit_text(TEXT, name="x", command=None, environ=environ) == TEXT + "x=1\n"
    assert "default_int_handler" in (tmp_path / "handler").read_text()
    assert signal.getsignal(signal.SIGINT) is before


async def test_a_terminal_that_cannot_be_given_away_is_said() -> None:
    app: App[None] = App()
    async with app.run_test():
        with pytest.raises(EditorError, match="terminal"):
            run_in_terminal(app, lambda: None)


# A file in its place


def test_a_file_is_opened_at_its_line_by_an_editor_that_knows_how(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(TEXT)
    for name, expected in (("vim", f"+4 {path}"), ("ed-it", str(path))):
        environ = {"EDITOR": str(program(tmp_path, name, f'echo "$@" > {tmp_path}/seen')), "PATH": os.environ["PATH"]}
        assert edit_in_place(path, 4, command=None, environ=environ) == ""
        assert (tmp_path / "seen").read_text() == f"{expected}\n"


def test_a_name_that_begins_with_a_hyphen_is_no_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        edit_in_place(Path("-x.toml"), None, command=None, environ=where(tmp_path, f'echo "$1" > {tmp_path}/seen'))
        == ""
    )
    assert (tmp_path / "seen").read_text() == f"{tmp_path}/-x.toml\n"


def test_an_editor_that_fails_on_a_file_in_its_place_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    assert edit_in_place(path, None, command=None, environ=where(tmp_path, "exit 3")) == "editor ended with status 3"
    assert (
        edit_in_place(path, None, command=None, environ=where(tmp_path, "kill -9 $$")) == "editor was ended by signal 9"
    )
    broken = program(tmp_path, "broken")
    broken.write_bytes(b"\x7fELF and nothing more")
    with pytest.raises(EditorError, match="cannot be run"):
        edit_in_place(path, None, command=str(broken), environ={})
