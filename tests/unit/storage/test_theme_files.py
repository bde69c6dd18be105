"""Theme files: what is a theme, what is wrong with a file that is none, and who wins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.display import displayable
from tui.paths import shipped
from tui.storage.problems import Problem
from tui.storage.theme_files import ROLES, RoleStyle, ThemeFile, find_themes, read_theme

DARK = (shipped("themes") / "dark.toml").read_text()
TERMINAL = (shipped("themes") / "terminal.toml").read_text()
SHIPPED = {"colour-blind-safe", "dark", "high-contrast", "light", "mono", "terminal"}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the person's own themes, empty."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "vnet-tui" / "themes"
    folder.mkdir(parents=True)
    return folder


def read(tmp_path: Path, text: str | bytes, name: str = "mine") -> tuple[ThemeFile | None, list[Problem]]:
    path = tmp_path / f"{name}.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    theme, problems = read_theme(path)
    assert all(problem.path == path for problem in problems)
    for problem in problems:
        assert str(problem).startswith(displayable(str(path)))
        assert str(problem) == displayable(str(problem))
    return theme, [problem.problem for problem in problems]


def only(found: tuple[ThemeFile | None, list[Problem]]) -> Problem:
    theme, problems = found
    assert theme is None
    assert len(problems) == 1, problems
    return problems[0]


def test_shipped_themes_are_found_and_flawless(own: Path) -> None:
    themes, problems = find_themes()
    assert problems == ()
    assert {theme.name for theme in themes} >= SHIPPED
    assert [theme.name for theme in themes] == sorted(theme.name for theme in themes)
    assert all(theme.is_shipped and not theme.replaces_shipped and theme.description for theme in themes)


def test_every_toml_file_that_ships_is_a_theme(own: Path) -> None:
    assert {theme.path for theme in find_themes()[0]} == set(shipped("themes").glob("*.toml"))


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    theme, problems = read(tmp_path, 'author = "Ada"\nboost = "#ABCDEF"\n' + DARK)
    assert problems == []
    assert theme is not None
    assert (theme.name, theme.author, theme.dark, theme.ansi) == ("mine", "Ada", True, False)
    assert theme.colours["boost"] == "#abcdef"
    assert tuple(theme.status) == ROLES
    assert theme.status["selected"] == RoleStyle(("bold",), "#121212", "#87d7ff")
    assert str(theme.status["selected"]) == "bold #121212 on #87d7ff"


@pytest.mark.parametrize("text", [DARK, "\ufeff" + DARK, DARK.replace("\n", "\r\n")])
def test_byte_order_mark_and_line_ends_do_no_harm(tmp_path: Path, text: str) -> None:
    theme, problems = read(tmp_path, text)
    assert (theme is not None, problems) == (True, [])


@pytest.mark.parametrize(
    ("written", "style"),
    [
        ("#ABCDEF", RoleStyle((), "#abcdef", None)),
        ("bold", RoleStyle(("bold",), None, None)),
        ("bold reverse", RoleStyle(("bold", "reverse"), None, None)),
        ("  dim   italic #010203 ", RoleStyle(("dim", "italic"), "#010203", None)),
        ("on #010203", RoleStyle((), None, "#010203")),
        ("strike underline on #010203", RoleStyle(("strike", "underline"), None, "#010203")),
    ],
)
def test_ways_to_write_a_role(tmp_path: Path, written: str, style: RoleStyle) -> None:
    theme, problems = read(tmp_path, DARK.replace('muted = "#a8a8a8"', f'muted = "{written}"'))
    assert problems == []
    assert theme is not None
    assert theme.status["muted"] == style


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ('""', None),
        ('" "', None),
        ('"blod #010203"', "bold"),
        ('"#010203 bold"', "bold"),
        ('"#010203 on"', "on"),
        ('"on"', "on"),
        ('"#010203 #040506"', None),
        ('"#010203 on #040506 on #070809"', "on"),
        ('"#123"', None),
        ('"#01020304"', None),
        ('"red"', None),
        ('"ansi_red"', None),
        ('"bold #01020g"', None),
        ('"[@click=app.quit]x[/]"', None),
        ("7", None),
        ("true", None),
        ('["bold"]', None),
        ('{ colour = "#010203" }', None),
    ],
)
def test_a_role_that_makes_no_sense(tmp_path: Path, written: str, near: str | None) -> None:
    problem = only(read(tmp_path, DARK.replace('muted = "#a8a8a8"', f"muted = {written}")))
    assert (problem.key, problem.nearest) == ("status.muted", near)
    assert problem.line == DARK.split("\n").index('muted = "#a8a8a8"') + 1
    assert "#rrggbb" in problem.allowed
    assert problem.found in problem.message


@pytest.mark.parametrize("written", ['"#12345"', '"#1234567"', '"blue"', '"ansi_blue"', "0", "false", "[]", "{}", '""'])
def test_a_colour_that_is_none(tmp_path: Path, written: str) -> None:
    problem = only(read(tmp_path, DARK.replace('primary    = "#5fafff"', f"primary = {written}")))
    assert (problem.key, problem.allowed) == ("primary", "#rrggbb")


def test_an_ansi_theme_takes_the_terminals_colours_only(tmp_path: Path) -> None:
    problem = only(read(tmp_path, TERMINAL.replace('secondary  = "ansi_cyan"', 'secondary = "#00ffff"')))
    assert problem.found == '"#00ffff"'
    assert problem.allowed.startswith("ansi_default, ")
    problem = only(read(tmp_path, TERMINAL.replace('secondary  = "ansi_cyan"', 'secondary = "ansi_cyam"')))
    assert problem.nearest == "ansi_cyan"
    problem = only(read(tmp_path, TERMINAL.replace('"italic ansi_cyan"', '"italic ansi_brigt_cyan"')))
    assert (problem.key, problem.nearest) == ("status.planned", "ansi_bright_cyan")


@pytest.mark.parametrize("line", [line for line in DARK.split("\n") if " = " in line and "description" not in line])
def test_each_missing_key_is_named(tmp_path: Path, line: str) -> None:
    position = DARK.index("[status]")
    key = line.split("=")[0].strip()
    problem = only(read(tmp_path, DARK.replace(line + "\n", "", 1)))
    path = f"status.{key}" if DARK.index(line) > position else key
    assert (problem.key, problem.found) == (path, "")
    assert problem.message == f"the theme lacks the key {path}"


def test_a_missing_table_is_one_problem_that_names_its_keys(tmp_path: Path) -> None:
    problem = only(read(tmp_path, DARK[: DARK.index("[status]")]))
    assert problem.key == "status"
    assert all(role in problem.allowed for role in ROLES)
    problem = only(read(tmp_path, DARK[: DARK.index("[status]")] + 'status = "bold"\n'))
    assert (problem.key, problem.found, problem.allowed) == ("status", '"bold"', "a table")


def test_an_unknown_key_is_reported_and_does_no_harm(tmp_path: Path) -> None:
    theme, problems = read(tmp_path, 'backgruond = "#000000"\n' + DARK + 'eror = "bold"\n"wörd\\u001b" = 1\n')
    assert theme is not None
    assert [(problem.key, problem.nearest) for problem in problems] == [
        ("backgruond", "background"),
        ("status.eror", "error"),
        ('status."wörd\\u001b"', None),
    ]
    assert problems[0].line == 1
    assert problems[0].message == "no theme has a key backgruond; did you mean background?"


def test_all_problems_of_a_file_come_at_once_in_its_order(tmp_path: Path) -> None:
    text = DARK.replace("dark = true", 'dark = "yes"').replace('accent     = "#ffaf5f"', "accent = 3")
    text = text.replace("description = ", "description = 3 #") + "ansi = 1\n"
    theme, problems = read(tmp_path, 'ansi = "no"\nauthor = []\n' + text)
    assert theme is None
    assert [problem.key for problem in problems] == ["ansi", "author", "description", "dark", "accent", "status.ansi"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "lacks"),
        (b"dark = ", "TOML"),
        (b"dark = true\ndark = true\n", "TOML"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xe9", "UTF-8"),
        (b"a\0b", "binary"),
        (b"#" * 70_000, "64 KiB"),
        (b"a = " + b"[" * 5000, "deep"),
        (b"a" + b".a" * 5000 + b" = 1", "deep"),
        (b'primary = "\\u001b]0;x\\u0007\\u202e"', "\\x1b]0;x\\x07\\u202e"),
        (b'"\\u001b[31m" = 1', "\\u001b[31m"),
        (b'"\\u0000" = 1', "\\u0000"),
        (b"[[status]]\nerror = 1\n", "a table"),
        (b"primary = 1979-05-27T07:32:00Z\n", "1979-05-27"),
        (b"primary = nan\n", "nan"),
    ],
)
def test_hostile_files_are_problems(tmp_path: Path, text: bytes, said: str) -> None:
    theme, problems = read(tmp_path, text)
    assert theme is None
    assert any(said in problem.message for problem in problems), problems


@given(st.text(alphabet=st.sampled_from("#0aZ-_. on[]\x1b\u202ebold\\\"'\n="), max_size=40))
def test_no_text_of_a_role_raises(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    written = "".join(f"\\u{ord(character):04x}" for character in text)
    theme, problems = read(tmp_path_factory.mktemp("themes"), DARK.replace('muted = "#a8a8a8"', f'muted = "{written}"'))
    assert (theme is None) == bool(problems)


@pytest.mark.parametrize("name", ["My theme", "ä", "-x", "x" * 41, "a.b", "\x1b[31m"])
def test_a_name_is_small_letters_digits_and_dashes(tmp_path: Path, name: str) -> None:
    problem = only(read(tmp_path, DARK, name))
    assert displayable(name) in problem.message


def test_a_theme_of_a_shipped_name_wins_and_says_so(own: Path) -> None:
    (own / "dark.toml").write_text(DARK.replace("Light text", "My text"))
    (own / "dusk.toml").write_text(DARK)
    themes = {theme.name: theme for theme in find_themes()[0]}
    assert set(themes) >= {*SHIPPED, "dusk"}
    assert themes["dark"].path == own / "dark.toml"
    assert themes["dark"].description.startswith("My text")
    assert (themes["dark"].is_shipped, themes["dark"].replaces_shipped) == (False, True)
    assert (themes["dusk"].is_shipped, themes["dusk"].replaces_shipped) == (False, False)
    assert (themes["light"].is_shipped, themes["light"].replaces_shipped) == (True, False)


def test_a_broken_theme_of_a_shipped_name_leaves_the_shipped_one(own: Path) -> None:
    (own / "dark.toml").write_text("dark = true\n")
    themes, problems = find_themes()
    assert {theme.name: theme.is_shipped for theme in themes}["dark"]
    assert {problem.path for problem in problems} == {own / "dark.toml"}


def test_what_is_no_file_is_a_problem_and_waits_for_nothing(own: Path) -> None:
    (own / "folder.toml").mkdir()
    os.mkfifo(own / "pipe.toml")
    (own / "gone.toml").symlink_to("nowhere")
    (own / ".hidden.toml").write_text("x")
    (own / "notes.txt").write_text("x")
    themes, problems = find_themes()
    assert {theme.name for theme in themes} >= SHIPPED
    assert [problem.path.name for problem in problems] == ["folder.toml", "gone.toml", "pipe.toml"]


def test_a_theme_folder_that_is_a_file_is_a_problem(own: Path) -> None:
    own.rmdir()
    own.write_text("")
    problems = find_themes()[1]
    assert [problem.path for problem in problems] == [own]
    assert "Not a directory" in str(problems[0])


def test_without_folder_or_home_there_are_the_shipped_ones(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own.rmdir()
    assert {theme.name for theme in find_themes()[0]} >= SHIPPED
    monkeypatch.setenv("XDG_CONFIG_HOME", "")
    monkeypatch.setenv("HOME", "relative")
    themes, problems = find_themes()
    assert {theme.name for theme in themes} >= SHIPPED
    assert problems == ()
