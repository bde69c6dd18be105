"""Themes on the screen: legible in truecolor and in 256 colours, apart for every kind of colour vision, and in CSS."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import ClassVar

import pytest
from rich.color import Color as RichColor
from textual.app import App, ComposeResult
from textual.color import Color
from textual.filter import Monochrome, NoColor
from textual.style import Style
from textual.widgets import Button, Checkbox, DataTable, Footer, Input, Label, OptionList, Tree

from tui.app.themes import (
    ansi_color_for,
    colour_system,
    palette,
    rounded_to_256,
    textual_theme,
    theme_name_for,
    variables,
)
from tui.paths import shipped
from tui.storage.theme_files import ANSI_NAMES, ROLES, RoleStyle, ThemeFile, read_theme

Vector = Sequence[float]
Matrix = Sequence[Vector]


def _read(name: str) -> ThemeFile:
    theme, problems = read_theme(shipped("themes") / f"{name}.toml")
    assert theme is not None, problems
    return theme


THEMES = {path.stem: _read(path.stem) for path in sorted(shipped("themes").glob("*.toml"))}
COLOURED = [name for name, theme in THEMES.items() if not theme.ansi]
GROUNDS = ("background", "surface", "panel")


def linear(colour: str) -> Vector:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    dark, light = sorted(sum(map(float.__mul__, (0.2126, 0.7152, 0.0722), linear(colour))) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def texts(theme: ThemeFile) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Everything that is text: what it is, its colour, and each colour that may be behind it."""
    grounds = [theme.colours[ground] for ground in GROUNDS]
    for key, colour in theme.colours.items():
        if key not in (*GROUNDS, "boost"):
            yield key, colour, grounds
    for role, style in theme.status.items():
        colour = style.colour or theme.colours["foreground"]
        yield f"status.{role}", colour, [style.background] if style.background else grounds


@pytest.mark.parametrize("name", COLOURED)
def test_every_text_is_legible_in_truecolor_and_in_256_colours(name: str) -> None:
    least = 7.0 if name == "high-contrast" else 4.5
    for what, colour, grounds in texts(THEMES[name]):
        for ground in grounds:
            assert contrast(colour, ground) >= least, (what, colour, ground)
            assert contrast(rounded_to_256(colour), rounded_to_256(ground)) >= least, (what, colour, ground)


PAIRS = [
    *((f"text-{key}", ground) for key in ("primary", "warning", "error", "success", "accent") for ground in GROUNDS),
    *(("button-color-foreground", key) for key in ("primary", "warning", "error", "success")),
    *((f"{key}-foreground", f"{key}-background") for key in ("block-cursor", "block-cursor-blurred")),
    *((f"{key}-foreground", f"{key}-background") for key in ("input-cursor", "input-selection", "screen-selection")),
    *((f"footer-{key}foreground", "footer-background") for key in ("", "key-", "description-")),
    *((key, ground) for key in ("text-muted", "foreground-muted", "border", "border-blurred") for ground in GROUNDS),
    ("foreground", "surface-active"),
]


@pytest.mark.parametrize("name", COLOURED)
def test_what_textual_makes_of_a_theme_is_legible(name: str) -> None:
    generated = textual_theme(THEMES[name]).to_color_system().generate() | variables(THEMES[name])
    for text, ground in PAIRS:
        colours = [Color.parse(generated[key]).hex6.lower() for key in (text, ground)]
        assert contrast(*colours) >= 4.5, (text, ground)
        assert contrast(*map(rounded_to_256, colours)) >= 4.5, (text, ground)


@pytest.mark.parametrize("name", COLOURED)
def test_256_colours_change_nothing_but_greys_by_a_trace(name: str) -> None:
    theme = THEMES[name]
    styles = theme.status.values()
    used = {*theme.colours.values(), *(style.colour for style in styles), *(style.background for style in styles)}
    for colour in used - {None}:
        assert colour is not None
        rounded = Color.parse(rounded_to_256(colour))
        assert all(abs(a - b) <= 10 for a, b in zip(Color.parse(colour).rgb, rounded.rgb, strict=True)), colour
        is_grey = len(set(Color.parse(colour).rgb)) == 1
        assert is_grey or rounded_to_256(colour) == colour


