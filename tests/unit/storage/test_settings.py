"""The settings: what a file may say, what is made of a bad one, and who wins."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tui.display import displayable
from tui.storage.in_force import InForce, MouseMode, Origin, in_force, settings_file, unknown_theme
from tui.storage.settings import Settings, as_toml, known_settings, read_settings

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "settings.md"


def read(folder: Path, text: str | bytes) -> tuple[Settings, list[str]]:
    """The settings that a file with `text` gives, and its problems without the path before them."""
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    settings, problems = read_settings(path)
    return settings, [problem.replace(f"{path}", "config.toml") for problem in problems]


# What a file may say.


def test_a_person_without_a_file_has_the_defaults_and_no_problem(tmp_path: Path) -> None:
    for path in (tmp_path / "config.toml", tmp_path / "no folder" / "config.toml"):
        assert read_settings(path) == (Settings(), ())


def test_ones_own_file_is_in_the_configuration_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "vnet-tui" / "config.toml"
    path.parent.mkdir()
    path.write_text('theme = "light"')
    assert settings_file() == path
    assert read_settings()[0].theme == "light"


def test_a_person_without_a_home_has_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", "nowhere")
    assert settings_file() is None
    assert read_settings() == (Settings(), ())


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    settings, problems = read(
        tmp_path,
        """\
        theme = "light"
        mouse = "clicks"
        ascii = true
        editor = "code --wait"
        [keys]
        save = ["ctrl+s", "f2"]
        undo = "ctrl+z"
        fix = []
        """,
    )
    assert problems == []
    assert (settings.theme, settings.mouse, settings.ascii) == ("light", "clicks", True)
    assert settings.editor == "code --wait"
    assert dict(settings.keys) == {"save": ("ctrl+s", "f2"), "undo": ("ctrl+z",), "fix": ()}
    assert settings.model_fields_set == {setting.key for setting in known_settings()}


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings, _ = read(tmp_path, 'theme = "light"\n[keys]\nsave = "f2"')
    with pytest.raises(ValueError, match="frozen"):
        settings.theme = "dark"  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.keys["save"] = ()  # type: ignore[index]


def test_the_place_of_each_key_is_known(tmp_path: Path) -> None:
    settings, _ = read(tmp_path, 'ascii = true\n[keys]\nsave = "f2"\n\n  undo = "U"\n')
    path = tmp_path / "config.toml"
    assert dict(settings.places) == {"save": f"{path}:3:1", "undo": f"{path}:5:3"}


# What is made of a bad one.


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("theme = 3", 'config.toml:1:1: theme is 3; allowed is the name of a theme in quotes, or "auto"'),
        ('theme = ""', 'config.toml:1:1: theme is ""; allowed is the name of a theme in quotes, or "auto"'),
        (
            '\nmouse = "click"',
            'config.toml:2:1: mouse is "click"; allowed is "auto", "off", "clicks" or "full"; did you mean "clicks"?',
        ),
        ("mouse = true", 'config.toml:1:1: mouse is true; allowed is "auto", "off", "clicks" or "full"'),
        ("ascii = 1", "config.toml:1:1: ascii is 1; allowed is true or false"),
        ('ascii = "yes"', 'config.toml:1:1: ascii is "yes"; allowed is true or false'),
        (
            'editor = "vi \'x"',
            """config.toml:1:1: editor is "vi 'x"; allowed is a command in quotes, """
            """such as "nano" or "code --wait", or "auto\"""",
        ),
        (
            'editor = " "',
            """config.toml:1:1: editor is " "; allowed is a command in quotes, """
            """such as "nano" or "code --wait", or "auto\"""",
        ),
        (
            "keys = 5",
            "config.toml:1:1: keys is 5; allowed is a table of command ids, each with a key in quotes "
            "or a list of keys",
        ),
        (
            "[[keys]]",
            "config.toml:1:1: keys is a list; allowed is a table of command ids, each with a key in quotes "
            "or a list of keys",
        ),
        (
            "[keys]\nsave = 5",
            'config.toml:2:1: keys.save is 5; allowed is a key in quotes, such as "ctrl+s", or a list of keys',
        ),
        (
            '[keys]\nsave = ["a", 5, 6]',
            'config.toml:2:1: keys.save is a list; allowed is a key in quotes, such as "ctrl+s", or a list of keys',
        ),
        ('them = "light"', "config.toml:1:1: there is no setting them; did you mean theme?"),
        (
            "xyzzy = 1",
            "config.toml:1:1: there is no setting xyzzy; the settings are theme, mouse, ascii, editor, keys",
        ),
        (
            '["a.b"]\nc = 1',
            'config.toml:1:1: there is no setting "a.b"; the settings are theme, mouse, ascii, editor, keys',
        ),
    ],
)
def test_a_wrong_setting_is_named_with_its_place_and_what_is_allowed(tmp_path: Path, text: str, problem: str) -> None:
    settings, problems = read(tmp_path, text)
    assert problems == [problem]
    assert settings == Settings()


