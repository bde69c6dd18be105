"""Moving about: between panes and problems, finding, filtering, marking and sorting.

Invariant: nothing here changes the topology.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, get_args

from tui.app.panes import vnets
from tui.app.screens import places, sizes
from tui.app.widgets.rows import Cell, Row
from tui.topology.keypath import key_path

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen
    from tui.connectivity.search import Hit

_MOST_HITS = 200


def to_pane(number: str) -> Callable[[WorkbenchScreen], None]:
    """Return what goes to the pane of that number."""
    return lambda bench: bench.go_to_pane(bench.overview.by_key[number])


def to_next_pane(bench: WorkbenchScreen, step: int) -> None:
    """Go `step` panes on: through those above, and the tab that is open below."""
    view = bench.overview
    panes = (*view.above, view.tab)
    bench.go_to_pane(panes[(panes.index(view.current) + step) % len(panes)])


def to_problem(bench: WorkbenchScreen, step: int) -> None:
    """Go to the next problem, or `step` further."""
    from tui.app.panes import problems

    found = [finding for finding in problems.ordered(bench.store.findings) if finding.waived is None]
    if not found:
        bench.say("nothing is wrong" if bench.store.is_checked else "still checking")
        return
    place, last = bench.problem
    here = next((at for at, one in enumerate(found) if last is not None and problems.key_of(one) == last), None)
    if here is not None:
        place = here + step
    elif step < 0:  # where the last one is gone, the next one stands in its place
        place += step
    place %= len(found)
    finding = found[place]
    bench.problem = (place, problems.key_of(finding))
    bench.go_to(finding.where[0])
    bench.say(f"{place + 1} of {len(found)}: {finding.severity} {finding.code} {finding.message}")


def back(bench: WorkbenchScreen) -> None:
    """Go back to where one came from."""
    while bench.came_from:
        path = bench.overview.nearest(bench.came_from.pop())
        if path is not None:
            places.show(bench, path)
            return
    bench.say("there is nowhere to go back to")


def mark(bench: WorkbenchScreen) -> None:
    """Mark or unmark the row under the cursor; fold or unfold a group."""
    view = bench.overview
    key = view.current.list.cursor_key
    if isinstance(key, tuple) and key[:1] in (("group",), ("placement",)):
        view.toggle(str(key[1]))
        return
    path = view.thing(key)
    if path is None or view.current in (view.subscriptions, view.details):
        bench.say("this row cannot be marked: VNets, sites, gateways and connections can")
        return
    if path in view.marks:
        del view.marks[path]
    else:
        view.marks[path] = None
    view.fill_networks()
    view.fill_work()
    view.current.list.action_cursor_down()
    bench.say(f"{len(bench.marked)} marked")


def unmark_all(bench: WorkbenchScreen) -> None:
    """Unmark every row."""
    bench.overview.marks.clear()
    bench.overview.fill_networks()
    bench.overview.fill_work()
    bench.say("nothing is marked")


def narrow(bench: WorkbenchScreen) -> None:
    """Show only the rows of this pane that hold a text."""
    pane, before = bench.overview.current, bench.overview.current.filter

    def give_up() -> None:
        pane.narrow("")
        pane.list.focus()

    def keep(text: str) -> None:
        bench.go_to_pane(pane)
        if text:
            bench.say(f"only what holds {text}; Escape shows all again, n and N go through it")

    bench.prompt.ask("Filter", before, keep, typed=pane.narrow, given_up=give_up)


def let_go(bench: WorkbenchScreen) -> None:
    """Escape: show all rows again, then unmark."""
    pane = bench.overview.current
    if pane.filter:
        pane.narrow("")
        bench.say("all rows are shown")
    elif bench.marked:
        unmark_all(bench)


def to_match(bench: WorkbenchScreen, step: int) -> None:
    """Go to the next row that holds the text of the filter, even where the filter is gone."""
    pane = bench.overview.current
    if not pane.sought:
        bench.say("filter for something first (/)")
    elif not pane.to_match(step):
        bench.say(f"nothing here holds {pane.sought}")


def find(bench: WorkbenchScreen) -> None:
    """Let anything be jumped to, by name, address or prefix."""
    from tui.connectivity.search import by_prefix, fuzzy, prefix_of

    topology = bench.store.topology
    found: dict[Hashable, Hit] = {}

    def rows(text: str) -> list[Row]:
        prefix = prefix_of(text.strip()) if text.strip() else None
        hits = list(by_prefix(topology, prefix) if prefix else fuzzy(topology, text.strip()))[:_MOST_HITS]
        found.clear()
        for number, hit in enumerate(hits):
            found[(number, hit.where)] = hit
        return [
            Row(key, (Cell(key_path(hit.where)), Cell(f"{hit.prefix or ''} {hit.how}".strip(), "muted")))
            for key, hit in found.items()
        ]

    def jump(key: Hashable) -> None:
        hit = found[key]
        bench.go_to(hit.where)
        bench.say(f"{key_path(hit.where)}: {hit.prefix or ''} {hit.how}".replace(":  ", ": "))

    bench.pick("Find a name, an address or a prefix", rows, jump, empty="nothing holds this")


def sort(bench: WorkbenchScreen) -> None:
    """Take the next order of the VNets."""
    view = bench.overview
    orders: tuple[vnets.Order, ...] = get_args(vnets.Order)
    view.order = orders[(orders.index(view.order) + 1) % len(orders)]
    view.fill_networks()
    sizes.remember(bench)
    bench.say(f"VNets in the order of their {view.order}" if view.order != "file" else "VNets as in the file")


def tags(bench: WorkbenchScreen) -> None:
    """Let the tag be chosen that is shown as a column, or hidden again."""
    known = vnets.tag_keys(bench.store.topology)
    view = bench.overview
    if not known:
        bench.say('no VNet has a tag: e edits them, as owner = "network team"')
        return

    def rows(text: str) -> list[Row]:
        return [
            Row(tag, (Cell(tag), Cell("shown: pick it to hide it" if tag in view.tags else "", "muted")))
            for tag in known
            if text.casefold() in tag.casefold()
        ]

    def choose(tag: Hashable) -> None:
        name = str(tag)
        view.tags = tuple(one for one in view.tags if one != name) if name in view.tags else (*view.tags, name)
        view.fill_networks()
        sizes.remember(bench)

    bench.pick("Show a tag as a column", rows, choose)