@pytest.mark.parametrize("name", COLOURED)
def test_the_panes_are_told_apart_in_256_colours_too(name: str) -> None:
    colours = THEMES[name].colours
    assert rounded_to_256(colours["background"]) != rounded_to_256(colours["panel"])


@pytest.mark.parametrize("name", COLOURED)
def test_no_colour_is_dimmed(name: str) -> None:
    assert not [role for role, style in THEMES[name].status.items() if "dim" in style.attributes]


@pytest.mark.parametrize("name", THEMES)
def test_the_cursor_row_shows_without_its_colour(name: str) -> None:
    cursor = THEMES[name].status["selected"]
    assert cursor.background or "reverse" in cursor.attributes
    assert {"bold", "reverse"} & set(cursor.attributes)


def test_mono_has_no_colours_and_tells_what_matters_apart() -> None:
    mono = THEMES["mono"]
    assert mono.ansi
    assert set(mono.colours.values()) == {"ansi_default"}
    assert {style.colour for style in mono.status.values()} <= {None, "ansi_default"}
    styles = {role: style.attributes for role, style in mono.status.items()}
    assert len({styles[role] for role in ("error", "warning", "ok", "waived", "selected")}) == 5
    assert len({styles[role] for role in ("meter_used", "meter_nearly_full", "meter_over")}) == 3
    assert len({styles[role] for role in ("free", "used", "held", "avoided")}) == 4


def test_terminal_has_no_text_colour_that_palettes_use_as_a_background() -> None:
    terminal = THEMES["terminal"]
    assert terminal.ansi
    assert {terminal.colours[ground] for ground in GROUNDS} == {"ansi_default"}
    used = {style.colour for style in terminal.status.values()} | set(terminal.colours.values())
    assert not [colour for colour in used if colour and ("bright" in colour or colour in ("ansi_black", "ansi_white"))]


# Colour vision: Machado, Oliveira and Fernandes 2009 (severity 1), Viénot, Brettel and Mollon 1999, and for tritanopia,
# for which the first is known to be weak, Brettel, Viénot and Mollon 1997; all on linear sRGB.
VISIONS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia (Machado)": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia (Machado)": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia (Machado)": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "protanopia (Viénot)": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranopia (Viénot)": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}
TRITAN_PLANE: Vector = (0.03901, -0.02788, -0.01113)
TRITAN_ABOVE: Matrix = ((1.01277, 0.13548, -0.14826), (-0.01243, 0.86812, 0.14431), (0.07589, 0.80500, 0.11911))
TRITAN_BELOW: Matrix = ((0.93678, 0.18979, -0.12657), (0.06154, 0.81526, 0.12320), (-0.37562, 1.12767, 0.24796))
SRGB_TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def product(matrix: Matrix, vector: Vector) -> Vector:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen(colour: str) -> dict[str, Vector]:
    """The colour as each kind of vision sees it, in CIE L*a*b*."""
    light = linear(colour)
    views = {vision: product(matrix, light) for vision, matrix in VISIONS.items()}
    above = product([TRITAN_PLANE], light)[0] >= 0
    views["tritanopia (Brettel)"] = product(TRITAN_ABOVE if above else TRITAN_BELOW, light)
    return {vision: lab([min(max(channel, 0), 1) for channel in view]) for vision, view in views.items()}


def lab(light: Vector) -> Vector:
    white = (0.95047, 1.0, 1.08883)
    relative = [value / full for value, full in zip(product(SRGB_TO_XYZ, light), white, strict=True)]
    x, y, z = (t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in relative)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distances(one: str, other: str) -> dict[str, float]:
    """How far two colours are apart for each kind of vision (CIE76; 2.3 is just noticeable)."""
    views, others = seen(one), seen(other)
    return {
        vision: sum((a - b) ** 2 for a, b in zip(view, others[vision], strict=True)) ** 0.5
        for vision, view in views.items()
    }