def test_what_is_good_applies_and_all_that_is_bad_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    settings, problems = read(
        tmp_path,
        """\
theme = "light"
mouse = 7
nope = 1
ascii = true
[keys]
save = 1
undo = "U"
redo = [2]
""",
    )
    assert (settings.theme, settings.mouse, settings.ascii, dict(settings.keys)) == (
        "light",
        "auto",
        True,
        {"undo": ("U",)},
    )
    assert [problem.split(" ")[:2] for problem in problems] == [
        ["config.toml:2:1:", "mouse"],
        ["config.toml:3:1:", "there"],
        ["config.toml:6:1:", "keys.save"],
        ["config.toml:8:1:", "keys.redo"],
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('theme = "light', "config.toml:1:"),
        ("ascii = true\nascii = false", "config.toml:2:"),
        (b"theme = '\xff'", "config.toml:1:10: not UTF-8"),
        (b"theme = '\0'", "binary file"),
        ("a = " + "[" * 5000, "config.toml"),
        ("#" * 70_000, "larger than 64 KiB"),
    ],
)
def test_a_file_that_cannot_be_understood_is_one_problem(tmp_path: Path, text: str | bytes, said: str) -> None:
    settings, problems = read(tmp_path, text)
    assert settings == Settings()
    assert len(problems) == 1
    assert said in problems[0]


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    (tmp_path / "file").touch()
    for path in (tmp_path / "folder", tmp_path / "dangling", tmp_path / "file" / "config.toml", Path("\0")):
        settings, problems = read_settings(path)
        assert settings == Settings()
        assert len(problems) == 1
        assert "cannot read" in problems[0]


def test_thousands_of_mistakes_are_told_in_a_bounded_list(tmp_path: Path) -> None:
    settings, problems = read(tmp_path, "".join(f"n{number} = 1\n" for number in range(5000)))
    assert settings == Settings()
    assert len(problems) == 51
    assert problems[0].startswith("config.toml:1:1: ")
    assert problems[-1] == "config.toml: and 4950 problems more"


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
KEYS = st.sampled_from(list(Settings.model_fields)) | st.text(max_size=8)


