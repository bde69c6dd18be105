"""The clipboard: what is sent to the terminal, whatever lies between it and the person."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.ui.test_row_list_bytes import HOSTILE
from tui.app.clipboard import MOST_BYTES, ClipboardError, copy
from tui.storage.load import plain

_OSC = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def sent(text: str, environ: Mapping[str, str] | None = None) -> tuple[str, str]:
    """What the status line says, and what the terminal was sent."""
    written: list[str] = []
    said = copy(text, {"TERM": "xterm-256color", **(environ or {})}, written.append)
    return said, "".join(written)


def arrived(sequence: str) -> str:
    """What a terminal takes from an OSC 52 sequence, which must be all that is sent."""
    match = _OSC.fullmatch(sequence)
    assert match is not None
    return base64.b64decode(match[1], validate=True).decode()


def stand_in(folder: Path, script: str) -> dict[str, str]:
    """An environment inside tmux, where `tmux` is a script."""
    program = folder / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"TMUX": "/nowhere/default,1,0", "PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.mark.parametrize("text", ["10.65.0.0/20", '[vnets.a]\nnote = "ä 日本"\n', "x" * 50_000])
def test_a_text_arrives_as_it_is_in_one_sequence(text: str) -> None:
    assert arrived(sent(text)[1]) == text


def test_the_status_line_says_sent_for_nothing_confirms_it() -> None:
    assert sent("10.65.0.0/20")[0] == "copied 10.65.0.0/20; sent to the terminal's clipboard"
    assert sent("[vnets.a]\nx = 1\ny = 2\n")[0].startswith("copied [vnets.a] and 2 more lines; ")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_names_are_copied_displayable(text: str) -> None:
    said, sequence = sent(f"a{text}b")
    for shown in (said, *arrived(sequence).split("\n")):
        assert all(character.isprintable() for character in shown)


def test_toml_that_was_copied_says_the_same() -> None:
    assert plain(arrived(sent('note = "a\u202eb\u200bc"\n')[1]), "x") == {"note": "a\u202eb\u200bc"}


def test_inside_tmux_the_text_goes_through_tmux(tmp_path: Path) -> None:
    said, sequence = sent("10.0.0.0/8", stand_in(tmp_path, f'echo "$@" > {tmp_path}/how; cat > {tmp_path}/got'))
    assert (tmp_path / "got").read_text() == "10.0.0.0/8"
    assert (tmp_path / "how").read_text() == "load-buffer -w -\n"
    assert sequence == ""
    assert "tmux" in said


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$"])
def test_where_tmux_does_not_take_it_it_goes_past_tmux(tmp_path: Path, script: str) -> None:
    said, sequence = sent("10.0.0.0/8", stand_in(tmp_path, script))
    assert sequence.startswith("\x1bPtmux;")
    assert sequence.endswith("\x1b\\")
    inner = sequence.removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert inner.count("\x1b") == 2 * inner.count("\x1b\x1b")
    assert arrived(inner.replace("\x1b\x1b", "\x1b")) == "10.0.0.0/8"
    assert "tmux" not in said


def test_a_tmux_that_is_not_there_or_hangs_keeps_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.app.clipboard._TMUX_SECONDS", 0.05)
    assert sent("x", stand_in(tmp_path, "exec sleep 60"))[1].startswith("\x1bPtmux;")
    assert sent("x", {"TMUX": "y", "PATH": str(tmp_path / "empty")})[1].startswith("\x1bPtmux;")


@pytest.mark.parametrize("length", [1, 100, 186, 187, 188, 5_000])
def test_screen_gets_strings_that_it_can_hold(length: int) -> None:
    _, sequence = sent("x" * length, {"STY": "1.pts-0", "TERM": "screen"})
    strings = re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.DOTALL)
    assert "".join(f"\x1bP{string}\x1b\\" for string in strings) == sequence
    assert all(len(string) + 4 <= 256 for string in strings)
    assert arrived("".join(strings)) == "x" * length


def test_the_largest_text_is_sent_and_one_more_byte_is_refused_not_cut() -> None:
    most = MOST_BYTES * 3 // 4
    assert len(arrived(sent("x" * most)[1])) == most
    with pytest.raises(ClipboardError, match="too much"):
        sent("x" * (most + 1))


@pytest.mark.parametrize(("text", "term"), [("", "xterm"), (" \n", "xterm"), ("x", "linux"), ("x", "dumb")])
def test_what_cannot_be_copied_sends_nothing(text: str, term: str) -> None:
    written: list[str] = []
    with pytest.raises(ClipboardError):
        copy(text, {"TERM": term}, written.append)
    assert written == []