def test_the_distances_are_those_of_the_literature() -> None:
    assert [round(value, 1) for value in seen("#ff0000")["normal"]] == [53.2, 80.1, 67.2]
    assert distances("#ffffff", "#000000")["deuteranopia (Machado)"] == pytest.approx(100, abs=0.5)
    confused = distances("#878700", "#af5f00")
    assert confused["normal"] > 40
    assert confused["deuteranopia (Viénot)"] < 15


@pytest.mark.parametrize(
    ("roles", "least"),
    [
        (("error", "warning", "ok"), 40),
        (("error", "warning", "info", "ok"), 25),
        (("free", "used", "held", "avoided"), 25),
        (("meter_used", "meter_nearly_full", "meter_over"), 40),
        (("planned", "deployed", "retiring"), 40),
        (("gateway", "peering", "connection"), 25),
    ],
)
@pytest.mark.parametrize("rounding", [str.lower, rounded_to_256])
def test_colour_blind_safe_is_safe(roles: Sequence[str], least: float, rounding: type[str]) -> None:
    status = THEMES["colour-blind-safe"].status
    for one, other in combinations(roles, 2):
        colours = [rounding(status[role].colour or "") for role in (one, other)]
        for vision, distance in distances(*colours).items():
            assert distance >= least, (one, other, vision)


@pytest.mark.parametrize("name", COLOURED)
def test_error_warning_and_ok_differ_in_every_coloured_theme(name: str) -> None:
    status = THEMES[name].status
    for one, other in combinations(("error", "warning", "ok"), 2):
        assert distances(status[one].colour or "", status[other].colour or "")["normal"] >= 40


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#5fafff", "#121212", "#ff5f00"])
def test_colours_of_the_256_stay(colour: str) -> None:
    assert rounded_to_256(colour) == colour


@pytest.mark.parametrize(
    ("colour", "rounded"), [("#0178d4", "#0087d7"), ("#14181d", "#000000"), ("#eeeeee", "#e4e4e4")]
)
def test_other_colours_are_rounded(colour: str, rounded: str) -> None:
    assert rounded_to_256(colour) == rounded


def shade(colour: RichColor | None) -> object:
    """What makes a colour of Rich, whatever it is called."""
    return colour and (colour.type, colour.number, colour.triplet)


@pytest.mark.parametrize("name", THEMES)
def test_roles_become_variables_and_styles(name: str) -> None:
    theme = THEMES[name]
    css, styles = variables(theme), palette(theme)
    for role, style in theme.status.items():
        key = f"status-{role.replace('_', '-')}"
        assert css[key] == (style.colour or theme.colours["foreground"])
        assert css[f"{key}-background"] == (style.background or "transparent")
        assert css[f"{key}-style"] == (" ".join(style.attributes) or "none")
        as_textual = Style.parse(styles[role])
        as_rich = styles.rich(role)
        for attribute in ("bold", "dim", "italic", "underline", "reverse", "strike"):
            expected = True if attribute in style.attributes else None
            assert getattr(as_textual, attribute) == getattr(as_rich, attribute) == expected
        assert shade(as_rich.color) == shade(Color.parse(style.colour).rich_color if style.colour else None)
        assert shade(as_rich.bgcolor) == shade(Color.parse(style.background).rich_color if style.background else None)
        assert as_textual.foreground == (Color.parse(style.colour) if style.colour else None)
        assert as_textual.background == (Color.parse(style.background) if style.background else None)


def test_a_palette_never_changes() -> None:
    styles = palette(THEMES["dark"])
    assert set(styles.texts) == set(styles.styles) == set(ROLES)
    with pytest.raises(dataclasses.FrozenInstanceError):
        styles.texts = {}  # type: ignore[misc]
    with pytest.raises(TypeError):
        styles.texts["error"] = "red"  # type: ignore[index]
    with pytest.raises(KeyError):
        styles["eror"]


