"""The lines of a form: each field with its value and the gravest notice, and the notes on one field.

Owns the columns, and how the last word of a field is completed.
Invariant: whatever a field or a notice holds ends up in cells, which are shown as nothing but text.
"""

from __future__ import annotations

from rich.cells import cell_len

from tui.app.forms.form import Field, Form, Judgement, Values
from tui.app.widgets.rows import GAP, GUTTER, Cell, Column, Row, column_widths
from tui.app.widgets.wrapping import wrapped
from tui.display import displayable
from tui.topology.model import Topology

COLUMNS = (Column("field", 16), Column("", 24, 3), Column("", 10, 4))

_SIGNS = {"error": "error", "warning": "warning", "info": "–"}
_MOST_COMPLETIONS = 12


def value_place(width: int) -> tuple[int, int]:
    """Return where the values stand in a list of `width` cells: the first cell, and how many."""
    widths = column_widths(COLUMNS, width - GUTTER)
    return GUTTER + COLUMNS[0].width + GAP, widths[1] if len(widths) > 1 else max(width - GUTTER, 1)


def field_rows(form: Form, values: Values, judgement: Judgement) -> list[Row]:
    """Return one row for each field; its key is the field's."""
    rows = []
    for field in form.fields:
        notices = judgement.notices.get(field.key, ())
        first = notices[0] if notices else None
        notice = Cell(f"{_SIGNS[first.severity]} {first.text}", first.severity) if first is not None else Cell("")
        rows.append(Row(field.key, (Cell(field.label), Cell(values[field.key]), notice)))
    return rows


def note_rows(
    field: Field, judgement: Judgement, found: list[str], width: int, first: str = "", *, planned: bool = False
) -> list[Row]:
    """Return what is to be said now: about the field, how to go on, and what the whole would do.

    `planned`: the planner has blocks for the field.
    """
    lines: list[tuple[str, str, str]] = []
    if first:
        lines.append((first, "", "warning"))
    for notice in judgement.notices.get(field.key, ()):
        offer = f"[ctrl+t: {notice.offer}]" if notice.offer is not None else ""
        lines.append((f"{_SIGNS[notice.severity]} {notice.text}", offer, notice.severity))
    if found:
        more = f" and {len(found) - _MOST_COMPLETIONS} more" if len(found) > _MOST_COMPLETIONS else ""
        lines.append((f"→ {', '.join(found[:_MOST_COMPLETIONS])}{more}", "", "muted"))
    lines += [(effect, "", "") for effect in judgement.effects]
    planner = ", p: planner" if planned else ""
    how = {"prefixes": f"[s: next free block{planner}]", "choice": "[space: next choice]"}.get(field.kind, "")
    lines.append((f"{field.label}: {field.help}", how, "muted"))
    room = max(width - GUTTER, 20)
    return [
        Row((place, part), (Cell(text, role),))
        for place, (line, key, role) in enumerate(lines)
        for part, text in enumerate(_wrapped(line, key, room))
    ]


def _wrapped(text: str, key: str, room: int) -> list[str]:
    """The text in lines, behind it what a key would do, which is not torn apart if it fits in a line at all."""
    lines, key = wrapped(displayable(text), room), displayable(key)
    if not key:
        return lines
    if cell_len(lines[-1]) + 2 + cell_len(key) <= room:
        return [*lines[:-1], f"{lines[-1]}  {key}"]
    return [*lines, *(f"  {line}" for line in wrapped(key, room - 2))]


def completions(field: Field, topology: Topology, values: Values) -> list[str]:
    """Return what would complete the last word of the field, likeliest first; of a choice, all others."""
    known = field.choices(topology, values)
    text = values[field.key]
    if field.kind == "choice":
        return [one for one in known if one != text]
    word = _last_word(text).casefold()
    before = set(text[: len(text) - len(word)].replace(",", " ").split())
    folded = [(one, one.casefold()) for one in known]
    begins = [one for one, name in folded if name.startswith(word) and name != word]
    begun = frozenset(begins)
    holds = [one for one, name in folded if word in name[1:] and name != word and one not in begun]
    exact = any(name == word for _, name in folded)
    return [one for one in (*begins, *holds) if one not in before] if not exact else begins


def completed(text: str, word: str) -> str:
    """Return the text with its last word completed to `word`."""
    return text[: len(text) - len(_last_word(text))] + word


def _last_word(text: str) -> str:
    return text.replace(",", " ").rpartition(" ")[2]
