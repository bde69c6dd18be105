"""The pictures of the README show what the program shows now.

These are the project's snapshots. A picture that changed is drawn anew by `make pictures`, and looked at: `seen` says
what must be in it.
"""

from __future__ import annotations

import re

import pytest

from tests.pictures import FOLDER, PICTURES, draw, nobody

ROOT = FOLDER.parents[1]


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_shows_what_the_program_shows(name: str) -> None:
    with nobody():
        drawn = await draw(name)
    current = (FOLDER / f"{name}.svg").read_text(encoding="utf-8") == drawn
    assert current, f"{name} is out of date: `make pictures`, and see that it shows {PICTURES[name].seen}"


async def test_a_picture_is_the_same_for_a_person_with_settings_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"NO_COLOR": "1", "TERM": "dumb", "COLORTERM": "", "VNET_TUI_THEME": "light"}.items():
        monkeypatch.setenv(name, value)
    with nobody():
        assert await draw("form") == (FOLDER / "form.svg").read_text(encoding="utf-8")


def test_the_readme_shows_every_picture_with_words_for_those_who_do_not_see_it() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"!\[([^]]*)]\(docs/pictures/([a-z]+)\.svg\)", text))
    assert sorted(shown.values()) == sorted(PICTURES) == sorted(path.stem for path in FOLDER.iterdir())
    assert all(len(words) > 50 for words in shown)


def test_a_picture_fetches_nothing_and_names_nobody() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "url(http" not in text
        assert "@font-face" not in text
        assert "/home/" not in text
