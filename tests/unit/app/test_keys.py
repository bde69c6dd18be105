"""Keys: their names, who has which, and what is said of a choice that cannot be."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.binding import Binding, BindingsMap
from textual.keys import Keys, _character_to_key

from tui.app.commands import commands
from tui.app.keys import MOVEMENTS, NEEDED, NO_KEY, Keymap, bound, entries, normalised, resolve, shown
from tui.display import displayable

ROOT = Path(__file__).resolve().parents[3]
ENTRIES = entries()


# Names of keys.


def test_a_key_may_be_written_as_the_character_that_it_types() -> None:
    """Textual reports these names for them."""
    for code in range(0x21, 0x17F):
        character = chr(code)
        if displayable(character) == character and not character.isspace():
            assert normalised(character) == _character_to_key(character)
            assert normalised(_character_to_key(character)) == _character_to_key(character)


def test_every_key_that_terminals_send_can_be_written_as_textual_calls_it() -> None:
    same = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+@": "ctrl+space", "return": "enter"}
    for key in Keys:
        if not key.value.startswith("<") and key is not Keys.ControlSpace:
            assert normalised(key.value) == same.get(key.value, key.value)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (" ", "space"),
        ("Ctrl+S", "ctrl+s"),
        ("CTRL+Delete", "ctrl+delete"),
        ("shift+ctrl+f5", "ctrl+shift+f5"),
        ("G", "G"),
        ("shift+g", "G"),
        ("shift+G", "G"),
        ("alt+x", "alt+x"),
        ("alt+X", "alt+shift+x"),
        ("esc", "escape"),
        ("PgUp", "pageup"),
        ("page_down", "pagedown"),
        ("del", "delete"),
        ("ctrl+[", "escape"),
        ("ctrl+]", "ctrl+right_square_bracket"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("solidus", "slash"),
        ("shift+tab", "shift+tab"),
    ],
)
def test_a_key_may_be_written_in_several_ways(written: str, key: str) -> None:
    assert normalised(written) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ctrl+",
        "+ctrl",
        "ctr+s",
        "f25",
        "f0",
        "u,k",
        "shift+1",
        "ctrl+ctrl+s",
        "up down",
        "\x1b",
        "\t",
        "\u202e",
        "é́x",
    ],
)
def test_what_is_no_key_has_no_name(text: str) -> None:
    assert normalised(text) is None


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("slash", "/"),
        ("question_mark", "?"),
        ("colon", ":"),
        ("less_than_sign", "<"),
        ("minus", "-"),
        ("ctrl+right_square_bracket", "ctrl+]"),
        ("comma", "comma"),
        ("space", "space"),
        ("ctrl+s", "ctrl+s"),
        ("pageup", "pageup"),
        ("f2", "f2"),
        ("G", "G"),
    ],
)
def test_a_key_is_shown_as_a_person_writes_it(key: str, text: str) -> None:
    assert shown(key) == text


@given(st.text(max_size=12) | st.sampled_from([key.value for key in Keys]) | st.characters())
@settings(max_examples=200)
def test_what_is_shown_can_be_typed_into_the_settings(text: str) -> None:
    key = normalised(text)
    if key is not None:
        assert normalised(key) == key
        assert normalised(shown(key)) == key
        assert displayable(shown(key)) == shown(key)


# The table.


def test_every_command_and_every_movement_has_an_id_of_its_own() -> None:
    assert list(ENTRIES) == [*commands(), *(movement.id for movement in MOVEMENTS)]
    assert len(ENTRIES) == len(commands()) + len(MOVEMENTS)


def test_the_default_keys_are_known_and_each_belongs_to_one() -> None:
    keys = [key for entry in ENTRIES.values() for key in entry.keys]
    assert [key for key in keys if normalised(key) is None] == []
    assert [key for key, count in Counter(normalised(key) for key in keys).items() if count > 1] == []


def test_the_table_of_keys_needs_no_screen() -> None:
    code = "import sys, tui.app.keys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"textual", "rich", "netaddr"} & set(ran.stdout.split())


# Whose they are.


def said(chosen: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return resolve(chosen).problems


def test_without_a_choice_everything_is_at_its_default() -> None:
    keymap = resolve({})
    assert keymap.problems == ()
    assert keymap.for_textual() == {}
    assert dict(keymap.keys) == {name: entry.keys for name, entry in ENTRIES.items()}


def test_a_command_has_the_keys_that_are_chosen_and_no_others() -> None:
    keymap = resolve({"save": ("F2", "ctrl+w"), "filter": ("ctrl+/",), "undo": (), "first": ("home", "home")})
    assert keymap.problems == ()
    assert keymap.keys["save"] == ("f2", "ctrl+w")
    assert keymap.keys["filter"] == ("ctrl+slash",)
    assert keymap.keys["undo"] == ()
    assert keymap.keys["first"] == ("home",)
    assert keymap.for_textual() == {"save": "f2,ctrl+w", "filter": "ctrl+slash", "undo": NO_KEY, "first": "home"}


def test_all_defaults_written_out_are_no_choice() -> None:
    keymap = resolve({name: tuple(map(shown, entry.keys)) for name, entry in ENTRIES.items()})
    assert (keymap.problems, keymap.for_textual()) == ((), {})


def test_keys_can_be_exchanged() -> None:
    keymap = resolve({"save": ("u",), "undo": ("ctrl+s",)})
    assert keymap.problems == ()
    assert (keymap.keys["save"], keymap.keys["undo"]) == (("u",), ("ctrl+s",))


def test_a_chosen_key_is_taken_from_the_command_that_has_it_by_default() -> None:
    keymap = resolve({"save": ("u", "g")})
    assert keymap.keys["save"] == ("u", "g")
    assert keymap.keys["undo"] == ()
    assert keymap.keys["first"] == ("home",)
    assert keymap.problems == (
        "save is given the key u, which undo has by default: undo has no key any more",
        "save is given the key g, which first has by default: first keeps home",
    )


def test_of_two_that_are_given_one_key_the_first_keeps_it() -> None:
    keymap = resolve({"save": ("f2",), "undo": ("f2", "U"), "unmark-all": ()})
    assert (keymap.keys["save"], keymap.keys["undo"]) == (("f2",), ("U",))
    assert keymap.problems == ("save and undo are both given the key f2: save keeps it",)


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ({"sav": ("f2",)}, 'there is no command "sav"; did you mean save?'),
        ({"xyzzy": ("f2",)}, 'there is no command "xyzzy"; vnet-tui keys lists all of them'),
        ({"\x1b]0;x\x07": ()}, 'there is no command "\\u001b]0;x\\u0007"; vnet-tui keys lists all of them'),
        ({"save": ("ctr+s",)}, 'save: there is no key "ctr+s"; did you mean "ctrl+s"?'),
        ({"save": ("pagedwn",)}, 'save: there is no key "pagedwn"; did you mean "pagedown"?'),
        ({"save": ("question_mrk",)}, 'save: there is no key "question_mrk"; did you mean "?"?'),
        ({"save": ("w,f2",)}, 'save: there is no key "w,f2"; several keys are a list: ["w", "f2"]'),
        ({"save": ("shift+1",)}, 'save: there is no key "shift+1"; write the character that it types'),
        (
            {"save": ("\u202e",)},
            'save: there is no key "\\u202e"; keys are written "a", "A", "/", "space", "f2" or "ctrl+s"',
        ),
    ],
)
def test_a_choice_that_cannot_be_says_why_and_changes_nothing(chosen: dict[str, tuple[str, ...]], problem: str) -> None:
    keymap = resolve(chosen)
    assert keymap.problems == (problem,)
    assert keymap.for_textual() == {}


def test_what_is_good_in_a_choice_applies() -> None:
    assert resolve({"save": ("ctr+s", "f2")}).keys["save"] == ("f2",)


@pytest.mark.parametrize("key", NEEDED)
def test_a_key_that_the_program_needs_cannot_be_given_away(key: str) -> None:
    keymap = resolve({"save": (key, "f2")})
    assert keymap.keys["save"] == ("f2",)
    assert keymap.problems == (f"save cannot have {key}, which {NEEDED[key]}",)


def test_the_same_byte_by_another_name_is_needed_too() -> None:
    assert said({"save": ("ctrl+i",)}) == (f"save cannot have tab, which {NEEDED['tab']}",)


def test_what_has_a_needed_key_by_default_keeps_it() -> None:
    keymap = resolve({"open-row": ("enter", "l")})
    assert (keymap.problems, keymap.keys["open-row"]) == ((), ("enter", "l"))


def test_a_problem_begins_with_the_place_of_the_choice() -> None:
    places = {"save": "config.toml:3:1", "sav": "config.toml:4:1"}
    assert resolve({"save": ("u",), "sav": ()}, places).problems == (
        'config.toml:4:1: there is no command "sav"; did you mean save?',
        "config.toml:3:1: save is given the key u, which undo has by default: undo has no key any more",
    )


def test_thousands_of_mistakes_are_told_in_a_bounded_list() -> None:
    problems = said({f"command{number}": () for number in range(3000)})
    assert len(problems) == 51
    assert problems[-1] == "and 2950 problems with keys more"


TEXTS = st.sampled_from(["u", "g", "ctrl+s", "/", "slash", "up", "f2", "tab", "nope", "shift+g", "G", ""])
CHOICES = st.dictionaries(
    st.sampled_from([*ENTRIES, "sav", "nope"]), st.lists(TEXTS, max_size=3).map(tuple), max_size=8
)


@given(CHOICES)
@settings(max_examples=150)
def test_a_key_never_has_two_commands_and_whatever_is_lost_is_told(chosen: dict[str, tuple[str, ...]]) -> None:
    keymap = resolve(chosen)
    assert list(keymap.keys) == list(ENTRIES)
    counts = Counter(key for keys in keymap.keys.values() for key in keys)
    assert [key for key, count in counts.items() if count > 1] == []
    for name, entry in ENTRIES.items():
        if name not in chosen:
            for lost in set(entry.keys) - set(keymap.keys[name]):
                assert any(f"the key {shown(lost)}, which {name} has" in problem for problem in keymap.problems)
    for name, texts in chosen.items():
        for text in texts:
            key = normalised(text)
            if key is None or name not in ENTRIES or key not in keymap.keys[name]:
                assert any(re.search(rf"(^|\W){re.escape(name)}(\W|$)", problem) for problem in keymap.problems)


# On the screen.


def in_textual(keymap: Keymap, names: list[str]) -> dict[str, list[str]]:
    """The keys of each of these that Textual comes to, for a widget with a binding for each."""
    bindings = BindingsMap([Binding(bound(ENTRIES[name].keys), "x", id=name) for name in names])
    bindings.apply_keymap(keymap.for_textual())
    found: dict[str, list[str]] = {name: [] for name in names}
    for key, several in bindings.key_to_bindings.items():
        for binding in several:
            assert binding.id is not None
            found[binding.id].append(key)
    return found


@given(CHOICES)
@settings(max_examples=80)
def test_textual_gives_each_command_the_keys_that_were_resolved(chosen: dict[str, tuple[str, ...]]) -> None:
    keymap = resolve(chosen)
    movements = [movement.id for movement in MOVEMENTS]
    for names in (list(commands()), movements):
        for name, keys in in_textual(keymap, names).items():
            assert set(keys) - {NO_KEY} == set(keymap.keys[name])


def test_a_command_without_a_default_key_can_be_given_one() -> None:
    without = [name for name, entry in ENTRIES.items() if not entry.keys]
    for name in without:
        assert in_textual(resolve({name: ("f9",)}), without)[name] == ["f9"]


def test_ctrl_space_is_bound_as_old_and_new_terminals_send_it() -> None:
    assert bound(("ctrl+space", "x")) == "ctrl+@,ctrl+space,x"
