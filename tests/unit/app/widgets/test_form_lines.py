"""The notes of a form: what is said is in lines that fit, whatever characters it is made of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.app.forms.form import Field, Judgement, Notice
from tui.app.widgets.form_lines import note_rows
from tui.app.widgets.rows import GUTTER

FIELD = Field("space", "Address space", "where it lies", "prefixes")


@given(st.text("漢字 ab", max_size=80), st.text("漢/0.", max_size=30), st.integers(24, 60))
def test_no_line_of_the_notes_is_wider_than_there_are_cells(text: str, offer: str, width: int) -> None:
    judgement = Judgement({"space": (Notice("error", text, offer),)}, effects=(text,))
    for row in note_rows(FIELD, judgement, [], width, planned=True):
        assert cell_len(row.cells[0].text) <= width - GUTTER


def test_wide_characters_are_all_there() -> None:
    judgement = Judgement({"space": (Notice("error", "漢字" * 20),)})
    said = "".join(row.cells[0].text for row in note_rows(FIELD, judgement, [], 30))
    assert said.count("漢") == 20
