"""The sizes of panes, and how a file is shown: chosen by keys, remembered for the next time.

Owns the percentages: of the width for the panes at the sides, of the height for the panes above.
Invariant: no pane is ever made too small to be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from tui.app.panes import vnets

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen


class _Size(NamedTuple):
    """What a size is by itself, how far a key goes, and its bounds; all in percent."""

    usual: int
    step: int
    least: int
    most: int


_SIZES = {"subscriptions": _Size(21, 3, 8, 45), "gateways": _Size(46, 3, 12, 75), "top": _Size(40, 5, 15, 85)}


def resize(bench: WorkbenchScreen, direction: int) -> None:
    """Make the pane under the cursor larger (1) or smaller (-1)."""
    view = bench.overview
    what, sign = "top", -1
    if view.current is view.subscriptions:
        what, sign = "subscriptions", 1
    elif view.current is view.gateways:
        what, sign = "gateways", 1
    elif view.current is view.vnets:
        what, sign = "gateways", -1
    size = _SIZES[what]
    wanted = bench.sizes.get(what, size.usual) + direction * sign * size.step
    bench.sizes[what] = max(size.least, min(wanted, size.most))
    lay_out(bench)
    remember(bench)


def usual_sizes(bench: WorkbenchScreen) -> None:
    """Give all panes their usual sizes."""
    bench.sizes.clear()
    lay_out(bench)
    remember(bench)


def lay_out(bench: WorkbenchScreen) -> None:
    """Give the panes the sizes that were chosen for them."""
    for what, size in _SIZES.items():
        percent = bench.sizes.get(what, size.usual)
        if what == "top":
            bench.query_one("#top").styles.height = f"{percent}fr"
            bench.query_one("#work").styles.height = f"{100 - percent}fr"
        else:
            styles = bench.query_one(f"#{what}").styles
            styles.width = f"{percent}%"
            # By itself it takes no more than its columns need.
            styles.max_width = "100%" if what in bench.sizes else None


def recall(bench: WorkbenchScreen) -> None:
    """Show this file as it was shown last."""
    from tui.storage import remembered

    if bench.store.path is None:
        return
    state = remembered.recall(bench.store.path)
    for what, size in _SIZES.items():
        percent = state.get(what)
        if isinstance(percent, int) and size.least <= percent <= size.most and percent != size.usual:
            bench.sizes[what] = percent
    order = state.get("order")
    orders: tuple[vnets.Order, ...] = get_args(vnets.Order)
    bench.overview.order = next((one for one in orders if one == order), bench.overview.order)
    shown = state.get("tags")
    if isinstance(shown, str) and shown:
        known = vnets.tag_keys(bench.store.topology)
        bench.overview.tags = tuple(tag for tag in shown.split("\n") if tag in known)
    if bench.sizes:
        lay_out(bench)


def remember(bench: WorkbenchScreen) -> None:
    """Keep for the next time how this file is shown."""
    from tui.storage import remembered

    path = bench.store.path
    if path is not None:
        shown = {"order": bench.overview.order, "tags": "\n".join(bench.overview.tags)}
        # All of them: what is not said again would stay as it was remembered.
        percents = {what: bench.sizes.get(what, size.usual) for what, size in _SIZES.items()}
        state: dict[str, int | str | bool] = {**percents, **shown}
        bench.beside(lambda: remembered.remember(path, state), lambda _: None, bench.say_error, "remember")