def test_the_cursor_is_laid_over_a_row() -> None:
    styles = palette(THEMES["dark"])
    assert styles.rich("error") + styles.rich("selected") == styles.rich("selected")


def test_every_ansi_name_is_a_colour_of_rich_and_of_textual() -> None:
    for name in ANSI_NAMES:
        status = {role: RoleStyle((), name, name) for role in ROLES}
        style = palette(dataclasses.replace(THEMES["terminal"], status=status)).rich("ok")
        assert shade(style.color) == shade(style.bgcolor) == shade(Color.parse(name).rich_color)


def test_no_color_asks_for_ansi_colours_and_all_else_follows_the_theme() -> None:
    assert ansi_color_for({"NO_COLOR": "1"}) is True
    assert ansi_color_for({"NO_COLOR": ""}) is True
    assert ansi_color_for({"TERM": "xterm-256color"}) is None


@pytest.mark.parametrize(
    ("environ", "system", "name"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor", "dark"),
        ({"TERM": "xterm-256color"}, "256", "dark"),
        ({"TERM": "vt100"}, "standard", "terminal"),
        ({"TERM": "linux"}, "standard", "terminal"),
        ({"TERM": "dumb"}, None, "mono"),
        ({"TERM": "vt100", "TEXTUAL_COLOR_SYSTEM": "256"}, "256", "dark"),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "standard"}, "standard", "terminal"),
        ({"TERM": "vt100", "TEXTUAL_COLOR_SYSTEM": "nonsense"}, "standard", "terminal"),
    ],
)
def test_the_terminal_decides_with_which_theme_one_starts(
    environ: dict[str, str], system: str | None, name: str
) -> None:
    assert colour_system(environ) == system
    assert theme_name_for(None, environ) == name
    assert theme_name_for("light", environ) == ("mono" if name == "mono" else "light")
    assert theme_name_for("light", {**environ, "NO_COLOR": "1"}) == "mono"


class Probe(App[None]):
    """An app with the widgets that take most variables, and our own in its CSS."""

    CSS = """
    Label { color: $status-error; background: $status-error-background; text-style: $status-error-style; }
    #cursor { color: $status-selected; background: $status-selected-background; text-style: $status-selected-style; }
    #meter { color: $status-meter-nearly-full; }
    """
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False

    def __init__(self, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        for theme in THEMES.values():
            self.register_theme(textual_theme(theme))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables(THEMES["dark"])

    def compose(self) -> ComposeResult:
        yield Label("error", id="error")
        yield Label("cursor", id="cursor")
        yield Label("meter", id="meter")
        yield Input("text")
        yield Button("Save", variant="primary")
        yield Checkbox("BGP")
        yield OptionList("one", "two")
        table: DataTable[str] = DataTable()
        table.add_columns("a", "b")
        table.add_row("1", "2")
        yield table
        yield Tree("tree")
        yield Footer()


def test_every_theme_can_be_switched_to_and_reaches_css() -> None:
    async def switch() -> None:
        app = Probe()
        async with app.run_test(size=(80, 40)) as pilot:
            for name, theme in THEMES.items():
                app.theme = name
                await pilot.pause()
                assert app.native_ansi_color == theme.ansi
                assert app.query_one("#error").styles.color == Color.parse(variables(theme)["status-error"])
                cursor = app.query_one("#cursor").styles
                assert cursor.background == Color.parse(variables(theme)["status-selected-background"])
                assert str(cursor.text_style) == variables(theme)["status-selected-style"]

    asyncio.run(switch())


def test_with_no_color_textual_takes_the_colours_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `ansi_color` it shows greys instead, and later themes do not change that."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def switch(app: Probe) -> None:
        async with app.run_test(size=(80, 40)) as pilot:
            for name in ("dark", "mono", "light"):
                app.theme = name
                await pilot.pause()

    app = Probe(ansi_color=ansi_color_for(os.environ))
    asyncio.run(switch(app))
    assert any(isinstance(each, NoColor) for each in app._filters)
    assert not any(isinstance(each, Monochrome) for each in app._filters)
