"""Themes on the screen: a theme file as a Textual theme, CSS variables and the styles that lines are drawn with.

Owns how the roles of `[status]` reach CSS (`$status-error`, `$status-error-background`, `$status-error-style`), and
what the terminal's colours mean for the choice of a theme.
Invariant: everything follows from the theme file and the environment that are passed; nothing is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from rich.color import Color, ColorSystem
from rich.console import Console
from rich.style import Style
from textual.theme import Theme

from tui.storage.theme_files import ThemeFile

DEFAULT_DARK, DEFAULT_TERMINAL, DEFAULT_MONO = "dark", "terminal", "mono"


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles of all roles, for widgets that draw lines.

    `selected` and `marked` are laid over what a row has (`cell + palette.rich("selected")`): their colour wins.
    """

    texts: Mapping[str, str]
    """Role to style, as Textual writes it ("bold #ff8787", "ansi_red")."""
    styles: Mapping[str, Style]
    """Role to style of a segment."""

    def __getitem__(self, role: str) -> str:
        return self.texts[role]

    def rich(self, role: str) -> Style:
        """Return the style of a segment that has this role."""
        return self.styles[role]


def palette(theme: ThemeFile) -> Palette:
    """Return the styles of the roles of `theme`."""
    return Palette(
        MappingProxyType({role: str(style) for role, style in theme.status.items()}),
        MappingProxyType({role: Style.parse(str(style).replace("ansi_", "")) for role, style in theme.status.items()}),
    )


def textual_theme(theme: ThemeFile) -> Theme:
    """Return what `App.register_theme` takes."""
    colours = theme.colours
    return Theme(
        name=theme.name,
        dark=theme.dark,
        ansi=theme.ansi,
        primary=colours["primary"],
        secondary=colours["secondary"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        boost=colours.get("boost"),
        warning=colours["warning"],
        error=colours["error"],
        success=colours["success"],
        variables=variables(theme),
    )


def variables(theme: ThemeFile) -> dict[str, str]:
    """Return the CSS variables of `theme`: ours, and those of Textual's widgets that follow from the roles.

    Those of any one theme are fit for `App.get_theme_variable_defaults`, so that CSS parses before a theme is set.
    """
    colours, status = theme.colours, theme.status
    foreground, background = colours["foreground"], colours["background"]
    result = {}
    for role, style in status.items():
        name = f"status-{role.replace('_', '-')}"
        result[name] = style.colour or foreground
        result[f"{name}-background"] = style.background or "transparent"
        result[f"{name}-style"] = " ".join(style.attributes) or "none"
    muted, cursor = status["muted"].colour or foreground, status["selected"]
    result |= {
        "text-muted": muted,
        "foreground-muted": muted,
        "border": colours["primary"],
        "border-blurred": muted,
        "footer-key-foreground": colours["accent"],
        "button-color-foreground": background,
        "block-cursor-foreground": cursor.colour or foreground,
        "block-cursor-background": cursor.background or background,
        "block-cursor-text-style": " ".join(cursor.attributes) or "none",
        "block-cursor-blurred-foreground": foreground,
        "block-cursor-blurred-background": colours["panel"],
        "block-cursor-blurred-text-style": "bold",
    }
    selection = (cursor.colour or foreground, cursor.background) if cursor.background else (background, foreground)
    if theme.ansi:
        result |= _ansi_variables(muted, colours["primary"])
        selection = selection if cursor.background else ("ansi_black", "ansi_white")
    for kind in ("input-selection", "screen-selection"):
        result[f"{kind}-foreground"], result[f"{kind}-background"] = selection
    return result


def ansi_color_for(environ: Mapping[str, str]) -> Literal[True] | None:
    """Return the `ansi_color` that the App must be constructed with.

    Textual looks at NO_COLOR once, in the constructor, and shows greys unless ANSI colours are asked for there;
    with them it shows none. None lets it follow the theme, and a change of theme.
    """
    return True if "NO_COLOR" in environ else None


def theme_name_for(wanted: str | None, environ: Mapping[str, str]) -> str:
    """Return the name of the shipped theme to start with, or `wanted` where this terminal can show it.

    Without colours only the attributes of a theme are left, and that is what `mono` is made of; 16 colours are
    best taken from the terminal's own palette.
    """
    system = None if "NO_COLOR" in environ else colour_system(environ)
    if system is None:
        return DEFAULT_MONO
    return wanted or (DEFAULT_TERMINAL if system == "standard" else DEFAULT_DARK)


def colour_system(environ: Mapping[str, str]) -> str | None:
    """Return how many colours Textual will use: "truecolor", "256", "standard" (16), or None for no colours."""
    forced = environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if forced in ("standard", "256", "truecolor"):
        return forced
    return Console(force_terminal=True, legacy_windows=False, _environ=environ).color_system


def rounded_to_256(colour: str) -> str:
    """Return the colour that a terminal with 256 colours shows for `colour` (#rrggbb)."""
    red, green, blue = Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return f"#{red:02x}{green:02x}{blue:02x}"


def _ansi_variables(muted: str, primary: str) -> dict[str, str]:
    """What Textual has fixed ANSI colours for, which a terminal's palette may show on themselves, or no default."""
    plain = ("ansi-background", "ansi-foreground", "surface-active", "footer-item-background")
    troughs = [f"scrollbar-{name}" for name in ("background", "background-hover", "background-active", "corner-color")]
    return {
        **dict.fromkeys((*plain, *troughs), "ansi_default"),
        "scrollbar": muted,
        "scrollbar-hover": primary,
        "scrollbar-active": primary,
        "text-disabled": muted,
        "link-color": primary,
    }