@hypothesis_settings(max_examples=60)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_no_file_stops_the_program_and_no_problem_has_a_hidden_character(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    import tomli_w

    text = tomli_w.dumps(data)
    settings, problems = read(tmp_path_factory.mktemp("any"), text)
    # Each setting either is as the file has it, or is at its default and told of.
    for key, value in data.items():
        if key not in Settings.model_fields:
            assert any("there is no setting" in problem for problem in problems)
        elif key not in settings.model_fields_set:
            assert any(f" {key} is " in problem for problem in problems)
        elif key != "keys":
            assert getattr(settings, key) == value
    assert all(displayable(problem) == problem for problem in problems)


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
@hypothesis_settings(max_examples=60)
def test_a_value_is_written_as_toml_that_says_the_same(value: str | list[str]) -> None:
    # The standard library's parser takes DEL for what it is not: the display shows it as an escape.
    written = as_toml(value).replace("\x7f", "\\u007f")
    assert tomllib.loads(f"x = {written}")["x"] == value
    assert "\n" not in written


# Who wins.


def given_file(**values: object) -> Settings:
    return Settings.model_validate(values)


def choice(chosen: InForce, key: str) -> tuple[object, Origin]:
    return {"theme": chosen.theme, "mouse": chosen.mouse, "ascii": chosen.ascii_only, "editor": chosen.editor}[
        key
    ], chosen.origins[key]


def test_the_defaults_hold_where_nobody_says_anything() -> None:
    chosen = in_force(Settings(), {})
    assert (chosen.theme, chosen.mouse, chosen.ascii_only, chosen.editor) == (None, "full", False, "vi")
    assert set(chosen.origins.values()) == {Origin("default", "default")}
    assert set(chosen.origins) == set(Settings.model_fields)


def test_the_theme_of_an_option_wins_over_the_environment_and_that_over_the_file() -> None:
    file, environ = given_file(theme="mono"), {"VNET_TUI_THEME": "light"}
    assert choice(in_force(file, environ, theme="dark"), "theme") == ("dark", Origin("option", "--theme"))
    assert choice(in_force(file, environ), "theme") == ("light", Origin("environment", "VNET_TUI_THEME"))
    assert choice(in_force(file, {"VNET_TUI_THEME": ""}), "theme") == ("mono", Origin("file", "config.toml"))
    assert in_force(file, {"VNET_TUI_THEME": "auto"}).theme is None


@pytest.mark.parametrize("wanted", ["off", "clicks", "full"])
def test_the_mouse_of_an_option_wins_over_the_file(wanted: MouseMode) -> None:
    file, ssh = given_file(mouse=wanted), {"SSH_TTY": "/dev/pts/1"}
    assert choice(in_force(file, ssh, mouse="off"), "mouse") == ("off", Origin("option", "--mouse"))
    assert choice(in_force(file, ssh), "mouse") == (wanted, Origin("file", "config.toml"))


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
@pytest.mark.parametrize("file", [Settings(), given_file(mouse="auto")])
def test_over_ssh_the_mouse_clicks_and_does_not_hover(variable: str, file: Settings) -> None:
    assert choice(in_force(file, {variable: "x"}), "mouse") == ("clicks", Origin("environment", f"{variable} is set"))
    assert in_force(file, {variable: ""}).mouse == "full"


def test_ascii_is_on_where_an_option_or_the_file_says_so() -> None:
    assert choice(in_force(given_file(ascii=False), {}, ascii_only=True), "ascii") == (
        True,
        Origin("option", "--ascii"),
    )
    assert choice(in_force(given_file(ascii=True), {}), "ascii") == (True, Origin("file", "config.toml"))


def test_the_editor_of_the_file_wins_over_visual_and_that_over_editor() -> None:
    environ = {"VISUAL": "vim", "EDITOR": "ed"}
    assert choice(in_force(given_file(editor="nano"), environ), "editor") == ("nano", Origin("file", "config.toml"))
    assert choice(in_force(Settings(), environ), "editor") == ("vim", Origin("environment", "VISUAL"))
    assert choice(in_force(Settings(), {**environ, "VISUAL": " "}), "editor") == ("ed", Origin("environment", "EDITOR"))
    assert in_force(given_file(editor="auto"), {}).editor == "vi"


def test_a_theme_that_does_not_exist_is_told_with_who_named_it() -> None:
    themes = ("light", "dark")
    assert unknown_theme(in_force(Settings(), {}), themes) is None
    assert unknown_theme(in_force(given_file(theme="dark"), {}), themes) is None
    assert (
        unknown_theme(in_force(given_file(theme="drak"), {}), themes)
        == 'there is no theme "drak" (config.toml names it); did you mean dark?'
    )
    assert (
        unknown_theme(in_force(Settings(), {"VNET_TUI_THEME": "\x1b[31m"}), themes)
        == 'there is no theme "\\u001b[31m" (VNET_TUI_THEME names it); the themes are dark, light'
    )


# What is written about them.


def test_the_documentation_has_every_setting_with_its_default() -> None:
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^#|\Z)", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL))
    assert list(sections) == [setting.key for setting in known_settings()] == list(Settings.model_fields)
    for setting in known_settings():
        section = " ".join(sections[setting.key].split())
        assert section == f"{setting.help} - Allowed: {setting.allowed} - Default: `{setting.default}`"


def test_every_setting_is_explained() -> None:
    defaults = Settings()
    for setting in known_settings():
        assert setting.help.endswith(".")
        assert setting.allowed
        assert tomllib.loads(f"x = {setting.default}")["x"] == getattr(defaults, setting.key)
