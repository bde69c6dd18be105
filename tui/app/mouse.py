"""The mouse: how much of it the terminal reports.

Owns the choice between everything, clicks alone and nothing. Reports of every movement cost thousands of bytes a
second over SSH, and flood the prompt if the line drops.
Invariant: on exit and on suspend every mode of the mouse that was switched on is switched off, and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

    from tui.storage.in_force import MouseMode


def driver_for(mouse: MouseMode) -> type[Driver] | None:
    """Return the driver class for `App(driver_class=…)`; None leaves the choice to Textual.

    "off" takes `App.run(mouse=False)` besides. A driver that the environment names (TEXTUAL_DRIVER, which serves the
    program to a browser) is left in place, and so is that of a system other than Unix.
    """
    from textual import constants

    if mouse == "off" or constants.DRIVER is not None:
        return None
    try:
        from textual.drivers.linux_driver import LinuxDriver
    except ImportError:
        return None

    class ClicksDriver(LinuxDriver):
        """Buttons, the wheel and drags; no movement without a button."""

        def _enable_mouse_support(self) -> None:
            if self._mouse:
                self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
                self.flush()

        def _disable_mouse_support(self) -> None:
            if self._mouse:
                self.write("\x1b[?1006l\x1b[?1002l\x1b[?1000l")
                self.flush()

        def _query_in_band_window_resize(self) -> None:
            """Ask for no resizes in band: with them come mouse positions in pixels, and a drag reports each of them."""

    class FullDriver(LinuxDriver):
        """All that Textual asks for."""

        def _disable_mouse_support(self) -> None:
            super()._disable_mouse_support()
            if self._mouse_pixels:  # Textual leaves it on, and the next program reads pixels for cells
                self._mouse_pixels = False
                self.write("\x1b[?1016l")
                self.flush()

    return ClicksDriver if mouse == "clicks" else FullDriver
